/** When an indicator is recorded: at the ends of windows that lie on a grid of event time. */
import { DAY, floorTo, type Zone } from '@kivi/domain'

/** 1970-01-05 was a Monday. */
const MONDAY = 4

/**
 * The last instant of the grid at or before `time`. Steps of whole days are local days, of whole weeks those from
 * Monday; shorter ones are counted from 1970 in UTC.
 */
export function instantAt(everyMs: number, time: number, zone: Zone): number {
  if (everyMs % DAY !== 0) return floorTo(time, everyMs)
  const days = everyMs / DAY
  const first = days % 7 === 0 ? MONDAY : 0
  const { date } = zone.day(time)
  return zone.dayOf(first + floorTo(date - first, days)).start
}

/** The instants of the grid in [from, to], ascending. */
export function instantsBetween(everyMs: number, from: number, to: number, zone: Zone): number[] {
  const found: number[] = []
  for (let at = instantAt(everyMs, to, zone); at >= from; at = instantAt(everyMs, at - 1, zone)) found.push(at)
  return found.reverse()
}

/** After an outage every instant of the last week is made up for, but no more of them than that many. */
const EVERY_MS = 7 * DAY
const EVERY_COUNT = 1_000
/** Of what lies further back, one instant a day. */
const DAILY_MS = 90 * DAY

/** How far back instants are made up for. */
export const CATCH_UP_MS = DAILY_MS

export interface Reach {
  readonly everyMs: number
  /** the watermark: instants at or before it can be computed */
  readonly until: number
  /** nothing happened before */
  readonly since: number
  readonly zone: Zone
}

/** Instants that should be recorded, ascending; further ones are left to a backfill. */
export function wantedInstants({ everyMs, until, since, zone }: Reach): number[] {
  const dense = Math.max(since, until - Math.min(EVERY_MS, EVERY_COUNT * everyMs))
  const sparse = Math.max(since, until - DAILY_MS)
  const daily = new Set<number>()
  for (let day = zone.day(dense); day.start > sparse; day = zone.day(day.start - 1)) {
    const at = instantAt(everyMs, day.start, zone)
    if (at < dense && at > sparse) daily.add(at)
  }
  return [...[...daily].reverse(), ...instantsBetween(everyMs, dense, until, zone)]
}
