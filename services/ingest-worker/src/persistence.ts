import { setTimeout as sleep } from 'node:timers/promises'
import { backoff, classify } from '@kivi/clickhouse'
import { isKiviError, KiviError } from '@kivi/domain'

/** How a partition waits out what does not answer. While it waits it takes in no records: memory stays bounded. */
export interface Persistence {
  /** tries until it succeeds, with pauses, as long as `alive`; throws what cannot be mended by waiting */
  persist<T>(what: string, attempt: () => Promise<T>, alive: () => boolean): Promise<T>
  /** sends a block once: `ok`, `doubtful` after its pause, or throws what no repetition mends */
  sendOnce(send: (signal: AbortSignal) => Promise<void>, deadlineMs: number): Promise<'ok' | 'doubtful'>
}

export interface PersistenceTelling {
  retrying(fields: { what: string; error: unknown; attempt: number; pauseMs: number }): void
}

const LONGEST_PAUSE_MS = 5_000
/** "Too many parts" may be mended by merges; after so many tries in a row a person has to look. */
const MOST_BOUNDED = 60
/** Unknown tables are waited for that long after the first miss: a migration may be under way. */
const STARTING_MS = 60_000

/** One per partition and session: it counts failures in a row. */
export function createPersistence(tell: PersistenceTelling, now: () => number = Date.now): Persistence {
  let attempt = 0
  let bounded = 0
  let missingSince: number | null = null

  /** Waits after a failure; throws it where waiting does not help. */
  async function pause(what: string, error: unknown): Promise<void> {
    const kind = isOutage(error) ? 'retriable' : classify(error).kind
    if (kind === 'final') throw error
    if (kind === 'bounded' && ++bounded > MOST_BOUNDED) throw error
    if (kind === 'starting') {
      missingSince ??= now()
      if (now() - missingSince > STARTING_MS) throw error
    }
    const pauseMs = backoff(++attempt, { longestPauseMs: LONGEST_PAUSE_MS })
    tell.retrying({ what, error, attempt, pauseMs })
    await sleep(pauseMs)
  }

  function succeeded(): void {
    attempt = 0
    bounded = 0
    missingSince = null
  }

  return {
    async persist(what, work, alive) {
      for (;;) {
        try {
          const value = await work()
          succeeded()
          return value
        } catch (error) {
          if (!alive()) throw error
          await pause(what, error)
          if (!alive()) throw error
        }
      }
    },
    async sendOnce(send, deadlineMs) {
      const signal = AbortSignal.timeout(Math.max(1, Math.floor(deadlineMs)))
      try {
        await send(signal)
        succeeded()
        return 'ok'
      } catch (error) {
        const late = signal.aborted
          ? new KiviError('store_unreachable', `ClickHouse has not answered within ${(deadlineMs / 1000).toFixed(1)} s`)
          : error
        await pause('insert', late)
        return 'doubtful'
      }
    },
  }
}

const isOutage = (error: unknown): boolean =>
  isKiviError(error, 'registry_unreachable', 'log_unreachable') ||
  (error instanceof DOMException && error.name === 'TimeoutError')
