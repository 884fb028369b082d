import { OPERATIONS } from './generated/operations.ts'
import { KiviProblem, problemOf } from './problem.ts'
import type { CallOptions, Operation } from './types.ts'

export interface ClientOptions {
  /** where Kivi is, such as https://kivi.example.org; default: where the page came from */
  readonly baseUrl?: string
  /** of the API; asked before each request where it is a function, so that it can change */
  readonly key?: string | (() => string | null | Promise<string | null>)
  /** how long an answer may take; default 30 s, which is what Kivi itself allows */
  readonly timeoutMs?: number
  /** default that of the platform */
  readonly fetch?: (input: string, init: RequestInit) => Promise<Response>
}

/** What an operation is asked, told in any order: path, query and body. */
export type Parameters = Readonly<Record<string, unknown>>

interface Sent {
  readonly accept: string
  /** further headers, by lower-case name */
  readonly headers?: Readonly<Record<string, string>>
}

const TIMEOUT_MS = 30_000

/** Address of an operation with these parameters, from the root of the host. */
export function addressOf(operation: Operation, asked: Parameters): string {
  const { path } = OPERATIONS[operation]
  const inPath = new Set<string>()
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    inPath.add(name)
    return encodeURIComponent(String(asked[name]))
  })
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(asked)) {
    if (name === 'body' || inPath.has(name) || value === undefined || value === null) continue
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one))
  }
  const text = query.toString()
  return text === '' ? filled : `${filled}?${text}`
}

export type Send = <T>(
  operation: Operation,
  asked: Parameters,
  sent: Sent,
  options: CallOptions | undefined,
  read: (response: Response) => T | Promise<T>,
) => Promise<T>

/**
 * Sends requests and reads what comes, a success or 304, within the time. Throws a KiviProblem, or the reason of the
 * caller's abort.
 */
export function createSend(client: ClientOptions): Send {
  const base = (client.baseUrl ?? '').replace(/\/+$/, '')
  const send = client.fetch ?? ((input, init) => fetch(input, init))
  return async function request(operation, asked, { accept, headers }, options = {}, read) {
    const { method } = OPERATIONS[operation]
    const { body } = asked
    const key = typeof client.key === 'function' ? await client.key() : client.key
    const timeoutMs = options.timeoutMs ?? client.timeoutMs ?? TIMEOUT_MS
    const deadline = timeoutMs === Number.POSITIVE_INFINITY ? null : AbortSignal.timeout(timeoutMs)
    const signals = [options.signal, deadline].filter(signal => signal !== undefined && signal !== null)
    try {
      const response = await send(base + addressOf(operation, asked), {
        method,
        headers: {
          accept,
          ...(key === undefined || key === null ? {} : { authorization: `Bearer ${key}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signals.length === 0 ? {} : { signal: AbortSignal.any(signals) }),
      })
      if (response.ok || response.status === 304) return await read(response)
      throw await problemOf(response)
    } catch (error) {
      options.signal?.throwIfAborted()
      if (error instanceof KiviProblem) throw error
      throw deadline?.aborted === true ? late(timeoutMs, error) : unreachable(base, error)
    }
  }
}

const late = (timeoutMs: number, cause: unknown): KiviProblem =>
  new KiviProblem(
    {
      code: 'timed_out',
      title: 'Kivi did not answer in time',
      detail: `there was no whole answer within ${timeoutMs} ms; ask for less, or allow more by timeoutMs`,
      status: 0,
    },
    { cause },
  )

function unreachable(base: string, cause: unknown): KiviProblem {
  const where = base === '' ? 'the connection failed' : `is it running at ${base}?`
  return new KiviProblem(
    {
      code: 'unreachable',
      title: 'Kivi cannot be reached',
      detail: `${where} (${cause instanceof Error ? cause.message : String(cause)})`,
      status: 0,
    },
    { cause },
  )
}
