import type { EventType, FieldType } from '@kivi/domain'
import { EVENT_KEY_FIELDS } from '../events/common-fields.ts'
import type { Meaning, Scope } from '../expression/syntax.ts'
import { didYouMean } from '../suggest.ts'

type Unknown = { readonly error: string; readonly suggestion?: string | undefined }

/** What the fields of some event types mean; a field that only some of them have is missing in the others. */
export interface EventScope extends Scope {
  /** a text field by which events can be grouped: not an identifier */
  dimension(name: string): Unknown | null
  /** a text field whose distinct values can be counted */
  countable(name: string): Unknown | null
}

const PROPERTY = /^properties\.[^\s'"\\]{1,100}$/

export function eventScope(types: readonly EventType[]): EventScope {
  const where = types.length === 1 ? types[0]!.name : types.map(t => t.name).join(' and ')
  const names = (): string[] =>
    [...new Set(types.flatMap(t => [...t.fields.keys()]))].filter(name => name !== 'properties')
  const isIdentifier = (name: string): boolean => types.some(t => t.identifiers.has(name))

  function find(name: string): FieldType | Unknown {
    if (name.startsWith('properties.')) {
      return PROPERTY.test(name)
        ? { kind: 'string' }
        : { error: `${name} cannot name a property: no spaces, quotes or backslashes.` }
    }
    if (name === 'properties') return { error: 'properties is a map of texts.', suggestion: 'Write properties.NAME.' }
    if ((EVENT_KEY_FIELDS as readonly string[]).includes(name)) {
      return {
        error: `${name} cannot be read here.`,
        suggestion: name === 'event_type' ? 'Choose types by event: instead.' : undefined,
      }
    }
    const kinds = types.flatMap(t => t.fields.get(name) ?? [])
    const [first] = kinds
    if (first === undefined)
      return {
        error: `${where} has no field ${name}.`,
        suggestion: didYouMean(name, names()) ?? `Further fields come as properties.${name}.`,
      }
    const clash = kinds.find(kind => shapeOf(kind) !== shapeOf(first))
    if (clash)
      return {
        error: `${name} is ${shapeOf(first)} in one of ${where} and ${shapeOf(clash)} in another.`,
        suggestion: 'Make a measure for each.',
      }
    if (first.kind !== 'enum') return first
    return { kind: 'enum', values: [...new Set(kinds.flatMap(kind => (kind.kind === 'enum' ? kind.values : [])))] }
  }

  function text(name: string): Unknown | null {
    const field = find(name)
    if ('error' in field) return field
    return shapeOf(field) === 'a text' ? null : { error: `${name} is ${shapeOf(field)}, not a text.` }
  }

  return {
    noun: 'field',
    resolve(name): Meaning | Unknown {
      const field = find(name)
      if ('error' in field) return field
      if (field.kind === 'double' || field.kind === 'long') return { type: 'number' }
      if (field.kind === 'boolean') return { type: 'boolean' }
      if (isIdentifier(name))
        return {
          error: `${name} has a value for each person or thing; conditions cannot read it.`,
          suggestion: `Count it with agg: count_distinct, distinct: ${name}.`,
        }
      return field.kind === 'enum' ? { type: 'string', values: field.values } : { type: 'string' }
    },
    dimension(name) {
      return (
        text(name) ??
        (isIdentifier(name)
          ? {
              error: `${name} has a value for each person or thing, too many to group by.`,
              suggestion: `Count it with agg: count_distinct, distinct: ${name}.`,
            }
          : null)
      )
    },
    countable: text,
  }
}

function shapeOf(field: FieldType): string {
  switch (field.kind) {
    case 'string':
    case 'enum':
      return 'a text'
    case 'map':
      return 'a map'
    case 'boolean':
      return 'true or false'
    default:
      return 'a number'
  }
}
