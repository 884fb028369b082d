import type { Calendar } from './periods.ts'
import { DAY } from './zones.ts'

/** The instant at which the local clock shows the same time on another date. */
export function moveDays({ zone }: Calendar, instant: number, days: number): number {
  const day = zone.day(instant)
  if (instant === day.start) return zone.dayOf(day.date + days).start
  const guess = instant + days * DAY
  return guess + zone.offset(instant) - zone.offset(guess)
}

/** The same local time and date in another year; 29 February becomes the 28th. */
export function moveYears(calendar: Calendar, instant: number, years: number): number {
  const { date } = calendar.zone.day(instant)
  const utc = new Date(date * DAY)
  const year = utc.getUTCFullYear() + years
  const lastOfMonth = new Date(Date.UTC(year, utc.getUTCMonth() + 1, 0)).getUTCDate()
  const moved = Date.UTC(year, utc.getUTCMonth(), Math.min(utc.getUTCDate(), lastOfMonth)) / DAY
  return moveDays(calendar, instant, moved - date)
}
