import { place } from '../../format/place.ts'
import { formatDay } from '../../format/times.ts'
import { locale } from '../../settings/language.ts'
import type { Period } from './words.ts'

/** A cohort's period by its first instant: a month by its name, a week or day by its date. */
export function formatPeriod(from: string, period: Period): string {
  if (period !== 'month') return formatDay(from)
  return new Intl.DateTimeFormat(locale(), { year: 'numeric', month: 'short', timeZone: place.value.timezone }).format(
    new Date(from),
  )
}
