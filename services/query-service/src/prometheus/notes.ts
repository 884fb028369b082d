/** What people should know who look at a result. */
export interface Notes {
  readonly infos: Set<string>
  readonly warnings: Set<string>
}

export const newNotes = (): Notes => ({ infos: new Set(), warnings: new Set() })

/** The body of an answer that went well. */
export interface Success<Data> {
  readonly status: 'success'
  readonly data: Data
  readonly warnings?: readonly string[]
  readonly infos?: readonly string[]
}

export function success<Data>(data: Data, { warnings, infos }: Notes = newNotes()): Success<Data> {
  return {
    status: 'success',
    data,
    ...(warnings.size === 0 ? {} : { warnings: [...warnings] }),
    ...(infos.size === 0 ? {} : { infos: [...infos] }),
  }
}
