/** Office hours, weekends, holidays: does an instant lie within a named time? */
import { createZone, type Zone } from '../../windows/index.ts'
import type { TimeInterval, TimePart } from '../types/routing.ts'

const MINUTE = 60_000
const DAY_MS = 86_400_000

export function isWithin(interval: TimeInterval, instant: number): boolean {
  const zone = zoneOf(interval.timezone)
  const { date } = zone.day(instant)
  const local = instant + zone.offset(instant)
  const minute = Math.floor((((local % DAY_MS) + DAY_MS) % DAY_MS) / MINUTE)
  const utc = new Date(date * DAY_MS)
  const day = { text: utc.toISOString().slice(0, 10), utc, minute }
  return interval.any.some(part => holds(part, day))
}

function holds(
  { times, weekdays, days, months, dates, except }: TimePart,
  { text, utc, minute }: { readonly text: string; readonly utc: Date; readonly minute: number },
): boolean {
  if (except.has(text)) return false
  if (dates !== null && !dates.has(text)) return false
  if (months.length > 0 && !months.includes(utc.getUTCMonth() + 1)) return false
  if (weekdays.length > 0 && !weekdays.includes(utc.getUTCDay() === 0 ? 7 : utc.getUTCDay())) return false
  if (days.length > 0) {
    const length = new Date(Date.UTC(utc.getUTCFullYear(), utc.getUTCMonth() + 1, 0)).getUTCDate()
    const fromEnd = (day: number) => (day < 0 ? length + 1 + day : day)
    const date = utc.getUTCDate()
    if (!days.some(({ from, until }) => fromEnd(from) <= date && date <= fromEnd(until))) return false
  }
  return times.length === 0 || times.some(({ from, until }) => from <= minute && minute < until)
}

const zones = new Map<string, Zone>()

function zoneOf(name: string): Zone {
  const zone = zones.get(name) ?? createZone(name)
  zones.set(name, zone)
  return zone
}
