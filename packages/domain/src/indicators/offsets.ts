/** Windows of an indicator's inputs: shifted, extended, cut into periods, told in days and months. */
import type { CalendarPeriod, Indicator, Offset } from '../definitions/index.ts'
import type { TimeRange } from '../ranges.ts'
import {
  type Calendar,
  DAY,
  moveDays,
  moveYears,
  PERIODS,
  type Period,
  periodAfter,
  periodAt,
  periodsBetween,
} from '../windows/index.ts'
import { lengthWindow, rangeWindow, type Window } from './window.ts'

/** The window an input is taken over instead of the one that is asked for. */
export function offsetWindow(window: Window, offset: Offset, calendar: Calendar): Window {
  switch (offset.kind) {
    case 'previous':
      return previousWindow(window, calendar)
    case 'week':
      return movedWindow(window, time => moveDays(calendar, time, -7), window.unit === 'week' || window.unit === 'day')
    case 'year':
      return movedWindow(window, time => moveYears(calendar, time, -1), window.unit !== 'week')
    case 'length':
      return lengthWindow(window.from - offset.ms, window.to - offset.ms)
    case 'end_of': {
      const running = periodAt(calendar, offset.period, window.to - 1)
      return wholePeriod(calendar, offset.period, running.from - 1)
    }
  }
}

/**
 * The calendar period before, as much of it as has gone of the running one: the 30th of March against all of
 * February, not against February and a bit of March. Of a length: the length before it.
 */
export function previousWindow(window: Window, calendar: Calendar): Window {
  const unit = window.unit ?? periodOf(window, calendar)
  if (unit === null) return before(window, calendar)
  const whole = window.unit === null ? { from: window.from, to: window.to } : window.whole
  const last = periodAfter(calendar, unit, whole.from, -1)
  const days = calendar.zone.day(last.from).date - calendar.zone.day(whole.from).date
  const moved = (time: number) => Math.min(moveDays(calendar, time, days), last.to)
  return {
    from: window.from === whole.from ? last.from : moved(window.from),
    to: window.to === whole.to ? last.to : moved(window.to),
    kind: 'period',
    unit,
    whole: last,
  }
}

/** Bounds given one by one may be those of a calendar period. */
function periodOf(window: Window, calendar: Calendar): Period | null {
  if (window.kind !== 'range') return null
  const is = (unit: Period) => {
    const period = periodAt(calendar, unit, window.from)
    return period.from === window.from && period.to === window.to
  }
  return PERIODS.find(is) ?? null
}

function before(window: Window, calendar: Calendar): Window {
  if (window.kind === 'range' && isMidnight(window.from, calendar) && isMidnight(window.to, calendar)) {
    // as many days, whatever their hours
    const days = calendar.zone.day(window.to).date - calendar.zone.day(window.from).date
    return rangeWindow(moveDays(calendar, window.from, -days), window.from)
  }
  const length = window.to - window.from
  return { ...rangeWindow(window.from - length, window.from), kind: window.kind }
}

function movedWindow(window: Window, move: (time: number) => number, keepsUnit: boolean): Window {
  const to = move(window.to)
  const from = window.kind === 'length' ? to - (window.to - window.from) : move(window.from)
  if (window.unit === null || !keepsUnit) return { ...rangeWindow(from, to), kind: window.kind }
  return {
    from,
    to,
    kind: window.kind,
    unit: window.unit,
    whole: { from: move(window.whole.from), to: move(window.whole.to) },
  }
}

function wholePeriod(calendar: Calendar, unit: CalendarPeriod, instant: number): Window {
  const whole = periodAt(calendar, unit, instant)
  return { ...whole, kind: 'period', unit, whole }
}

/** The longer window of a cumulative indicator that ends with the one asked for. */
export function cumulativeWindow(
  window: TimeRange,
  over: Extract<Indicator, { type: 'cumulative' }>['over'],
  calendar: Calendar,
): Window {
  const { to } = window
  // nothing is stored before 1970; a local midnight, so that whole days are read
  if (over === 'ever') return rangeWindow(calendar.zone.dayOf(1).start, to)
  if ('ms' in over) return lengthWindow(to - over.ms, to)
  const last = calendar.zone.day(to - 1).date
  if ('days' in over) return rangeWindow(calendar.zone.dayOf(last - over.days + 1).start, to)
  const whole = periodAt(calendar, over.grain, to - 1)
  return { from: whole.from, to, kind: 'period', unit: over.grain, whole }
}

/** Periods that lie wholly in the window, oldest first. */
export function wholePeriods(window: TimeRange, unit: CalendarPeriod, calendar: Calendar): Window[] {
  return periodsBetween(calendar, unit, window)
    .filter(period => period.from >= window.from && period.to <= window.to)
    .map(whole => ({ ...whole, kind: 'period', unit, whole }))
}

/**
 * Instants at which a level is looked at: the window's start, the end of each period in it, its own end. Each as the
 * part of its period that ends there.
 */
export function openingAndClosings(window: TimeRange, unit: CalendarPeriod, calendar: Calendar): Window[] {
  const ends = periodsBetween(calendar, unit, window).map(period => Math.min(period.to, window.to))
  return [window.from, ...ends].map(to => {
    const whole = periodAt(calendar, unit, to - 1)
    return { from: whole.from, to, kind: 'period', unit, whole }
  })
}

/** Length in days of 24 h; in local days, which may have 23 or 25, where it is made of whole ones. */
export function windowDays({ from, to }: TimeRange, calendar: Calendar): number {
  if (!isMidnight(from, calendar) || !isMidnight(to, calendar)) return (to - from) / DAY
  return calendar.zone.day(to).date - calendar.zone.day(from).date
}

/** Length in months: whole calendar months are 1 each, the rest counts in proportion of the month it lies in. */
export function windowMonths(window: TimeRange, calendar: Calendar): number {
  return periodsBetween(calendar, 'month', window).reduce((sum, month) => {
    const from = Math.max(month.from, window.from)
    const to = Math.min(month.to, window.to)
    const days = datePosition(month.to, calendar) - datePosition(month.from, calendar)
    return sum + (datePosition(to, calendar) - datePosition(from, calendar)) / days
  }, 0)
}

/** The local date with the part of its day that has gone: the 15th is as far from the 14th, whatever the clocks do. */
function datePosition(instant: number, { zone }: Calendar): number {
  const day = zone.day(instant)
  return day.date + (instant - day.start) / (day.end - day.start)
}

const isMidnight = (instant: number, { zone }: Calendar): boolean => zone.day(instant).start === instant
