/** Calendar periods by the local dates that name them: no instant, so that no zone moves them by a day. */
import { language, locale } from '../settings/language.ts'

const DAY = 86_400_000
const instantOf = (date: string): number => Date.parse(`${date}T00:00:00Z`)
const format = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(locale(), { ...options, timeZone: 'UTC' })

/** A period by its first local date: 2 – 8 Mar 2026, March 2026, Monday, 2 March 2026. */
export function formatPeriod(every: 'day' | 'week' | 'month', first: string): string {
  const from = instantOf(first)
  if (every === 'month') return format({ year: 'numeric', month: 'long' }).format(from)
  if (every === 'day') return format({ dateStyle: 'full' }).format(from)
  const [last, dates] = [from + 6 * DAY, format({ dateStyle: 'medium' })]
  // ranges in Chinese are written with slashes, unlike each date by itself
  return language.value === 'zh' ? `${dates.format(from)} – ${dates.format(last)}` : dates.formatRange(from, last)
}
