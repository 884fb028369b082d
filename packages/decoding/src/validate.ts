import { type Catalog, type EventType, type FieldType, LARGEST_NUMBER, type Rejection } from '@kivi/domain'
import { checkEpochMilliseconds, parseRfc3339 } from './event-time.ts'
import { reject, shown } from './rejection.ts'

export type FieldValue = string | number | boolean | Readonly<Record<string, string>>

/**
 * A valid event as a plain object without prototype: the required fields, and every declared field that it has.
 * Fields that are missing, null or '' are not there; undeclared ones neither.
 */
export interface DecodedEvent {
  readonly event_id: string
  readonly event_type: string
  /** epoch ms */
  readonly event_time: number
  readonly [field: string]: FieldValue
}

export type Decoded = { readonly event: DecodedEvent } | { readonly rejection: Rejection }

/**
 * A message before it is checked: the value of a top-level field, undefined where it has none. Maps (`properties`)
 * are lists of entries, of which the last of a name wins.
 */
export type RawEvent = (field: string) => unknown

/** A map field as a decoder found it, before its values are checked. */
export class RawMap {
  readonly entries: Iterable<readonly [string, unknown]>
  constructor(entries: Iterable<readonly [string, unknown]>) {
    this.entries = entries
  }
}

/** A field that a decoder could not read; the event is refused for this reason. */
export class UnreadableField {
  readonly rejection: Rejection
  constructor(rejection: Rejection) {
    this.rejection = rejection
  }
}

/** Checks a message against the event type that it names: the one place that says what a valid event is. */
export function validate(catalog: Catalog, raw: RawEvent): Decoded {
  const name = raw('event_type')
  if (isMissing(name)) return missing('event_type')
  if (typeof name !== 'string') return wrongType('event_type', name, 'a text')
  const type = catalog.eventTypes.get(name)
  if (type === undefined) return refuse('unknown_event_type', `the catalog has no event type ${shown(name)}`)

  const id = raw('event_id')
  if (isMissing(id)) return missing('event_id')
  if (typeof id !== 'string') return wrongType('event_id', id, 'a text')
  if (!id.isWellFormed()) return notUtf8('event_id')
  const time = checkTime(raw('event_time'))
  if (typeof time !== 'number') return time

  const event: Record<string, FieldValue> = Object.create(null)
  event['event_id'] = id
  event['event_type'] = name
  event['event_time'] = time
  for (const [field, fieldType] of type.fields) {
    const value = raw(field)
    if (isMissing(value)) continue
    if (value instanceof UnreadableField) return { rejection: value.rejection }
    const problem = checkField(event, field, fieldType, value)
    if (problem !== null) return problem
  }
  for (const [field, from] of type.defaults) event[field] ??= event[from]!
  for (const field of type.required) if (event[field] === undefined) return missing(field)
  return checkScale(catalog, type, event) ?? { event: event as unknown as DecodedEvent }
}

/** Missing, null and '' are one: ClickHouse's columns hold '' for all three. */
function isMissing(value: unknown): value is undefined | null | '' {
  return value === undefined || value === null || value === ''
}

function checkTime(value: unknown): number | { rejection: Rejection } {
  if (isMissing(value)) return missing('event_time')
  const time =
    typeof value === 'number'
      ? checkEpochMilliseconds(value)
      : typeof value === 'string'
        ? parseRfc3339(value)
        : Number.NaN
  if (!Number.isNaN(time)) return time
  const hint = typeof value === 'number' && Math.abs(value) >= 1e15 ? '; is it in microseconds or nanoseconds?' : ''
  const expected = 'expected RFC 3339 like 2026-01-31T08:30:00Z, or integer epoch milliseconds'
  return refuse('invalid_time', `event_time is ${shown(value)}, ${expected}${hint}`)
}

/** Puts the checked value into the event; gives the rejection where it is not what the field takes. */
function checkField(
  event: Record<string, FieldValue>,
  field: string,
  type: FieldType,
  value: unknown,
): { rejection: Rejection } | null {
  switch (type.kind) {
    case 'string':
    case 'enum':
      if (typeof value !== 'string') return wrongType(field, value, 'a text')
      if (!value.isWellFormed()) return notUtf8(field)
      if (type.kind === 'enum' && !type.values.includes(value)) {
        return refuse('invalid_value', `${field} is ${shown(value)}, expected one of ${type.values.join(', ')}`)
      }
      event[field] = value
      return null
    case 'boolean':
      if (typeof value !== 'boolean') return wrongType(field, value, 'true or false')
      event[field] = value
      return null
    case 'double':
    case 'long':
      if (typeof value !== 'number' && typeof value !== 'bigint') return wrongType(field, value, 'a number')
      if (!(value <= LARGEST_NUMBER && value >= -LARGEST_NUMBER)) {
        return refuse('out_of_range', `${field} is ${shown(value)}; numbers must be finite and at most 2^40 in size`)
      }
      if (type.kind === 'long' && !Number.isInteger(Number(value))) return wrongType(field, value, 'a whole number')
      // −0 has no meaning of its own, and would differ from 0 as a key
      event[field] = Number(value) + 0
      return null
    case 'map':
      return checkMap(event, field, value)
  }
}

function checkMap(event: Record<string, FieldValue>, field: string, value: unknown): { rejection: Rejection } | null {
  if (!(value instanceof RawMap)) return wrongType(field, value, 'an object of texts')
  const checked: Record<string, string> = Object.create(null)
  for (const [name, text] of value.entries) {
    if (!name.isWellFormed()) return notUtf8(field)
    if (isMissing(text)) continue
    if (typeof text !== 'string') return wrongType(`${field}.${name.slice(0, 80)}`, text, 'a text')
    if (!text.isWellFormed()) return notUtf8(`${field}.${name.slice(0, 80)}`)
    checked[name] = text
  }
  event[field] = checked
  return null
}

/** The score of a survey must lie in the survey's scale. */
function checkScale(
  catalog: Catalog,
  type: EventType,
  event: Record<string, FieldValue>,
): { rejection: Rejection } | null {
  if (type.name !== 'survey') return null
  const { survey, score } = event
  const scale = typeof survey === 'string' ? catalog.surveys.get(survey) : undefined
  if (scale === undefined)
    return refuse('invalid_value', `survey is ${shown(survey)}, of which the catalog has no scale`)
  if (typeof score !== 'number' || (score >= scale.min && score <= scale.max)) return null
  return refuse('invalid_value', `score is ${score}, the scale of ${scale.survey} is ${scale.min} to ${scale.max}`)
}

function refuse(...[reason, detail]: Parameters<typeof reject>): { rejection: Rejection } {
  return { rejection: reject(reason, detail) }
}

function missing(field: string): { rejection: Rejection } {
  return refuse('missing_field', `${field} is missing, null or empty`)
}

function wrongType(field: string, value: unknown, expected: string): { rejection: Rejection } {
  return refuse('wrong_type', `${field} is ${shown(value)}, expected ${expected}`)
}

function notUtf8(field: string): { rejection: Rejection } {
  return refuse('invalid_utf8', `${field} holds half of a surrogate pair, which UTF-8 cannot write`)
}
