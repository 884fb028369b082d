import { DAY, type Zone } from '@kivi/domain'

export const UNITS = ['day', 'week', 'month', 'quarter', 'year'] as const
export type Unit = (typeof UNITS)[number]

/** Calendar periods of a zone: weeks from Monday, quarters and years from the start of the fiscal year. */
export interface Calendar {
  readonly zone: Zone
  /** start of the period that holds the instant */
  startOf(unit: Unit, instant: number): number
  /** start of the period `count` periods after the one that holds the instant */
  shift(unit: Unit, instant: number, count: number): number
  /** the instant at which the local clock shows the same time on another date */
  moveDays(instant: number, days: number): number
  moveYears(instant: number, years: number): number
}

/** @param fiscalYearStart MM-DD */
export function createCalendar(zone: Zone, fiscalYearStart: string): Calendar {
  const [fiscalMonth = 1, fiscalDay = 1] = fiscalYearStart.split('-').map(Number)
  /** date of the start of fiscal month n (months counted from year 0), on the fiscal year's day of the month */
  const fiscalDate = (month: number) => dateOf(Math.floor(month / 12), month % 12, fiscalDay)

  function startDate(unit: Unit, date: number, count: number): number {
    const { year, month } = partsOf(date)
    switch (unit) {
      case 'day':
        return date + count
      case 'week':
        // 1970-01-01 was a Thursday
        return date - modulo(date + 3, 7) + 7 * count
      case 'month':
        return dateOf(year, month + count, 1)
      case 'quarter':
      case 'year': {
        const length = unit === 'quarter' ? 3 : 12
        const months = year * 12 + month
        let first = months - modulo(months - (fiscalMonth - 1), length)
        if (fiscalDate(first) > date) first -= length
        return fiscalDate(first + length * count)
      }
    }
  }

  const move = (instant: number, date: number): number => {
    const day = zone.day(instant)
    const target = zone.dayOf(date)
    if (instant === day.start) return target.start
    const guess = instant + (date - day.date) * DAY
    return guess + zone.offset(instant) - zone.offset(guess)
  }

  return {
    zone,
    startOf: (unit, instant) => zone.dayOf(startDate(unit, zone.day(instant).date, 0)).start,
    shift: (unit, instant, count) => zone.dayOf(startDate(unit, zone.day(instant).date, count)).start,
    moveDays: (instant, days) => move(instant, zone.day(instant).date + days),
    moveYears: (instant, years) => {
      const { date } = zone.day(instant)
      const { year, month, day } = partsOf(date)
      return move(instant, dateOf(year + years, month, day))
    },
  }
}

/** Days since 1970-01-01; a day that the month does not have is the month's last. */
function dateOf(year: number, month: number, day: number): number {
  const first = Date.UTC(year, month, 1)
  const length = (Date.UTC(year, month + 1, 1) - first) / DAY
  return first / DAY + Math.min(day, length) - 1
}

function partsOf(date: number): { year: number; month: number; day: number } {
  const utc = new Date(date * DAY)
  return { year: utc.getUTCFullYear(), month: utc.getUTCMonth(), day: utc.getUTCDate() }
}

const modulo = (value: number, divisor: number): number => ((value % divisor) + divisor) % divisor
