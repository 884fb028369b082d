import type { TimeRange } from '../ranges.ts'
import { QUARTER_HOUR, TEN_SECONDS } from '../slices.ts'
import type { Calendar, Period } from '../windows/index.ts'
import { floorTo, planLevels, type Retention } from '../windows/index.ts'

/** The span that a target judges: a window, or one step of a series. */
export interface Span extends TimeRange {
  readonly unit: Period | null
  readonly whole: TimeRange
}

/** [from, to), with what it is: targets, comparisons and offsets depend on it. */
export interface Window extends Span {
  readonly kind: 'length' | 'period' | 'range'
  /** of a period: its unit and its whole extent, of which [from, to) may be the part up to now */
  readonly unit: Period | null
  readonly whole: TimeRange
}

/** What it takes to know of the moment in order to find a window and what is stored of it. */
export interface Moment {
  readonly now: number
  /** null before the first event */
  readonly watermark: number | null
  readonly calendar: Calendar
  readonly retention: Retention
}

/** A window that is nothing but its bounds. */
export const rangeWindow = (from: number, to: number): Window => ({
  from,
  to,
  kind: 'range',
  unit: null,
  whole: { from, to },
})

/** A window of a length such as 30d. */
export const lengthWindow = (from: number, to: number): Window => ({ ...rangeWindow(from, to), kind: 'length' })

/** Is the range made of slices that are kept? */
export function isStored({ from, to }: TimeRange, moment: Pick<Moment, 'calendar' | 'retention' | 'now'>): boolean {
  return from >= 0 && planLevels(from, to, moment.calendar.zone, moment.retention, moment.now).ok
}

/**
 * The range with bounds that are stored at its age, moved down where it is too fine; null where no range is left. What
 * is compared with an earlier window is compared with what there is of it.
 */
export function storedRange(
  range: TimeRange,
  moment: Pick<Moment, 'calendar' | 'retention' | 'now'>,
): TimeRange | null {
  const { zone } = moment.calendar
  const cuts = [
    (time: number) => floorTo(time, TEN_SECONDS),
    (time: number) => floorTo(time, QUARTER_HOUR),
    (time: number) => zone.day(time).start,
  ]
  const ranges = cuts.map(cut => ({ from: cut(range.from), to: cut(range.to) }))
  return ranges.find(({ from, to }) => from < to && isStored({ from, to }, moment)) ?? null
}
