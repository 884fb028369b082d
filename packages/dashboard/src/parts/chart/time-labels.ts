import type { Zone } from '@kivi/domain'
import type { Ticks } from './time-axis.ts'

const OPTIONS: Readonly<Record<Ticks['unit'], Intl.DateTimeFormatOptions>> = {
  second: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  minute: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  hour: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  day: { month: 'short', day: 'numeric' },
  month: { month: 'short' },
  year: { year: 'numeric' },
}

const formats = new Map<string, Intl.DateTimeFormat>()

function text(options: Intl.DateTimeFormatOptions, instant: number, zone: Zone, locale: string): string {
  const key = `${locale} ${zone.name} ${JSON.stringify(options)}`
  let format = formats.get(key)
  if (format === undefined) {
    format = new Intl.DateTimeFormat(locale, { ...options, timeZone: zone.name })
    formats.set(key, format)
  }
  return format.format(instant)
}

/** What stands at each tick; the larger unit (its date, its year) below the first and wherever it changes. */
export function timeLabels({ unit, at }: Ticks, zone: Zone, locale: string): string[] {
  const larger = unit === 'year' ? null : unit === 'month' || unit === 'day' ? OPTIONS.year : OPTIONS.day
  let before: string | null = null
  return at.map(instant => {
    const own = text(OPTIONS[unit], instant, zone, locale)
    if (larger === null) return own
    const above = text(larger, instant, zone, locale)
    const told = above === before ? own : `${own}\n${above}`
    before = above
    return told
  })
}
