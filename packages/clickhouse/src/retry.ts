import { setTimeout as sleep } from 'node:timers/promises'
import { ClickHouseError } from '@clickhouse/client'
import { KiviError, messageOf } from '@kivi/domain'

/**
 * Codes of ClickHouse after which the same statement may succeed without anybody changing it. `refused` tells that
 * it certainly did nothing; else its outcome is unknown, and an insert's proof must be looked up before it is resent.
 */
export const RETRIABLE_CODES = {
  3: { name: 'UNEXPECTED_END_OF_FILE', refused: false },
  107: { name: 'FILE_DOESNT_EXIST', refused: false },
  159: { name: 'TIMEOUT_EXCEEDED', refused: false },
  164: { name: 'READONLY', refused: true },
  202: { name: 'TOO_MANY_SIMULTANEOUS_QUERIES', refused: true },
  203: { name: 'NO_FREE_CONNECTION', refused: true },
  209: { name: 'SOCKET_TIMEOUT', refused: false },
  210: { name: 'NETWORK_ERROR', refused: false },
  236: { name: 'ABORTED', refused: false },
  241: { name: 'MEMORY_LIMIT_EXCEEDED', refused: false },
  242: { name: 'TABLE_IS_READ_ONLY', refused: true },
  243: { name: 'NOT_ENOUGH_SPACE', refused: false },
  285: { name: 'TOO_FEW_LIVE_REPLICAS', refused: false },
  319: { name: 'UNKNOWN_STATUS_OF_INSERT', refused: false },
  425: { name: 'SYSTEM_ERROR', refused: false },
  999: { name: 'KEEPER_EXCEPTION', refused: false },
} as const satisfies Record<number, { name: string; refused: boolean }>

/** UNKNOWN_TABLE and UNKNOWN_DATABASE: while ClickHouse loads its tables, or a migration is still under way. */
const STARTING_CODES: ReadonlySet<string> = new Set(['60', '81'])
/** TOO_MANY_PARTS, and at once what a block over too many partitions gets. */
const TOO_MANY_PARTS = '252'
/** Failures of a connection that was never made: the statement cannot have reached ClickHouse. */
const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

/**
 * retriable: for as long as it takes. bounded: a limited number of times. starting: for a limited time after the
 * start. final: not without a change by a person.
 */
export type RetryKind = 'retriable' | 'bounded' | 'starting' | 'final'

export interface Classification {
  readonly kind: RetryKind
  /** the statement may have been carried out */
  readonly ambiguous: boolean
  /** ClickHouse's code, or that of the system (ECONNREFUSED …), or `none` */
  readonly code: string
  readonly network: boolean
}

/** Tells whether a failure may be retried: by its code, never by its text (but for the two meanings of 252). */
export function classify(error: unknown): Classification {
  const cause = originOf(error)
  if (cause instanceof ClickHouseError) return classifyCode(cause.code, cause.message)
  if (error instanceof KiviError && error.code !== 'store_unreachable' && error.code !== 'store_retriable')
    return { kind: 'final', ambiguous: false, code: 'none', network: false }
  if (isBug(cause)) return { kind: 'final', ambiguous: false, code: 'none', network: false }
  const code = systemCode(cause)
  // whatever else the client throws is a failure between it and ClickHouse: a time-out, a hang-up, a proxy's page
  return { kind: 'retriable', ambiguous: !NEVER_SENT.has(code), code, network: true }
}

function classifyCode(code: string, message: string): Classification {
  const known = RETRIABLE_CODES[Number(code) as keyof typeof RETRIABLE_CODES]
  if (known !== undefined) return { kind: 'retriable', ambiguous: !known.refused, code, network: false }
  if (STARTING_CODES.has(code)) return { kind: 'starting', ambiguous: false, code, network: false }
  if (code === TOO_MANY_PARTS) {
    const blockTooWide = message.includes('single INSERT block')
    return { kind: blockTooWide ? 'final' : 'bounded', ambiguous: false, code, network: false }
  }
  return { kind: 'final', ambiguous: false, code, network: false }
}

