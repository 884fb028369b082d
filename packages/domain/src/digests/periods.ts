/** Which period a report is about, and when it is due by the clock of the catalog's zone. */
import { type Calendar, DAY, periodAt, type Zone } from '../windows/index.ts'
import type { DigestDefinition } from './types/definition.ts'

export type DigestSchedule = Pick<DigestDefinition, 'every' | 'at' | 'weekday' | 'day'>

export interface DigestPeriod {
  /** its first local date, YYYY-MM-DD: what it is called */
  readonly name: string
  /** its last local date */
  readonly last: string
  /** epoch ms, [from, to) */
  readonly from: number
  readonly to: number
  /** when its report is due, epoch ms; not before `to` */
  readonly due: number
}

const MINUTE_MS = 60_000

/** The period that holds the instant. */
export function digestPeriodAt(calendar: Calendar, schedule: DigestSchedule, instant: number): DigestPeriod {
  return describe(calendar, schedule, periodAt(calendar, schedule.every, instant))
}

/** The one before (−1) or after (+1) it; days that the zone skipped are none. */
export function digestPeriodBeside(
  calendar: Calendar,
  schedule: DigestSchedule,
  { from, to }: Pick<DigestPeriod, 'from' | 'to'>,
  step: -1 | 1,
): DigestPeriod {
  return digestPeriodAt(calendar, schedule, step === 1 ? to : from - 1)
}

/** The last period whose report is due at the instant or was before. */
export function latestDue(calendar: Calendar, schedule: DigestSchedule, now: number): DigestPeriod {
  let period = digestPeriodAt(calendar, schedule, now)
  while (period.due > now) period = digestPeriodBeside(calendar, schedule, period, -1)
  return period
}

/** The first period whose report is due after the instant. */
export const nextDue = (calendar: Calendar, schedule: DigestSchedule, now: number): DigestPeriod =>
  digestPeriodBeside(calendar, schedule, latestDue(calendar, schedule, now), 1)

/**
 * Names of the periods that ended after `after` and before `before` (ends of periods, epoch ms), oldest first; of more
 * than `most` the last ones.
 */
export function periodsBetweenEnds(
  calendar: Calendar,
  schedule: DigestSchedule,
  { after, before, most }: { readonly after: number; readonly before: number; readonly most: number },
): string[] {
  const names: string[] = []
  let period = digestPeriodAt(calendar, schedule, before - 1)
  while (names.length < most) {
    period = digestPeriodBeside(calendar, schedule, period, -1)
    if (period.to <= after || period.from < 0) break
    names.unshift(period.name)
  }
  return names
}

/** The period that holds a local date; null where the text is no date. */
export function digestPeriodOn(calendar: Calendar, schedule: DigestSchedule, date: string): DigestPeriod | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return null
  const day = Date.parse(`${date}T00:00:00Z`)
  // Date.parse takes 30 February as 2 March
  if (Number.isNaN(day) || dateText(day / DAY) !== date) return null
  return digestPeriodAt(calendar, schedule, calendar.zone.dayOf(day / DAY).start)
}

function describe(
  { zone }: Calendar,
  schedule: DigestSchedule,
  { from, to }: { readonly from: number; readonly to: number },
): DigestPeriod {
  const first = zone.day(to).date
  const date =
    first + (schedule.every === 'week' ? schedule.weekday - 1 : schedule.every === 'month' ? schedule.day - 1 : 0)
  return {
    name: dateText(zone.day(from).date),
    last: dateText(zone.day(to - 1).date),
    from,
    to,
    due: Math.max(to, localTime(zone, date, schedule.at)),
  }
}

/**
 * The instant at which the zone's clock shows a time of day, the first where it shows it twice; where it is put forward
 * past that time, the instant at which it would have shown it.
 */
function localTime(zone: Zone, date: number, minutes: number): number {
  const { start, end } = zone.dayOf(date)
  // a date that the zone skipped: when it would have begun
  if (start === end) return start
  const wanted = date * DAY + minutes * MINUTE_MS
  const [early, late] = [wanted - zone.offset(start), wanted - zone.offset(start + DAY)]
  const shows = (instant: number): boolean => instant + zone.offset(instant) === wanted
  const found = [early, late].filter(shows)
  return found.length === 0 ? early : Math.min(...found)
}

const dateText = (date: number): string => new Date(date * DAY).toISOString().slice(0, 10)
