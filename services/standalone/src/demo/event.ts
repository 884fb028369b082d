/** An event of the storefront, as it goes into the log. */
export interface DemoEvent {
  readonly event_id: string
  readonly event_type: string
  /** epoch ms */
  readonly event_time: number
  readonly source: 'demo'
  readonly [field: string]: unknown
}

/** Adds an event; times may be in any order and reach beyond the block in which its cause lies. */
export type Emit = (type: string, at: number, fields: Readonly<Record<string, unknown>>) => void

/** Numbers events of one cause: `demo-<cause>-<n>`, the same at every run. */
export function emitter(cause: string, into: DemoEvent[]): Emit {
  let number = 0
  return (type, at, fields) => {
    into.push({
      event_id: `demo-${cause}-${(number++).toString(36)}`,
      event_type: type,
      event_time: Math.floor(at),
      source: 'demo',
      ...fields,
    })
  }
}

export const money = (amount: number): number => Math.round(amount * 100) / 100
