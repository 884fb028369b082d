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
import type { Asked, AskedWindow } from './asked.ts'

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
  isRolling: boolean,
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
  const { unit, count } = isRolling ? { unit: 'day' as const, count: 60 } : history
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

/**
 * The stretch that a drawn one is compared with, as many steps long: just before it, or the same by the local clock a
 * week or a year earlier. Null: steps of that length do not fit into the comparison.
 */
export function comparedStretch(
  compare: Asked['compare'],
  drawn: { readonly from: number; readonly to: number; readonly step: string; readonly count: number },
  timezone: string,
): Stretch | null {
  if (compare === 'none' || drawn.count === 0) return null
  const unit = (Object.keys(BACK) as Period[]).find(one => one === drawn.step) ?? null
  const calendar = calendarAt(timezone, unit === 'quarter' || unit === 'year' ? drawn.from : null)
  const end = { step: drawn.step, window: null }
  if (compare === 'week' || compare === 'year') {
    if (unit !== null && unit !== 'day' && compare === 'week' && unit !== 'week') return null
    const move = (instant: number) =>
      compare === 'year' && unit !== 'week'
        ? moveYears(calendar, instant, -1)
        : moveDays(calendar, instant, compare === 'year' ? -364 : -7)
    return { ...end, from: move(drawn.from), to: move(drawn.to) }
  }
  if (unit === null) {
    const parsed = parseWindow(drawn.step)
    const length = (parsed.ok ? parsed.ms : drawn.to - drawn.from) * (parsed.ok ? drawn.count : 1)
    return { ...end, from: drawn.from - length, to: drawn.to - length }
  }
  const before = periodAfter(calendar, unit, drawn.from, -drawn.count)
  const lastNow = periodAfter(calendar, unit, drawn.from, drawn.count - 1)
  const lastBefore = periodAfter(calendar, unit, drawn.from, -1)
  // of a period that still runs only as much as has passed
  const passed = Math.min(drawn.to, lastNow.to) - lastNow.from
  return { ...end, from: before.from, to: Math.min(lastBefore.to, lastBefore.from + passed) }
}
