import type { TimeRange } from '../ranges.ts'
import { type Calendar, periodAfter } from '../windows/index.ts'

/** Most weeks on one side of an action: what happened half a year ago says little about its trend. */
const MOST_WEEKS = 26

/** Whole local weeks around an instant. */
export interface WeeksAround {
  /** before the week of the instant, oldest first */
  readonly before: readonly TimeRange[]
  /** after it, as far as they are over; none begins after `until` */
  readonly after: readonly TimeRange[]
}

/**
 * The weeks by which an action is judged: up to 26 before and after the week in which it fell.
 * @param known the data are complete up to here, epoch ms
 * @param until when the action ended; null: it lasts
 */
export function weeksAround(calendar: Calendar, at: number, known: number, until: number | null): WeeksAround {
  const end = Math.min(known, until ?? known)
  const before = Array.from({ length: MOST_WEEKS }, (_, index) =>
    periodAfter(calendar, 'week', at, index - MOST_WEEKS),
  ).filter(week => week.from >= 0 && week.to <= known)
  const after = Array.from({ length: MOST_WEEKS }, (_, index) => periodAfter(calendar, 'week', at, index + 1)).filter(
    week => week.to <= end,
  )
  return { before, after }
}

/** The last whole local weeks that are over at an instant, oldest first. */
export function weeksBefore(calendar: Calendar, instant: number, count: number): readonly TimeRange[] {
  return Array.from({ length: count }, (_, index) => periodAfter(calendar, 'week', instant, index - count)).filter(
    week => week.from >= 0,
  )
}
