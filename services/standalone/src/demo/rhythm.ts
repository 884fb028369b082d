/** How busy the storefront is: hours of the day, days of the week, slow growth. */

export const BLOCK_MS = 600_000
const DAY_MS = 86_400_000

/** Relative to the day's mean, by local hour; quiet at night but never silent, so that the board moves at any hour. */
const HOURS = [
  0.5, 0.42, 0.38, 0.36, 0.38, 0.45, 0.62, 0.85, 1.0, 1.05, 1.08, 1.15, 1.3, 1.2, 1.05, 1.02, 1.08, 1.18, 1.38, 1.62,
  1.75, 1.55, 1.1, 0.75,
]

/** Sunday first. */
const WEEKDAYS = [1.18, 0.94, 0.9, 0.92, 0.97, 1.02, 1.12]

/** The shop grows by about a tenth in a month, for a year. */
const GROWTH_PER_DAY = 0.0032
const GROWS_FOR_DAYS = 365

interface LocalTime {
  /** [0, 24) */
  readonly hour: number
  /** 0: Sunday */
  readonly weekday: number
}

export type LocalTimeOf = (at: number) => LocalTime

/** Local time of a zone. */
export function localTimeIn(timeZone: string): LocalTimeOf {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
  })
  const names = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
  return at => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]))
    return {
      hour: Number(parts.get('hour')) + Number(parts.get('minute')) / 60,
      weekday: names.indexOf(parts.get('weekday') ?? 'Sun'),
    }
  }
}

/** Busyness relative to the mean of the first week, which is about 1. */
export function busyness(at: number, openedAt: number, localTime: LocalTimeOf): number {
  const { hour, weekday } = localTime(at)
  const whole = Math.floor(hour)
  const before = HOURS[whole] as number
  const after = HOURS[(whole + 1) % 24] as number
  const day = before + (after - before) * (hour - whole)
  const growth = (1 + GROWTH_PER_DAY) ** Math.max(0, Math.min(GROWS_FOR_DAYS, (at - openedAt) / DAY_MS))
  return day * (WEEKDAYS[weekday] as number) * growth
}
