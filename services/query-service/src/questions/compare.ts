import {
  floorTo,
  isStored,
  type Moment,
  moveDays,
  moveYears,
  periodAfter,
  QUARTER_HOUR,
  TEN_SECONDS,
  type TimeRange,
  type Window,
} from '@kivi/domain'

const COMPARISONS = ['previous', 'week', 'year'] as const
export type Comparison = (typeof COMPARISONS)[number]

/**
 * The window to compare with: the one just before, or the same by the local clock a week or a year ago. A period
 * that still runs is compared with the same elapsed part. Where nothing so fine is stored at that age its bounds
 * move down to those that are; null where no window is left.
 */
export function comparedWindow(window: Window, comparison: Comparison, moment: Moment): TimeRange | null {
  const { from, to } = shifted(window, comparison, moment)
  const { zone } = moment.calendar
  const cuts = [
    (time: number) => floorTo(time, TEN_SECONDS),
    (time: number) => floorTo(time, QUARTER_HOUR),
    (time: number) => zone.day(time).start,
  ]
  const ranges = cuts.map(cut => ({ from: cut(from), to: cut(to) }))
  return ranges.find(range => range.from < range.to && isStored(range, moment)) ?? null
}

function shifted(window: Window, comparison: Comparison, { calendar }: Moment): TimeRange {
  const length = window.to - window.from
  if (comparison === 'previous') {
    if (window.unit === null) return { from: window.from - length, to: window.from }
    const before = periodAfter(calendar, window.unit, window.from, -1)
    if (window.to === window.whole.to) return before
    // the 30th of March against all of February, not against February and a bit of March
    const days = calendar.zone.day(before.from).date - calendar.zone.day(window.from).date
    return { from: before.from, to: Math.min(moveDays(calendar, window.to, days), before.to) }
  }
  const move = (time: number) => (comparison === 'week' ? moveDays(calendar, time, -7) : moveYears(calendar, time, -1))
  const to = move(window.to)
  return { from: window.kind === 'length' ? to - length : move(window.from), to }
}
