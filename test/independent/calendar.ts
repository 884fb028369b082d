/** Local days by what Intl says of a zone: the calculations' own calendar. */

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
const QUARTER = 15 * MINUTE

export interface Calendar {
  readonly zone: string
  /** number of the local day that holds the instant */
  day(t: number): number
  /** first instant of a local day */
  start(day: number): number
  /** weekday of a local day, 0 is Sunday */
  weekday(day: number): number
  /** `YYYY-MM-DD` of the local day that holds the instant */
  date(t: number): string
  /** first instant of the local month that holds the instant, `later` months on */
  month(t: number, later?: number): number
  /** the instant at which the local clock shows this time of the day */
  at(day: number, minutes: number): number
  /** ms of the working day (Monday to Friday, 9 to 18 unless said otherwise) between two instants */
  business(from: number, to: number, hours?: { from: number; until: number }): number
}

const known = new Map<string, Calendar>()

/** The calendar of an IANA zone. Every zone's clock has moved by whole quarters of an hour since 1972. */
export function calendarOf(zone: string): Calendar {
  const calendar = known.get(zone) ?? makeCalendar(zone)
  known.set(zone, calendar)
  return calendar
}

function makeCalendar(zone: string): Calendar {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const offsets = new Map<number, number>()

  function offset(t: number): number {
    const block = Math.floor(t / QUARTER)
    const cached = offsets.get(block)
    if (cached !== undefined) return cached
    const start = block * QUARTER
    const part = new Map(format.formatToParts(start).map(({ type, value }) => [type, Number(value)]))
    const get = (name: string): number => part.get(name as Intl.DateTimeFormatPartTypes)!
    const shown = Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'), get('second'))
    offsets.set(block, shown - start)
    return shown - start
  }

  const day = (t: number): number => Math.floor((t + offset(t)) / DAY)

  function at(wanted: number, minutes: number): number {
    const shown = wanted * DAY + minutes * MINUTE
    // the first quarter of an hour at which the local clock is there or beyond
    for (let t = shown - 15 * HOUR; ; t += QUARTER) if (t + offset(t) >= shown) return t
  }

  const start = (wanted: number): number => at(wanted, 0)

  function month(t: number, later = 0): number {
    const local = new Date(day(t) * DAY)
    return start(Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + later, 1) / DAY)
  }

  function business(from: number, to: number, hours = { from: 9 * 60, until: 18 * 60 }): number {
    let sum = 0
    for (let d = day(from); d <= day(to); d++) {
      const weekday = new Date(d * DAY).getUTCDay()
      if (weekday === 0 || weekday === 6) continue
      sum += Math.max(0, Math.min(to, at(d, hours.until)) - Math.max(from, at(d, hours.from)))
    }
    return sum
  }

  return {
    zone,
    day,
    start,
    weekday: d => new Date(d * DAY).getUTCDay(),
    date: t => new Date(day(t) * DAY).toISOString().slice(0, 10),
    month,
    at,
    business,
  }
}
