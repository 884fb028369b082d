import type { Aggregation, EntityMeasure } from '@kivi/domain'
import type { CompiledEntityExpression } from '../../expression/entity/compile.ts'
import type { Keys, Mapping } from '../../mapping.ts'
import { didYouMean } from '../../suggest.ts'
import { AGGREGATIONS, MOST_DIMENSIONS, readKnownUnit, readQuantile, readUnit } from '../measures.ts'
import { findNamed, type Named } from '../named.ts'
import { labelOf, readText } from '../text.ts'
import type { CompiledEntity, EntityWorld } from './compiled.ts'
import { readEntityExpression } from './expressions.ts'
import { type Place, scopeOfEntity } from './scope.ts'
import { readFollowUp, readTiming } from './timing.ts'

export const ENTITY_MEASURE_KEYS: Keys = {
  known: [
    ...['label', 'description', 'entity', 'at', 'each', 'per', 'time', 'as_of', 'filter', 'agg', 'expr', 'distinct'],
    ...['quantile', 'dimensions', 'follow_up', 'follow_up_days', 'unit', 'empty', 'better'],
  ],
}

/** milliseconds of the units in which durations can be given */
const TIME_UNITS: Readonly<Record<string, number>> = {
  seconds: 1000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
}

/** Reads one measure over an entity; what is wrong is reported, and null returned where nothing usable is left. */
export function readEntityMeasure(
  id: string,
  mapping: Mapping,
  entities: Named<CompiledEntity>,
  world: EntityWorld,
): EntityMeasure | null {
  const entity = findNamed(mapping, 'entity', entities)
  const agg = mapping.require('agg') ? mapping.oneOf('agg', AGGREGATIONS) : undefined
  if (entity === null || agg === undefined) return null
  const timing = readTiming(mapping, entity, world)
  if (timing === null) return null
  const place: Place = {
    each: timing.kind === 'each' ? timing.list : null,
    window: timing.kind === 'end',
    before: timing.kind === 'end',
    known: true,
  }
  const scope = scopeOfEntity(entity, world, place)
  const filter = readEntityExpression(mapping, 'filter', scope, ['boolean'])
  const takesExpr = agg !== 'count' && agg !== 'count_distinct'
  if (takesExpr) mapping.require('expr')
  else refuseKey(mapping, 'expr', agg, agg === 'count' ? 'use agg: sum' : 'name what is distinct in distinct')
  const expr = takesExpr ? readEntityExpression(mapping, 'expr', scope, ['number', 'duration']) : null
  if (agg !== 'count_distinct') refuseKey(mapping, 'distinct', agg, 'use agg: count_distinct')
  const distinct =
    agg === 'count_distinct' ? readEntityExpression(mapping, 'distinct', scope, ['text', 'person']) : null
  const { unit, scale } = readScale(mapping, agg, expr)
  const groups = readGroups(mapping, entity, place)
  return {
    kind: 'entity',
    id,
    label: readText(mapping, 'label') ?? labelOf(id),
    description: readText(mapping, 'description') ?? { en: '' },
    entity: entity.name,
    timing,
    filter,
    agg,
    expr,
    scale,
    distinct,
    groups,
    dimensions: [...groups.keys()],
    unit,
    quantile: readQuantile(mapping, agg),
    followUp: readFollowUp(mapping, timing),
    empty: mapping.oneOf('empty', ['zero', 'null']) ?? (takesExpr && agg !== 'sum' ? 'null' : 'zero'),
    better: mapping.oneOf('better', ['higher', 'lower']) ?? 'higher',
  }
}

function refuseKey(mapping: Mapping, key: string, agg: Aggregation, instead: string): void {
  if (!mapping.has(key)) return
  mapping.source.report(
    mapping.keyAt(key),
    'unknown_key',
    `agg: ${agg} of ${mapping.what} takes no ${key}.`,
    `Leave it out, or ${instead}.`,
  )
}

function readScale(
  mapping: Mapping,
  agg: Aggregation,
  expr: CompiledEntityExpression | null,
): { readonly unit: string; readonly scale: number } {
  if (expr?.type !== 'duration') return { unit: readUnit(mapping, agg), scale: 1 }
  const unit = readKnownUnit(mapping)
  const ms = unit === undefined ? undefined : TIME_UNITS[unit]
  if (unit !== undefined && ms !== undefined) return { unit, scale: 1 / ms }
  if (unit !== undefined || !mapping.has('unit'))
    mapping.source.report(
      mapping.has('unit') ? mapping.at('unit') : mapping.keyOf(),
      'wrong_unit',
      `expr of ${mapping.what} is a duration${unit === undefined ? '' : `, which is not given in ${unit}`}.`,
      `Its unit can be ${Object.keys(TIME_UNITS).join(', ')}.`,
    )
  return { unit: 'seconds', scale: 1 / 1000 }
}

function readGroups(mapping: Mapping, entity: CompiledEntity, { each }: Place): EntityMeasure['groups'] {
  const groups = new Map<string, { readonly field: string } | { readonly kept: number }>()
  const kept = each ? (entity.fields.get(each)?.keep ?? []) : []
  for (const { value, node } of mapping.texts('dimensions') ?? []) {
    const field = entity.fields.get(value)
    if (groups.has(value))
      mapping.source.report(node, 'duplicate_id', `dimensions of ${mapping.what} name ${value} twice.`)
    else if (kept.includes(value)) groups.set(value, { kept: kept.indexOf(value) })
    else if (field !== undefined && field.agg !== 'list' && field.type === 'text') groups.set(value, { field: value })
    else refuseDimension(mapping, node, value, entity, kept)
  }
  if (groups.size > MOST_DIMENSIONS)
    mapping.source.report(
      mapping.at('dimensions'),
      'wrong_value',
      `${mapping.what} has ${groups.size} dimensions; ${MOST_DIMENSIONS} are allowed.`,
      'Make two measures of it.',
    )
  return groups
}

function refuseDimension(
  mapping: Mapping,
  node: Parameters<Mapping['source']['report']>[0],
  name: string,
  entity: CompiledEntity,
  kept: readonly string[],
): void {
  const field = entity.fields.get(name)
  const texts = [...entity.fields.values()].filter(f => f.agg !== 'list' && f.type === 'text').map(f => f.name)
  mapping.source.report(
    node,
    field === undefined ? 'unknown_name' : 'type_error',
    field === undefined
      ? `dimensions of ${mapping.what}: ${entity.name} has no field ${name}.`
      : `dimensions of ${mapping.what}: ${name} is not one text of ${entity.name}.`,
    didYouMean(name, [...kept, ...texts]) ?? `Give ${entity.name} a field such as { agg: first, expr: ${name} }.`,
  )
}
