/** When a rule is to be evaluated: every multiple of its interval, once, whoever leads and however long nobody did. */
import { ceilTo, floorTo } from '../../windows/index.ts'
import type { RuleProgress } from '../types/records.ts'
import type { AlertRule } from '../types/rules.ts'

/** Stored values of that age are still as fine as they were. */
export const CATCH_UP_MS = 24 * 3_600_000

export interface DueLimits {
  /** instants that are longer ago are not evaluated any more, ms; below the retention of 10 s slices */
  readonly catchUpMs: number
  /** at most so many at once: a day of missed instants is read in several steps */
  readonly most: number
}

export interface Due {
  /** ascending */
  readonly instants: readonly number[]
  /** first and last instant that are too long ago */
  readonly gap: readonly [number, number] | null
  /** there are further ones after these */
  readonly more: boolean
}

/**
 * What is due once the data are known up to `upTo`. A rule that was never evaluated begins with the last instant.
 */
export function dueInstants(
  progress: RuleProgress | undefined,
  { everyMs }: Pick<AlertRule, 'everyMs'>,
  upTo: number,
  { catchUpMs, most }: DueLimits,
): Due {
  const last = floorTo(upTo, everyMs)
  if (last <= 0) return { instants: [], gap: null, more: false }
  if (progress === undefined || progress.instant < 0) return { instants: [last], gap: null, more: false }
  const next = floorTo(progress.instant, everyMs) + everyMs
  const oldest = ceilTo(upTo - catchUpMs, everyMs)
  const first = Math.max(next, oldest)
  const instants: number[] = []
  for (let at = first; at <= last && instants.length < most; at += everyMs) instants.push(at)
  return {
    instants,
    gap: first > next && instants.length > 0 ? [next, first - everyMs] : null,
    more: (instants.at(-1) ?? last) < last,
  }
}

/** Rules about Kivi itself are judged now or never: what was, nobody knows any more. */
export function dueNow(progress: RuleProgress | undefined, { everyMs }: Pick<AlertRule, 'everyMs'>, now: number): Due {
  const last = floorTo(now, everyMs)
  return { instants: last > (progress?.instant ?? -1) ? [last] : [], gap: null, more: false }
}
