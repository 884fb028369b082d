import type { EntityField, EntityValueType, EventSelection, ObservedValue } from '@kivi/domain'
import type { Keys, Mapping } from '../../mapping.ts'
import type { EventScope } from '../event-scope.ts'
import {
  type EventNames,
  type EventWorld,
  readEventNames,
  scopeOfSelections,
  selectionsOf,
} from '../event-selections.ts'
import { readExpression } from '../read-expression.ts'
import type { CompiledField } from './compiled.ts'

export const FIELD_AGGREGATIONS: readonly EntityField['agg'][] = ['list', 'count', 'sum', 'min', 'max', 'first', 'last']
export const FIELD_KEYS: Keys = { known: ['event', 'filter', 'from', 'agg', 'expr', 'keep'] }
export const SOURCE_KEYS: Keys = { known: ['event', 'filter'] }
/** each kept text is stored with every observation */
const MOST_KEPT = 8

const TEXT_NAME = /^[a-z_][a-z0-9_]*(\.[^\s'"\\]+)?$/

/** Reads one field; `inherited`: the entity's own events, for a field that names none; null: there are none. */
export function readField(
  name: string,
  mapping: Mapping,
  inherited: EventNames | null,
  world: EventWorld,
): CompiledField | null {
  if (!mapping.require('agg')) return null
  const agg = mapping.oneOf('agg', FIELD_AGGREGATIONS)
  const from = readSources(mapping, inherited, world)
  if (agg === undefined || from === null) return null
  const scope = scopeOfSelections(from, world)
  const observed = readValue(mapping, agg, scope)
  if (observed === null) return null
  return {
    name,
    from,
    value: observed.value,
    agg,
    keep: readKept(mapping, agg, scope),
    type: typeOf(agg, observed.value),
    values: observed.values,
  }
}

function readSources(
  mapping: Mapping,
  inherited: EventNames | null,
  world: EventWorld,
): readonly EventSelection[] | null {
  if (!mapping.has('from')) {
    if (!mapping.has('event') && inherited === null) {
      mapping.source.report(
        mapping.keyOf(),
        'missing_key',
        `${mapping.what} needs event.`,
        'Or give its entity an event, for all fields that name none.',
      )
      return null
    }
    const names = mapping.has('event') ? readEventNames(mapping, world) : inherited
    return names && selectionsOf(names, mapping, world)
  }
  for (const key of ['event', 'filter'])
    if (mapping.has(key))
      mapping.source.report(
        mapping.keyAt(key),
        'unknown_key',
        `${mapping.what} has from, and ${key} beside it.`,
        'Put it into from.',
      )
  const sources = mapping.someMappings('from', `a source of ${mapping.what}`, SOURCE_KEYS)
  const selections = sources.map(source => {
    const names = source.require('event') ? readEventNames(source, world) : null
    return names && selectionsOf(names, source, world)
  })
  return selections.length === 0 || selections.includes(null) ? null : selections.flatMap(s => s ?? [])
}

interface Observed {
  readonly value: ObservedValue
  readonly values: readonly string[] | null
}

function readValue(mapping: Mapping, agg: EntityField['agg'], scope: EventScope): Observed | null {
  const source = mapping.has('expr') ? mapping.text('expr')?.trim() : undefined
  if (agg === 'count') {
    if (mapping.has('expr'))
      mapping.source.report(
        mapping.keyAt('expr'),
        'unknown_key',
        `agg: count of ${mapping.what} takes no expr.`,
        'Leave it out, or use agg: sum.',
      )
    return { value: { kind: 'none' }, values: null }
  }
  if (source === undefined) {
    if (agg !== 'list' || mapping.has('expr')) {
      mapping.require('expr')
      return null
    }
    return { value: { kind: 'none' }, values: null }
  }
  const observed = observedValue(mapping, source, scope)
  if (observed !== null) refuseUnfit(mapping, agg, observed.value)
  return observed
}

function observedValue(mapping: Mapping, source: string, scope: EventScope): Observed | null {
  if (source === 'person') return { value: { kind: 'person' }, values: null }
  if (source === 'event_time') return { value: { kind: 'time' }, values: null }
  if (TEXT_NAME.test(source)) {
    if (scope.countable(source) === null) {
      const meaning = scope.resolve(source)
      return { value: { kind: 'text', field: source }, values: ('values' in meaning && meaning.values) || null }
    }
  }
  const expr = readExpression(mapping, 'expr', scope, 'number')
  return expr === null ? null : { value: { kind: 'number', expr }, values: null }
}

/** Which aggregations make sense of which values. */
function refuseUnfit(mapping: Mapping, agg: EntityField['agg'], { kind }: ObservedValue): void {
  const words = { text: 'a text', person: 'a person', time: 'a time' } as const
  if (kind === 'none' || kind === 'number' || agg === 'list' || agg === 'first' || agg === 'last') return
  if (kind === 'time' && agg !== 'sum') return
  mapping.source.report(
    mapping.at('agg'),
    'type_error',
    `expr of ${mapping.what} is ${words[kind]}, which has no ${agg}.`,
    kind === 'time' ? 'Use agg: min, max or list.' : 'Use agg: first, last or list.',
  )
}

function readKept(mapping: Mapping, agg: EntityField['agg'], scope: EventScope): string[] {
  const named = mapping.texts('keep') ?? []
  if (named.length > 0 && agg !== 'list')
    mapping.source.report(
      mapping.keyAt('keep'),
      'unknown_key',
      `${mapping.what} keeps texts with its observations, but is no list.`,
      'Use agg: list, or a field of its own for each text.',
    )
  const kept: string[] = []
  for (const { value, node } of named) {
    const unknown = scope.countable(value)
    if (unknown)
      mapping.source.report(node, 'unknown_name', `keep of ${mapping.what}: ${unknown.error}`, unknown.suggestion)
    else if (kept.includes(value))
      mapping.source.report(node, 'duplicate_id', `keep of ${mapping.what} names ${value} twice.`)
    else kept.push(value)
  }
  if (kept.length > MOST_KEPT)
    mapping.source.report(
      mapping.at('keep'),
      'wrong_value',
      `${mapping.what} keeps ${kept.length} texts with each observation; ${MOST_KEPT} are allowed.`,
      'Make two lists of it.',
    )
  return kept
}

function typeOf(agg: EntityField['agg'], value: ObservedValue): EntityValueType {
  if (agg === 'count' || agg === 'sum') return 'number'
  return value.kind === 'none' ? 'number' : value.kind
}
