/** Calendar periods of a zone: days, weeks from Monday, months, and quarters and years of the fiscal calendar. */
import type { TimeRange } from '../ranges.ts'
import { createZone, DAY, type Zone } from './zones.ts'

export const PERIODS = ['day', 'week', 'month', 'quarter', 'year'] as const
export type Period = (typeof PERIODS)[number]

export interface Calendar {
  readonly zone: Zone
  /** MM-DD on which the fiscal year, and with it quarters, begin; a day that a month lacks is its last */
  readonly fiscalYearStart: string
}

/** That of a catalog. Throws RangeError for a zone that nobody knows. */
export const createCalendar = (catalog: { readonly timezone: string; readonly fiscalYearStart: string }): Calendar => ({
  zone: createZone(catalog.timezone),
  fiscalYearStart: catalog.fiscalYearStart,
})

/** The period that holds the instant, from its first local day's start to the next period's. */
export function periodAt(calendar: Calendar, period: Period, instant: number): TimeRange {
  return rangeOf(calendar, period, ordinalAt(calendar, period, calendar.zone.day(instant).date))
}

/** The whole period `count` periods after the one that holds the instant (−1: the one before). */
export function periodAfter(calendar: Calendar, period: Period, instant: number, count: number): TimeRange {
  return rangeOf(calendar, period, ordinalAt(calendar, period, calendar.zone.day(instant).date) + count)
}

/** The period before the one that holds the instant. */
export const previousPeriod = (calendar: Calendar, period: Period, instant: number): TimeRange =>
  periodAfter(calendar, period, instant, -1)

/** The periods that overlap [from, to), oldest first; the first and last may reach beyond it. Skipped days are left out. */
export function periodsBetween(calendar: Calendar, period: Period, { from, to }: TimeRange): TimeRange[] {
  const periods: TimeRange[] = []
  let ordinal = ordinalAt(calendar, period, calendar.zone.day(from).date)
  for (;;) {
    const range = rangeOf(calendar, period, ordinal++)
    if (range.from >= to) return periods
    if (range.from < range.to) periods.push(range)
  }
}

/** Periods numbered without gaps: days and weeks since 1970, months since year 0, quarters and years by fiscal start. */
function ordinalAt(calendar: Calendar, period: Period, date: number): number {
  if (period === 'day') return date
  // 1970-01-01 was a Thursday
  if (period === 'week') return Math.floor((date + 3) / 7)
  const utc = new Date(date * DAY)
  const month = utc.getUTCFullYear() * 12 + utc.getUTCMonth()
  if (period === 'month') return month
  const length = period === 'quarter' ? 3 : 12
  const { month: startMonth } = fiscalStart(calendar)
  const guess = Math.floor((month - startMonth) / length)
  return date < firstDate(calendar, period, guess) ? guess - 1 : guess
}

/** The first date (days since 1970-01-01) of a period. */
function firstDate(calendar: Calendar, period: Period, ordinal: number): number {
  if (period === 'day') return ordinal
  if (period === 'week') return ordinal * 7 - 3
  if (period === 'month') return dateOf(ordinal, 1)
  const { month, day } = fiscalStart(calendar)
  return dateOf(ordinal * (period === 'quarter' ? 3 : 12) + month, day)
}

function rangeOf(calendar: Calendar, period: Period, ordinal: number): TimeRange {
  const startOf = (date: number) => calendar.zone.dayOf(date).start
  return { from: startOf(firstDate(calendar, period, ordinal)), to: startOf(firstDate(calendar, period, ordinal + 1)) }
}

/** The date of a day in a month counted from year 0, or the month's last day where it has no such day. */
function dateOf(months: number, day: number): number {
  const year = Math.floor(months / 12)
  const month = months - 12 * year
  const daysInMonth = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return Date.UTC(year, month, Math.min(day, daysInMonth)) / DAY
}

/** Month (0–11) and day of MM-DD. */
function fiscalStart({ fiscalYearStart }: Calendar): { month: number; day: number } {
  const match = /^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.exec(fiscalYearStart)
  if (match === null)
    throw new RangeError(`fiscal_year_start is ${JSON.stringify(fiscalYearStart)}; expected MM-DD, such as 04-01.`)
  return { month: Number(match[1]) - 1, day: Number(match[2]) }
}
