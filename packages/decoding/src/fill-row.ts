import { type Dictionary, type EventColumns, HASH_SPACE, type Hasher, type Layout } from '@kivi/domain'
import type { DecodedEvent, FieldValue } from './validate.ts'

/** Writes an event into row `row`: what each column means, told plainly. */
export function createRowFiller(layout: Layout, hasher: Hasher) {
  const types = new Map(layout.eventTypes.map((name, index) => [name, index]))
  const strings = layout.strings.map(fieldReader)
  const numbers = layout.numbers.map(fieldReader)
  const hashed = layout.hashed.map(fieldReader)

  return function fillRow(
    event: DecodedEvent,
    row: number,
    dictionaries: readonly Dictionary[],
    into: EventColumns,
  ): void {
    into.eventTime[row] = event.event_time
    into.type[row] = types.get(event.event_type) ?? -1
    hasher.ofText(event.event_id)
    into.idHigh[row] = hasher.high
    into.idLow[row] = hasher.low

    const user = event['user_id']
    const person = user ?? event['anonymous_id']
    if (typeof person === 'string') {
      hasher.ofText(person, user === undefined ? HASH_SPACE.anonymous : HASH_SPACE.user)
      into.personHigh[row] = hasher.high
      into.personLow[row] = hasher.low
    } else {
      into.personHigh[row] = 0
      into.personLow[row] = 0
    }

    for (let c = 0; c < strings.length; c++) {
      const value = strings[c]!(event)
      into.strings[c]![row] = typeof value === 'string' ? dictionaries[c]!.idOf(value) : 0
    }
    for (let c = 0; c < numbers.length; c++) {
      const value = numbers[c]!(event)
      into.numbers[c]![row] = typeof value === 'number' || typeof value === 'boolean' ? Number(value) : Number.NaN
    }
    for (let c = 0; c < hashed.length; c++) {
      const value = hashed[c]!(event)
      if (typeof value === 'string') {
        hasher.ofText(value)
        into.hashedHigh[c]![row] = hasher.high
        into.hashedLow[c]![row] = hasher.low
      } else {
        into.hashedHigh[c]![row] = 0
        into.hashedLow[c]![row] = 0
      }
    }
  }
}

/** `campaign`, or `properties.NAME`: NAME is everything after the first point, and may hold points itself. */
function fieldReader(field: string): (event: DecodedEvent) => FieldValue | undefined {
  const point = field.indexOf('.')
  if (point < 0) return event => event[field]
  const map = field.slice(0, point)
  const name = field.slice(point + 1)
  return event => {
    const values = event[map]
    return typeof values === 'object' ? values[name] : undefined
  }
}
