import type { AskedRange, DimensionFilter, EntityMeasure } from '@kivi/domain'

/** One measure of one question. */
export interface Asked {
  /** its number in the statement */
  readonly index: number
  readonly measure: EntityMeasure
  readonly ranges: readonly AskedRange[]
  readonly by: readonly string[]
  readonly filters: readonly DimensionFilter[]
}

/** Expressions that a measure evaluates. */
function expressionsOf({ timing, filter, expr, distinct }: EntityMeasure) {
  const time = timing.kind === 'end' ? null : timing.time
  return [filter, expr, distinct, time].filter(expression => expression !== null)
}

/** Groups of the dimensions by which it is asked. */
const groupsOf = ({ measure, by, filters }: Asked) =>
  [...by, ...filters.map(filter => filter.field)].flatMap(name => measure.groups.get(name) ?? [])

/** Fields and peers that are read. */
export function fieldsOf(asked: Asked): string[] {
  const { timing } = asked.measure
  return [
    ...expressionsOf(asked.measure).flatMap(expression => expression.fields),
    ...(timing.kind === 'each' ? [timing.list] : []),
    ...groupsOf(asked).flatMap(group => ('field' in group ? [group.field] : [])),
  ]
}

/** The list of which each observation's texts are read; null: none. */
export function keptOf(asked: Asked): string | null {
  const { timing } = asked.measure
  if (timing.kind !== 'each') return null
  const read =
    groupsOf(asked).some(group => 'kept' in group) ||
    expressionsOf(asked.measure).some(expression => expression.uses.includes('each_k'))
  return read ? timing.list : null
}

/** Fields whose one value is a dimension that is asked. */
export const groupFieldsOf = (asked: Asked): string[] =>
  groupsOf(asked).flatMap(group => ('field' in group ? [group.field] : []))
