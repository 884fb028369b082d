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

export interface Sent {
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

export type Send = (operation: Operation, asked: Parameters, sent: Sent, options?: CallOptions) => Promise<Response>

/** Sends requests; resolves with a success or 304, else throws a KiviProblem, or the reason of the caller's abort. */
export function createSend(client: ClientOptions): Send {
  const base = (client.baseUrl ?? '').replace(/\/+$/, '')
  const send = client.fetch ?? ((input, init) => fetch(input, init))
  return async function request(operation, asked, { accept, headers }, options = {}) {
    const { method } = OPERATIONS[operation]
    const { body } = asked
    const key = typeof client.key === 'function' ? await client.key() : client.key
    const timeoutMs = options.timeoutMs ?? client.timeoutMs ?? TIMEOUT_MS
    const deadline = timeoutMs === Number.POSITIVE_INFINITY ? null : AbortSignal.timeout(timeoutMs)
    const signals = [options.signal, deadline].filter(signal => signal !== undefined && signal !== null)
    let response: Response
    try {
      response = await send(base + addressOf(operation, asked), {
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
    } catch (error) {
      options.signal?.throwIfAborted()
      throw failure(error, deadline?.aborted === true ? timeoutMs : null, base)
    }
    if (response.ok || response.status === 304) return response
    throw await problemOf(response)
  }
}

/** Reads an answer's body, whose connection can break and whose time can be over just as well. */
export async function read<T>(options: CallOptions | undefined, body: () => Promise<T>): Promise<T> {
  try {
    return await body()
  } catch (error) {
    options?.signal?.throwIfAborted()
    const isLate = error instanceof Error && error.name === 'TimeoutError'
    throw failure(error, isLate ? (options?.timeoutMs ?? TIMEOUT_MS) : null, '')
  }
}

function failure(cause: unknown, timeoutMs: number | null, base: string): KiviProblem {
  if (timeoutMs !== null)
    return new KiviProblem(
      {
        code: 'timed_out',
        title: 'Kivi did not answer in time',
        detail: `there was no answer within ${timeoutMs} ms; ask for less, or allow more by timeoutMs`,
        status: 0,
      },
      { cause },
    )
  return new KiviProblem(
    {
      code: 'unreachable',
      title: 'Kivi cannot be reached',
      detail: `${base === '' ? 'the connection failed' : `is it running at ${base}?`} ${cause instanceof Error ? cause.message : String(cause)}`,
      status: 0,
    },
    { cause },
  )
}
