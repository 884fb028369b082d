/**
 * Time zones as the storage sees them: which local day holds an instant, and where that day begins.
 *
 * A local day is a run of whole quarter hours. It begins at the first quarter hour at whose start the zone's
 * clock shows its date (or a later one: a zone that skipped a day has an empty day there). Where the offset is a
 * multiple of 15 min, as everywhere since 1972, that is local midnight, or the instant at which a clock
 * that skips midnight shows the new date. A clock set back across midnight does not go back to the day before.
 */
import { KiviError } from '../errors.ts'
import { QUARTER_HOUR } from '../slices.ts'

export const DAY = 86_400_000

/** A local day: half-open [start, end) in epoch ms. */
export interface LocalDay {
  /** days from 1970-01-01 to the date on the local calendar */
  readonly date: number
  readonly start: number
  readonly end: number
  /** yyyymm */
  readonly month: number
}

export interface Zone {
  readonly name: string
  /** local clock less UTC at this instant, ms */
  offset(instant: number): number
  /** the local day that holds the instant */
  day(instant: number): LocalDay
  /** the local day of a date (days since 1970-01-01); empty (start = end) where the zone skipped it */
  dayOf(date: number): LocalDay
}

/** Offsets reached 15 h 57 min before clocks were standardised; no day begins further from its UTC midnight. */
const REACH = 16 * 3_600_000

/** Beyond these years the offset is taken to be that of their ends, so that no instant is refused. */
const FIRST_CLOCK = Date.UTC(1800, 0, 1)
const LAST_CLOCK = Date.UTC(2400, 0, 1)

/** Day intervals are kept for this many days (centuries of them would fit: a day is about 60 bytes). */
const CACHED_DAYS = 100_000

/**
 * The zone of an IANA name (`Asia/Kathmandu`), with its days cached: `day` costs some 20 ns.
 * Throws catalog_invalid for a name that this Node does not know.
 */
export function createZone(name: string): Zone {
  const format = clockOf(name)
  const days = new Map<number, LocalDay>()
  let last: LocalDay | null = null

  function offset(instant: number): number {
    const second = Math.min(LAST_CLOCK, Math.max(FIRST_CLOCK, Math.floor(instant / 1000) * 1000))
    return shownAt(format, second) - second
  }

  function startOf(date: number): number {
    const midnight = date * DAY
    const before = offset(midnight - REACH)
    if (before === offset(midnight + REACH)) return ceilTo(midnight - before, QUARTER_HOUR)
    // the clock changes near this midnight: look at each quarter hour
    let quarter = ceilTo(midnight - REACH, QUARTER_HOUR)
    while (Math.floor((quarter + offset(quarter)) / DAY) < date) quarter += QUARTER_HOUR
    return quarter
  }

  function dayOf(date: number): LocalDay {
    const known = days.get(date)
    if (known !== undefined) return known
    if (days.size >= CACHED_DAYS) days.clear()
    const day = { date, start: startOf(date), end: startOf(date + 1), month: monthOf(date) }
    days.set(date, day)
    return day
  }

  function day(instant: number): LocalDay {
    if (last !== null && instant >= last.start && instant < last.end) return last
    let found = dayOf(Math.floor(instant / DAY))
    while (instant < found.start) found = dayOf(found.date - 1)
    while (instant >= found.end) found = dayOf(found.date + 1)
    last = found
    return found
  }

  return { name, offset, day, dayOf }
}

/** yyyymm of a date (days since 1970-01-01). */
export function monthOf(date: number): number {
  const utc = new Date(date * DAY)
  return utc.getUTCFullYear() * 100 + utc.getUTCMonth() + 1
}

/** The largest multiple of `step` that is not after the instant. */
export const floorTo = (instant: number, step: number): number => Math.floor(instant / step) * step

/** The smallest multiple of `step` that is not before the instant. */
export const ceilTo = (instant: number, step: number): number => Math.ceil(instant / step) * step

function clockOf(name: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'iso8601',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch (cause) {
    throw new KiviError(
      'catalog_invalid',
      `The time zone ${JSON.stringify(name)} is not known; use an IANA name such as Europe/Berlin or Asia/Shanghai.`,
      { cause },
    )
  }
}

/** What the zone's clock shows at the instant, as if it were UTC. */
function shownAt(format: Intl.DateTimeFormat, instant: number): number {
  const shown: Record<string, number> = {}
  for (const part of format.formatToParts(instant)) shown[part.type] = Number(part.value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown
  return Date.UTC(year, month - 1, day, hour, minute, second)
}
