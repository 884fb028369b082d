import type { Zone } from '@kivi/domain'
import type { Mapping } from '../mapping.ts'

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?(Z|[+-]\d{2}:\d{2})$/
const DAY = 86_400_000

/** Days since 1970-01-01 of a calendar date, null where there is no such day (2026-02-30). */
export function dateOf(text: string): number | null {
  const match = DATE.exec(text)
  if (match === null) return null
  const time = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]))
  return new Date(time).toISOString().startsWith(text) ? time / DAY : null
}

/** A date (its midnight in the zone) or an RFC 3339 instant, as epoch ms; null: it is neither. */
export function instantOf(text: string, zone: Zone): number | null {
  const date = dateOf(text)
  if (date !== null) return zone.dayOf(date).start
  // Date.parse takes 30 February for 2 March: the calendar part is checked by itself
  if (INSTANT.test(text) && dateOf(text.slice(0, 10)) !== null && !Number.isNaN(Date.parse(text)))
    return Date.parse(text)
  return null
}

/** The same of a key. Reports a bad one. */
export function readInstant(mapping: Mapping, key: string, zone: Zone): number | undefined {
  const text = mapping.text(key)
  if (text === undefined) return undefined
  const instant = instantOf(text, zone)
  if (instant !== null) return instant
  mapping.source.report(
    mapping.at(key),
    'bad_date',
    `${key} of ${mapping.what} is '${text}', which is no date.`,
    'Write 2026-01-31, or an instant such as 2026-01-31T08:00:00Z.',
  )
  return undefined
}