/** An error of the client as Kivi's own, told to a person; a KiviError stays itself. */
export function storeError(error: unknown, statement: string): KiviError {
  if (error instanceof KiviError) return error
  const { kind, network, code } = classify(error)
  const text = messageOf(error)
  const shown = statement.trim().replace(/\s+/g, ' ').slice(0, 120)
  if (network) {
    const message = `ClickHouse did not answer (${code === 'none' ? text : `${code}: ${text}`}) to: ${shown}`
    return new KiviError('store_unreachable', message, { cause: error })
  }
  const name = error instanceof ClickHouseError ? ` ${error.type ?? ''}`.trimEnd() : ''
  const told = code === 'none' ? text : `ClickHouse error ${code}${name}: ${text.trim().slice(0, 500)}`
  const hint = kind === 'starting' ? " (has 'kivi migrate' run?)" : ''
  const message = `${told}${hint}, answering: ${shown}`
  return new KiviError(kind === 'final' ? 'store_rejected' : 'store_retriable', message, { cause: error })
}

export interface RetryOptions {
  /** ends the waiting; the signal's reason is thrown */
  readonly signal?: AbortSignal
  /** longest time for all attempts together, ms; default: no limit */
  readonly deadlineMs?: number
  /** how long unknown tables are waited for, ms from the first attempt; default 60 000 */
  readonly startingMs?: number
  /** how often a bounded failure (too many parts) is retried; default 20 */
  readonly boundedAttempts?: number
  /** first and longest pause, ms; default 100 and 10 000 */
  readonly firstPauseMs?: number
  readonly longestPauseMs?: number
  /** told before each pause */
  readonly onRetry?: (error: unknown, attempt: number, pauseMs: number) => void
  /** for tests: the clock, randomness in [0, 1) and the pause */
  readonly now?: () => number
  readonly random?: () => number
  readonly pause?: (ms: number, signal: AbortSignal | undefined) => Promise<void>
}

/**
 * Repeats `work` until it succeeds, fails for good, or may not be retried any longer; then its last error is thrown.
 * Only for what may be carried out twice: reads, and statements that say IF NOT EXISTS. `work` gets the number of
 * the attempt, from 1.
 */
export async function withRetry<T>(work: (attempt: number) => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const now = options.now ?? Date.now
  const pause = options.pause ?? ((ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }))
  const begun = now()
  let bounded = 0
  for (let attempt = 1; ; attempt++) {
    options.signal?.throwIfAborted()
    try {
      return await work(attempt)
    } catch (error) {
      options.signal?.throwIfAborted()
      const { kind } = classify(error)
      if (kind === 'final') throw error
      if (kind === 'bounded' && ++bounded > (options.boundedAttempts ?? 20)) throw error
      if (kind === 'starting' && now() - begun > (options.startingMs ?? 60_000)) throw error
      const ms = backoff(attempt, options)
      if (options.deadlineMs !== undefined && now() + ms - begun > options.deadlineMs) throw error
      options.onRetry?.(error, attempt, ms)
      try {
        await pause(ms, options.signal)
      } catch (interrupted) {
        options.signal?.throwIfAborted()
        throw interrupted
      }
    }
  }
}

/** Doubling pauses with full jitter above half of them, so that many workers do not return at the same moment. */
export function backoff(
  attempt: number,
  options: Pick<RetryOptions, 'firstPauseMs' | 'longestPauseMs' | 'random'> = {},
): number {
  const ceiling = Math.min(
    options.longestPauseMs ?? 10_000,
    (options.firstPauseMs ?? 100) * 2 ** Math.min(attempt - 1, 30),
  )
  return Math.round(ceiling * (0.5 + 0.5 * (options.random ?? Math.random)()))
}

function originOf(error: unknown): unknown {
  let origin = error
  while (origin instanceof KiviError && origin.cause !== undefined) origin = origin.cause
  return origin
}

function systemCode(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
    return error.code
  return 'none'
}

/** Errors of the program itself, which another try would only repeat. */
function isBug(error: unknown): boolean {
  return (
    error instanceof TypeError ||
    error instanceof RangeError ||
    error instanceof ReferenceError ||
    error instanceof SyntaxError
  )
}
