import { accessKey, keyAsked } from '../settings/key.ts'

/** Why Kivi did not answer, in its own words (RFC 9457); `code` is stable. */
export class Refused extends Error {
  readonly code: string
  readonly status: number

  constructor(code: string, status: number, message: string) {
    super(message)
    this.code = code
    this.status = status
  }
}

const PATIENCE_MS = 30_000

/** Asks the API; throws `Refused` with what Kivi said, or with code `unreachable` where nothing came back. */
export async function ask<T>(
  path: string,
  init: { readonly method?: string; readonly body?: unknown } = {},
): Promise<T> {
  const response = await fetch(path, {
    method: init.method ?? 'GET',
    // the browser sends the ETag of what it keeps: an unchanged answer costs a 304
    cache: 'no-cache',
    signal: AbortSignal.timeout(PATIENCE_MS),
    headers: {
      ...(accessKey.value === null ? {} : { authorization: `Bearer ${accessKey.value}` }),
      ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
  }).catch(error => {
    throw new Refused('unreachable', 0, String(error))
  })
  if (response.ok) return response.status === 204 ? (undefined as T) : ((await response.json()) as T)
  const problem = (await response.json().catch(() => ({}))) as { code?: string; detail?: string }
  if (response.status === 401) keyAsked.value = problem.code ?? 'key_missing'
  throw new Refused(problem.code ?? 'unknown', response.status, problem.detail ?? response.statusText)
}
