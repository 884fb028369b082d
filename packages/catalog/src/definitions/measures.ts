import type { Aggregation, EventType, Measure } from '@kivi/domain'
import { bothOf, type CompiledExpression } from '../expression/compile.ts'
import type { Keys, Mapping } from '../mapping.ts'
import { didYouMean } from '../suggest.ts'
import { type EventScope, eventScope } from './event-scope.ts'
import { type InvalidTraffic, readTraffic } from './invalid-traffic.ts'
import { readExpression, reportExpression } from './read-expression.ts'
import { labelOf, readText } from './text.ts'
import { UNITS } from './units.ts'

export interface CompiledMeasure extends Measure {
  readonly filter: CompiledExpression | null
  readonly expr: CompiledExpression | null
}

export const MEASURE_KEYS: Keys = {
  known: [
    'label',
    'description',
    'event',
    'filter',
    'agg',
    'expr',
    'distinct',
    'quantile',
    'dimensions',
    'traffic',
    'unit',
    'better',
  ],
}

export const AGGREGATIONS: readonly Aggregation[] = ['count', 'sum', 'mean', 'min', 'max', 'count_distinct', 'quantile']

/** Each combination of values is a row of its own in every slice: more dimensions than this are a mistake. */
export const MOST_DIMENSIONS = 8

/** Reads one measure; what is wrong is reported, and null returned where nothing usable is left. */
export function readMeasure(
  id: string,
  mapping: Mapping,
  eventTypes: ReadonlyMap<string, EventType>,
  traffic: InvalidTraffic,
): CompiledMeasure | null {
  if (!mapping.require('event', 'agg')) return null
  const agg = mapping.oneOf('agg', AGGREGATIONS)
  const events = readEvents(mapping, eventTypes)
  if (agg === undefined || events === null) return null
  const scope = eventScope((events.length === 0 ? [...eventTypes.keys()] : events).map(name => eventTypes.get(name)!))
  const filter = readFilter(mapping, scope, traffic)
  const needsExpr = agg !== 'count' && agg !== 'count_distinct'
  if (needsExpr) mapping.require('expr')
  else if (mapping.has('expr')) {
    const advice = agg === 'count' ? 'Leave it out, or use agg: sum.' : 'Name the field in distinct instead.'
    mapping.source.report(mapping.keyAt('expr'), 'unknown_key', `agg: ${agg} of ${mapping.what} takes no expr.`, advice)
  }
  const expr = needsExpr ? readExpression(mapping, 'expr', scope, 'number') : null
  return {
    id,
    label: readText(mapping, 'label') ?? labelOf(id),
    description: readText(mapping, 'description') ?? { en: '' },
    events,
    filter,
    agg,
    expr,
    distinct: readDistinct(mapping, agg, scope),
    dimensions: readDimensions(mapping, scope),
    unit: readUnit(mapping, agg),
    quantile: readQuantile(mapping, agg),
    better: mapping.oneOf('better', ['higher', 'lower']) ?? 'higher',
  }
}

/** `event: click`, `event: [click, page_view]`, or `event: '*'` for all (an empty list). */
function readEvents(mapping: Mapping, eventTypes: ReadonlyMap<string, EventType>): string[] | null {
  const named = mapping.someTexts('event')
  if (named === undefined || named.length === 0) return null
  if (named.length === 1 && named[0]!.value === '*') return []
  let known = true
  for (const { value, node } of named) {
    if (eventTypes.has(value)) continue
    known = false
    mapping.source.report(
      node,
      'unknown_name',
      `there is no event type ${value}.`,
      didYouMean(value, eventTypes.keys()) ?? `Add events/${value}.avsc to declare it.`,
    )
  }
  return known ? [...new Set(named.map(n => n.value))].sort() : null
}

