import { ProblemError } from '../http/problems.ts'
import type { ClientLimits } from './client.ts'

export interface LiveLimits extends ClientLimits {
  /** how often boards are asked for, ms */
  readonly everyMs: number
  /** most streams in all */
  readonly streams: number
  /** most streams with one key */
  readonly streamsPerKey: number
  /** most boards that differ by their question or by what the key may see */
  readonly boards: number
}

export const LIVE_LIMITS: LiveLimits = {
  everyMs: 1_000,
  streams: 2_000,
  streamsPerKey: 500,
  boards: 200,
  heartbeatMs: 15_000,
  stalledMs: 30_000,
  lifetimeMs: 3_600_000,
  waitingAlerts: 100,
}

export type Limit = 'streams' | 'key' | 'boards'

/** Counts streams from before their first board is computed until they have ended. */
export interface Places {
  /**
   * A place, and how it is given back; once, however often that is called. Throws streams_full, too_many_streams.
   *
   * @param boards how many are watched, where this is yet another one; else null
   */
  take(caller: string | null, boards: number | null): () => void
}

export function createPlaces(limits: LiveLimits, onRefused: (limit: Limit) => void): Places {
  const byCaller = new Map<string, number>()
  let taken = 0
  return {
    take(caller, boards) {
      const own = caller === null ? 0 : (byCaller.get(caller) ?? 0)
      if (taken >= limits.streams) {
        onRefused('streams')
        throw new ProblemError(
          'streams_full',
          `${taken} streams are open, and KIVI_STREAMS allows no more: poll /v1/board with If-None-Match meanwhile.`,
        )
      }
      if (own >= limits.streamsPerKey) {
        onRefused('key')
        throw new ProblemError(
          'too_many_streams',
          `${own} streams are open with this key, and KIVI_STREAMS_PER_KEY allows no more: close some, or ask with another key.`,
        )
      }
      if (boards !== null && boards >= limits.boards) {
        onRefused('boards')
        throw new ProblemError(
          'streams_full',
          `${boards} different boards are watched, and that is the most: watch one that others watch, or poll /v1/board.`,
        )
      }
      taken++
      if (caller !== null) byCaller.set(caller, own + 1)
      let given = false
      return () => {
        if (given) return
        given = true
        taken--
        if (caller === null) return
        const left = (byCaller.get(caller) ?? 1) - 1
        if (left === 0) byCaller.delete(caller)
        else byCaller.set(caller, left)
      }
    },
  }
}
