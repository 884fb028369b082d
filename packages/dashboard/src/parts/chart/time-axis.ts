import { createZone, DAY, type Zone } from '@kivi/domain'

/** Instants at which an axis of time has a line, all a whole number of `unit` by the zone's clock. */
export interface Ticks {
  readonly unit: 'second' | 'minute' | 'hour' | 'day' | 'month' | 'year'
  readonly at: readonly number[]
}

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

interface Grain {
  readonly unit: Ticks['unit']
  readonly count: number
  /** about, ms */
  readonly length: number
}

const grains = (unit: Ticks['unit'], length: number, ...counts: number[]): Grain[] =>
  counts.map(count => ({ unit, count, length: count * length }))

const GRAINS: readonly Grain[] = [
  ...grains('second', SECOND, 1, 5, 10, 30),
  ...grains('minute', MINUTE, 1, 2, 5, 10, 15, 30),
  ...grains('hour', HOUR, 1, 2, 3, 6, 12),
  ...grains('day', DAY, 1, 2, 7, 14),
  ...grains('month', 30.4 * DAY, 1, 2, 3, 6),
  ...grains('year', 365 * DAY, 1, 2, 5, 10, 20, 50, 100),
]

const zones = new Map<string, Zone>()

/** The zone of a name, made once. */
export function zoneOf(name: string): Zone {
  const known = zones.get(name)
  if (known !== undefined) return known
  const made = createZone(name)
  zones.set(name, made)
  return made
}

/** At most `most` instants in [from, to] that stand at round times of the zone's clock, whatever its changes. */
export function timeTicks(from: number, to: number, most: number, zone: Zone): Ticks {
  const room = (to - from) / Math.max(1, most)
  const grain = GRAINS.find(({ length }) => length >= room) ?? (GRAINS.at(-1) as Grain)
  return { unit: grain.unit, at: instants(grain, from, to, zone).filter(t => t >= from && t <= to) }
}

function instants({ unit, count }: Grain, from: number, to: number, zone: Zone): number[] {
  if (unit === 'month' || unit === 'year') return months(unit === 'year' ? 12 * count : count, from, to, zone)
  if (unit === 'day') return days(count, from, to, zone)
  return clockTimes(count * (unit === 'hour' ? HOUR : unit === 'minute' ? MINUTE : SECOND), from, to, zone)
}

/** Weeks begin on Monday; 1970-01-01 was a Thursday. */
function days(count: number, from: number, to: number, zone: Zone): number[] {
  const found: number[] = []
  const first = zone.day(from).date
  for (let date = first - ((((first + 3) % count) + count) % count); ; date += count) {
    const { start } = zone.dayOf(date)
    if (start > to) return found
    found.push(start)
  }
}

function months(count: number, from: number, to: number, zone: Zone): number[] {
  const found: number[] = []
  const utc = new Date(zone.day(from).date * DAY)
  const first = utc.getUTCFullYear() * 12 + utc.getUTCMonth()
  for (let month = first - (first % count); ; month += count) {
    const { start } = zone.dayOf(Date.UTC(Math.floor(month / 12), month % 12, 1) / DAY)
    if (start > to) return found
    found.push(start)
  }
}

/** Where the clock shows whole multiples of a length; a time that it skips is left out, one it repeats stands once. */
function clockTimes(length: number, from: number, to: number, zone: Zone): number[] {
  const found: number[] = []
  for (let { date } = zone.day(from); ; date++) {
    const day = zone.dayOf(date)
    if (day.start > to) return found
    const offsets = [zone.offset(day.start), zone.offset(day.end - 1)]
    const clockOf = (instant: number, offset: number) => Math.max(0, Math.min(DAY, instant + offset - date * DAY))
    const last = Math.max(...offsets.map(offset => clockOf(to, offset)))
    const first = Math.min(...offsets.map(offset => clockOf(from, offset)))
    for (let clock = Math.ceil(first / length) * length; clock < DAY && clock <= last; clock += length) {
      const shown = date * DAY + clock
      const instant = offsets.map(offset => shown - offset).find(one => one + zone.offset(one) === shown)
      if (instant !== undefined) found.push(instant)
    }
  }
}
