/** Which points have to be computed now, and why. Pure: what is recorded, and how far the data are, come in. */
import type { Indicator, PointEnd, Zone } from '@kivi/domain'
import { instantAt, wantedInstants } from './instants.ts'

/** due: the newest instant. missed: one that an outage left out. ripe: it was provisional. late: events came late. */
export type Why = 'due' | 'missed' | 'ripe' | 'late'

export interface Job {
  readonly indicator: Recorded
  /** end of the window, epoch ms */
  readonly to: number
  readonly why: Why
}

export type Recorded = Indicator & { readonly record: NonNullable<Indicator['record']> }

export const isRecorded = (indicator: Indicator): indicator is Recorded => indicator.record !== null

export interface PlanInput {
  readonly indicator: Recorded
  /** how far the data of this indicator are */
  readonly watermark: number
  /** time of the first event */
  readonly since: number
  readonly zone: Zone
  /** of this indicator, version and window */
  readonly recorded: readonly PointEnd[]
}

/** The newest instant first, then what became ripe, then what was missed, from the oldest on. */
export function planJobs({ indicator, watermark, since, zone, recorded }: PlanInput): Job[] {
  const { everyMs } = indicator.record
  const there = new Set(recorded.map(point => point.to))
  const newest = instantAt(everyMs, watermark, zone)
  const job = (why: Why) => (to: number) => ({ indicator, to, why })
  const ripe = recorded.filter(point => isRipe(point, watermark, everyMs)).map(point => point.to)
  const missed = wantedInstants({ everyMs, until: watermark, since, zone }).filter(
    to => !there.has(to) && to !== newest,
  )
  return [
    ...(there.has(newest) || newest < since ? [] : [job('due')(newest)]),
    ...ripe.map(job('ripe')),
    ...missed.map(job('missed')),
  ]
}

const DAY_MS = 86_400_000

/**
 * A point whose follow-ups have ended since. Where nobody can say when that is, once a day; and while they run at
 * most once in a tenth of the time that has passed since its window, so that a month's cohort is not computed hourly.
 */
function isRipe({ provisional, provisionalUntil, to, known }: PointEnd, watermark: number, everyMs: number): boolean {
  if (!provisional) return false
  if (provisionalUntil !== null && provisionalUntil <= watermark) return true
  return watermark - known >= Math.max(everyMs, provisionalUntil === null ? DAY_MS : (watermark - to) / 10)
}
