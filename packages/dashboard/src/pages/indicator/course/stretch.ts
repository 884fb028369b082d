/** Which time the chart shows, and what it is laid over. */
import {
  type Calendar,
  createZone,
  DAY,
  floorTo,
  moveDays,
  moveYears,
  type Period,
  parseWindow,
  periodAfter,
} from '@kivi/domain'
import { type Asked, type AskedWindow, PERIODS } from '../asked.ts'

/** A stretch of time in steps. */
export interface Stretch {
  /** epoch ms */
  readonly from: number
  /** null: as far as Kivi has come */
  readonly to: number | null
  /** as the API writes it; empty: about 30 points */
  readonly step: string
  /** the page's own window, where the chart shows just that */
  readonly window: AskedWindow | null
}

/** Fewer known points than this tell no course: then the history is looked at in finer steps. */
export const LEAST_KNOWN = 4
/** How often the steps of a history can be made finer. */
export const FINEST = 3

/** The window that an answer was about. */
export interface Answered {
  readonly from: number
  readonly to: number
}

const HOUR = DAY / 24

interface History {
  readonly unit: Period
  readonly count: number
}

/** How far back one looks by periods of this kind. */
const BACK: Readonly<Record<Period, number>> = { day: 30, week: 26, month: 13, quarter: 8, year: 5 }
const SHORT_STEPS = 48

/** Windows longer than a few hours are seen in a history of calendar periods about as long. */
function historyOf(asked: Asked, length: number): History | null {
  if (asked.period !== '') return backBy(asked.period as Period)
  if (length <= 12 * HOUR) return null
  if (length <= 4 * DAY) return backBy('day')
  return length <= 14 * DAY
    ? backBy('week')
    : { unit: 'month', count: length <= 100 * DAY ? BACK.month : 2 * BACK.month }
}

/** The same in finer steps, for want of a longer past. */
function refined(history: History, finer: number): History {
  const units = PERIODS.slice(0, PERIODS.indexOf(history.unit) + 1).filter(
    unit => unit !== 'quarter' || unit === history.unit,
  )
  return finer === 0 ? history : backBy(units[Math.max(0, units.length - 1 - finer)] as Period)
}

const backBy = (unit: Period): History => ({ unit, count: BACK[unit] })

/**
 * The time that the chart shows for a window: the window itself, or the history that ends with it, in steps about as
 * long as the window so that targets and points speak of the same.
 */
export function stretchOf(
  asked: Asked,
  own: string,
  answered: Answered,
  timezone: string,
  { isRolling, finer = 0 }: { readonly isRolling: boolean; readonly finer?: number },
): Stretch {
  const { from, to } = answered
  const alone = { from, to: null, step: asked.step, window: windowOf(asked, own) }
  if (asked.chart === 'window' || asked.from !== '') return alone
  const end = asked.to === '' ? null : to
  const history = historyOf(asked, to - from)
  if (history === null) {
    const length = to - from
    const first = floorTo(to - 1, length) - (SHORT_STEPS - 1) * length
    return { from: first, to: end, step: asked.step || (asked.window === '' ? own : asked.window), window: null }
  }
  // a window as long as the indicator's own, day by day, says more than a few of them side by side
  const { unit, count } = isRolling ? { unit: 'day' as const, count: 60 } : refined(history, finer)
  const calendar = calendarAt(timezone, asked.period === '' ? null : from)
  return { from: periodAfter(calendar, unit, to - 1, 1 - count).from, to: end, step: asked.step || unit, window: null }
}

/** The own window has to be said where nothing else is: a series without any would be of its default all the same. */
const windowOf = (asked: Asked, own: string): AskedWindow =>
  asked.window === '' && asked.period === '' && asked.from === ''
    ? { window: own, period: '', from: '', to: '' }
    : asked

/**
 * Where periods begin. Quarters and years begin with the fiscal year, which the beginning of any of them tells; days,
 * weeks and months need it not.
 */
const calendarAt = (timezone: string, begin: number | null): Calendar => {
  const zone = createZone(timezone)
  const date = begin === null ? null : new Date(zone.day(begin).date * DAY).toISOString().slice(5, 10)
  return { zone, fiscalYearStart: date ?? '01-01' }
}

/** Where a step ends that begins there, whether or not it is over. */
export function endOfStep(step: string, begin: number, timezone: string): number | null {
  const unit = PERIODS.find(one => one === step)
  if (unit !== undefined)
    return periodAfter(calendarAt(timezone, unit === 'quarter' || unit === 'year' ? begin : null), unit, begin, 0).to
  const parsed = parseWindow(step)
  return parsed.ok ? begin + parsed.ms : null
}

/** A drawn stretch: where its first step begins, where what is known of its last ends, and its steps. */
export interface DrawnStretch {
  readonly from: number
  readonly to: number
  readonly step: string
  readonly count: number
}

/** Bounds of older times are quarters of an hour. */
const FINE_FOR = 6 * DAY
const QUARTER_HOUR = HOUR / 4

/**
 * The stretch that a drawn one is compared with, as many whole steps long: just before it, or the same by the local
 * clock a week or a year earlier. Null: steps of that length do not fit into the comparison.
 */
export function comparedStretch(compare: Asked['compare'], drawn: DrawnStretch, timezone: string): Stretch | null {
  if (compare === 'none' || drawn.count === 0) return null
  const unit = PERIODS.find(one => one === drawn.step)
  return unit === undefined
    ? comparedLengths(compare, drawn, timezone)
    : comparedPeriods(compare, drawn, unit, timezone)
}

function comparedPeriods(
  compare: Asked['compare'],
  drawn: DrawnStretch,
  unit: Period,
  timezone: string,
): Stretch | null {
  const calendar = calendarAt(timezone, unit === 'quarter' || unit === 'year' ? drawn.from : null)
  const back = backSteps(compare, unit, drawn.count)
  if (back === null) return null
  const first = periodAfter(calendar, unit, drawn.from, -back)
  return { from: first.from, to: periodAfter(calendar, unit, first.from, drawn.count - 1).to, step: unit, window: null }
}

/** By how many steps an earlier time lies back: a year of weeks is 52, so that weekdays stand over weekdays. */
function backSteps(compare: Asked['compare'], unit: Period, count: number): number | null {
  if (compare === 'week') return { day: 7, week: 1, month: null, quarter: null, year: null }[unit]
  if (compare === 'year') return { day: 364, week: 52, month: 12, quarter: 4, year: 1 }[unit]
  return count
}

function comparedLengths(compare: Asked['compare'], drawn: DrawnStretch, timezone: string): Stretch {
  const parsed = parseWindow(drawn.step)
  const length = parsed.ok ? parsed.ms * drawn.count : drawn.to - drawn.from
  const calendar = calendarAt(timezone, null)
  const exact =
    compare === 'week'
      ? moveDays(calendar, drawn.from, -7)
      : compare === 'year'
        ? moveYears(calendar, drawn.from, -1)
        : drawn.from - length
  const from = drawn.to - exact > FINE_FOR ? floorTo(exact, QUARTER_HOUR) : exact
  return { from, to: from + length, step: drawn.step, window: null }
}