/** What events fulfil that the measure counts: its filter, and that they are no invalid traffic. */
function readFilter(mapping: Mapping, scope: EventScope, traffic: InvalidTraffic): CompiledExpression | null {
  const own = readExpression(mapping, 'filter', scope, 'boolean')
  const counted = readTraffic(mapping, traffic)
  if (counted === null) return own
  try {
    const all = own === null ? counted : bothOf(own, counted)
    // to count what is invalid is the measure's own affair, to leave it out is everybody's
    return counted === traffic.valid ? { ...all, parts: { own, shared: counted } } : all
  } catch (error) {
    reportExpression(mapping, 'filter', error)
    return null
  }
}

function readDistinct(mapping: Mapping, agg: Aggregation, scope: EventScope): string | null {
  if (agg !== 'count_distinct') {
    if (mapping.has('distinct'))
      mapping.source.report(
        mapping.keyAt('distinct'),
        'unknown_key',
        `agg: ${agg} of ${mapping.what} takes no distinct.`,
        'Use agg: count_distinct.',
      )
    return null
  }
  if (!mapping.require('distinct')) return null
  const field = mapping.text('distinct')
  if (field === undefined || field === 'person') return field ?? null
  const unknown = scope.countable(field)
  if (unknown)
    mapping.source.report(
      mapping.at('distinct'),
      'unknown_name',
      `distinct of ${mapping.what}: ${unknown.error}`,
      unknown.suggestion ?? 'Write person, or a text field.',
    )
  return field
}

function readDimensions(mapping: Mapping, scope: EventScope): string[] {
  const named = mapping.texts('dimensions') ?? []
  const dimensions: string[] = []
  for (const { value, node } of named) {
    const unknown = scope.dimension(value)
    if (unknown)
      mapping.source.report(node, 'unknown_name', `dimensions of ${mapping.what}: ${unknown.error}`, unknown.suggestion)
    else if (dimensions.includes(value))
      mapping.source.report(node, 'duplicate_id', `dimensions of ${mapping.what} name ${value} twice.`)
    else dimensions.push(value)
  }
  if (dimensions.length > MOST_DIMENSIONS) {
    mapping.source.report(
      mapping.at('dimensions'),
      'wrong_value',
      `${mapping.what} has ${dimensions.length} dimensions; ${MOST_DIMENSIONS} are allowed.`,
      'Make two measures of it.',
    )
  }
  return dimensions
}

export function readUnit(mapping: Mapping, agg: Aggregation): string {
  const counts = agg === 'count' || agg === 'count_distinct'
  const unit = readKnownUnit(mapping)
  if (counts && unit !== undefined && unit !== 'count')
    mapping.source.report(
      mapping.at('unit'),
      'wrong_unit',
      `agg: ${agg} of ${mapping.what} gives a count, not ${unit}.`,
      'Leave unit out.',
    )
  if (!counts && unit === 'percent')
    mapping.source.report(
      mapping.at('unit'),
      'wrong_unit',
      `a measure such as ${mapping.what} is no share of anything.`,
      'Declare an indicator of type ratio for it.',
    )
  return counts ? 'count' : (unit ?? 'number')
}

export function readKnownUnit(mapping: Mapping): string | undefined {
  const unit = mapping.text('unit')
  if (unit === undefined || (UNITS as readonly string[]).includes(unit)) return unit
  mapping.source.report(
    mapping.at('unit'),
    'wrong_unit',
    `${mapping.what} has the unknown unit ${unit}.`,
    didYouMean(unit, UNITS),
  )
  return undefined
}

export function readQuantile(mapping: Mapping, agg: Aggregation): number | null {
  if (agg !== 'quantile') {
    if (mapping.has('quantile'))
      mapping.source.report(
        mapping.keyAt('quantile'),
        'unknown_key',
        `agg: ${agg} of ${mapping.what} takes no quantile.`,
        'Use agg: quantile.',
      )
    return null
  }
  if (!mapping.require('quantile')) return null
  const quantile = mapping.number('quantile')
  if (quantile !== undefined && (quantile <= 0 || quantile >= 1))
    mapping.source.report(
      mapping.at('quantile'),
      'wrong_value',
      `quantile of ${mapping.what} must lie between 0 and 1.`,
      'The median is 0.5.',
    )
  return quantile ?? null
}
