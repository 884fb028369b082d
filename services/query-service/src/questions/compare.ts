import type { TimeRange } from '@kivi/domain'
import { type Moment, nextBounds, type Window } from './windows.ts'

export const COMPARISONS = ['previous', 'week', 'year'] as const
export type Comparison = (typeof COMPARISONS)[number]

/**
 * The window to compare with: the one just before, or the same by the local clock a week or a year ago. A period
 * that still runs is compared with the same elapsed part. Null where nothing so fine is stored at that age.
 */
export function comparedWindow(window: Window, comparison: Comparison, moment: Moment): TimeRange | null {
  const { from, to } = shifted(window, comparison, moment)
  const range = { from: nextBounds(from, moment)[0], to: nextBounds(to, moment)[0] }
  return range.from >= 0 && range.from < range.to ? range : null
}

function shifted(window: Window, comparison: Comparison, { calendar }: Moment): TimeRange {
  const length = window.to - window.from
  if (comparison === 'previous') {
    if (window.unit === null) return { from: window.from - length, to: window.from }
    const from = calendar.shift(window.unit, window.from, -1)
    // 30 elapsed days of March against all of February, not against February and a bit of March
    return {
      from,
      to: window.to === window.whole.to ? window.from : Math.min(elapsed(window, from, calendar), window.from),
    }
  }
  const move = (time: number) => (comparison === 'week' ? calendar.moveDays(time, -7) : calendar.moveYears(time, -1))
  const to = move(window.to)
  return { from: window.kind === 'length' ? to - length : move(window.from), to }
}

/** The instant as many local days and hours after `from` as window.to is after window.from. */
function elapsed(window: Window, from: number, calendar: Moment['calendar']): number {
  const days = calendar.zone.day(from).date - calendar.zone.day(window.from).date
  return calendar.moveDays(window.to, days)
}
