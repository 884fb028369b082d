import { accessKey, keyAsked } from '../settings/key.ts'

/** Why Kivi did not answer, in its own words (RFC 9457); `code` is stable. */
export class Refused extends Error {
  readonly code: string
  readonly status: number
  /** what of the request it is about, such as `items/0/from` */
  readonly parameter: string | null

  constructor(code: string, status: number, message: string, parameter: string | null = null) {
    super(message)
    this.code = code
    this.status = status
    this.parameter = parameter
  }
}

const PATIENCE_MS = 30_000

interface Init {
  readonly method?: string
  readonly body?: unknown
}

/** Asks the API; throws `Refused` with what Kivi said, or with code `unreachable` where nothing came back. */
export async function ask<T>(path: string, init: Init = {}): Promise<T> {
  const response = await send(path, init, 'application/json')
  return response.status === 204 ? (undefined as T) : ((await response.json()) as T)
}

/** Asks for an answer in another form, such as text/csv. */
export const askText = async (path: string, type: string): Promise<string> => (await send(path, {}, type)).text()

async function send(path: string, init: Init, accept: string): Promise<Response> {
  const response = await fetch(path, {
    method: init.method ?? 'GET',
    // the browser sends the ETag of what it keeps: an unchanged answer costs a 304
    cache: 'no-cache',
    signal: AbortSignal.timeout(PATIENCE_MS),
    headers: {
      accept,
      ...(accessKey.value === null ? {} : { authorization: `Bearer ${accessKey.value}` }),
      ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
  }).catch(error => {
    throw new Refused('unreachable', 0, String(error))
  })
  if (response.ok) return response
  const problem = (await response.json().catch(() => ({}))) as { code?: string; detail?: string; parameter?: string }
  if (response.status === 401) keyAsked.value = problem.code ?? 'key_missing'
  throw new Refused(
    problem.code ?? 'unknown',
    response.status,
    problem.detail ?? response.statusText,
    problem.parameter ?? null,
  )
}
