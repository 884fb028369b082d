import { language, locale, spoken, type Words } from '../settings/language.ts'
import { place } from './place.ts'

type Time = string | number | Date

/** 30 Nov 2019 */
export const formatDay = (time: Time): string => moment({ dateStyle: 'medium' }, time)

/** 14:05:10 */
export const formatClock = (time: Time): string => moment({ timeStyle: 'medium', hourCycle: 'h23' }, time)

/** Day and time of day, to the second; without the zone, which `place` tells. */
export const formatMoment = (time: Time): string =>
  moment({ dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' }, time)

/** Day and time of day, to the minute. */
export const formatMinute = (time: Time): string =>
  moment({ dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' }, time)

interface LengthWords {
  readonly last: (length: string) => string
  readonly special: Readonly<Record<string, string>>
  readonly units: Readonly<Record<string, Intl.NumberFormatOptions['unit']>>
}

const UNITS = { s: 'second', m: 'minute', h: 'hour', d: 'day', w: 'week' }
const LENGTHS: Words<LengthWords> = {
  en: { last: length => `last ${length}`, special: { '1h': 'last hour', '1d': 'last 24 hours' }, units: UNITS },
  zh: { last: length => `最近 ${length}`, special: { '1d': '最近 24 小时' }, units: UNITS },
}

/** A length as the API writes it, such as 7d: 7 days. Anything else is told as it is. */
export function formatLength(length: string): string {
  const [, count = '', letter = ''] = /^(\d+)([smhdw])$/.exec(length) ?? []
  const unit = spoken(LENGTHS).units[letter]
  if (unit === undefined) return length
  return new Intl.NumberFormat(locale(), { style: 'unit', unit, unitDisplay: 'long' }).format(Number(count))
}

/** A window that ends now: 7d is the last 7 days. */
export function formatWindow(length: string): string {
  const { last, special } = spoken(LENGTHS)
  const told = formatLength(length)
  return special[length] ?? (told === length ? length : last(told))
}

// making a formatter costs far more than using one, and there are few of them
const formats = new Map<string, Intl.DateTimeFormat>()

function moment(options: Intl.DateTimeFormatOptions, time: Time): string {
  const { timezone } = place.value
  const key = `${language.value} ${timezone} ${JSON.stringify(options)}`
  let format = formats.get(key)
  if (format === undefined) {
    format = new Intl.DateTimeFormat(locale(), { ...options, timeZone: timezone })
    formats.set(key, format)
  }
  return format.format(new Date(time))
}
