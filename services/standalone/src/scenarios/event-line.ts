/**
 * An event on one line, as a person would jot it down:
 *
 *     2026-03-02T09:00 ticket @ann opened ticket_id=T1 topic="lost card"
 *     +10m             purchase @u{n} amount=20 x3 arrives=+2d
 *
 * Time and type, then words in any order: `@` a user_id, `~` an anonymous_id, `field=value`, a bare word for the enum
 * of the type that has it, `x3` for three of them (`{n}` counts) at once or `every=1d`, `arrives=` for when it comes in.
 */
import { type EventType, type FieldType, suggest } from '@kivi/domain'

export interface EventLine {
  /** as written: `2026-03-02T09:00`, `+10m` */
  readonly time: string
  readonly type: string
  readonly fields: Readonly<Record<string, unknown>>
  /** as written, after the event's own time where it begins with +; null: at its own time */
  readonly arrives: string | null
  readonly times: number
  /** from one of them to the next, as written; null: all at once */
  readonly every: string | null
}

const WORD = /(?:[^\s"]|"[^"]*")+/g
const MOST_TIMES = 10_000

/** Throws an Error with a sentence that says what to write instead. */
export function readEventLine(text: string, types: ReadonlyMap<string, EventType>): EventLine {
  const [time, name, ...words] = text.match(WORD) ?? []
  if (time === undefined || name === undefined)
    throw new Error('an event needs a time and a type: 2026-03-02T09:00 purchase @ann amount=20')
  const type = typeOf(name, types)
  const fields: Record<string, unknown> = {}
  let arrives: string | null = null
  let times = 1
  let every: string | null = null
  for (const word of words) {
    const equals = word.indexOf('=')
    const repeat = /^x(\d+)$/.exec(word)
    if (equals > 0) {
      const [field, value] = [word.slice(0, equals), unquoted(word.slice(equals + 1))]
      if (field === 'arrives') arrives = value
      else if (field === 'every') every = value
      else setField(fields, type, field, value)
    } else if (word.startsWith('@')) fields['user_id'] = unquoted(word.slice(1))
    else if (word.startsWith('~')) fields['anonymous_id'] = unquoted(word.slice(1))
    else if (repeat !== null) times = Math.min(MOST_TIMES, Number(repeat[1]))
    else setEnum(fields, type, unquoted(word))
  }
  return { time, type: name, fields, arrives, times, every }
}

export function typeOf(name: string, types: ReadonlyMap<string, EventType>): EventType {
  const type = types.get(name)
  if (type !== undefined) return type
  throw new Error(`there is no event type ${name}${didYouMean(name, [...types.keys()])}`)
}

/** Checks that the type has the field; `properties.NAME` goes where further dimensions are. */
export function setField(fields: Record<string, unknown>, type: EventType, name: string, value: unknown): void {
  if (name.startsWith('properties.')) {
    const properties = (fields['properties'] ?? {}) as Record<string, unknown>
    fields['properties'] = { ...properties, [name.slice('properties.'.length)]: String(value) }
    return
  }
  const known = type.fields.get(name)
  if (known === undefined && name !== 'event_id')
    throw new Error(`${type.name} has no field ${name}${didYouMean(name, ['event_id', ...type.fields.keys()])}`)
  fields[name] = typeof value === 'string' ? typed(value, known, name) : value
}

function typed(text: string, type: FieldType | undefined, name: string): unknown {
  switch (type?.kind) {
    case 'double':
    case 'long': {
      const value = Number(text)
      if (text === '' || Number.isNaN(value)) throw new Error(`${name} is '${text}', which is no number`)
      return value
    }
    case 'boolean':
      if (text !== 'true' && text !== 'false') throw new Error(`${name} is '${text}': write true or false`)
      return text === 'true'
    default:
      // what an enum does not have is left to the decoder, which refuses the event as it would a producer's
      return text
  }
}

function setEnum(fields: Record<string, unknown>, type: EventType, word: string): void {
  for (const [name, field] of type.fields)
    if (field.kind === 'enum' && field.values.includes(word)) {
      fields[name] = word
      return
    }
  const words = [...type.fields.values()].flatMap(field => (field.kind === 'enum' ? field.values : []))
  throw new Error(`${type.name} has no enum with '${word}' (a field is written field=value)${didYouMean(word, words)}`)
}

const unquoted = (text: string): string => text.replaceAll('"', '')

function didYouMean(name: string, names: readonly string[]): string {
  const similar = suggest(name, names)
  return similar === null ? '' : `; did you mean ${similar}?`
}
