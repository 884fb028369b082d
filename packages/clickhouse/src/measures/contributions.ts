import type { DimensionFilter, Entity, EntityExpression, EntityMeasure, TimeRange } from '@kivi/domain'
import { rangesHolding, span } from './ranges.ts'
import { fieldOf, scalarSql } from './rows.ts'
import type { Bind } from './statement.ts'

/** One measure of one question. */
export interface Asked {
  /** its number in the statement */
  readonly index: number
  readonly measure: EntityMeasure
  readonly ranges: readonly TimeRange[]
  readonly by: readonly string[]
  readonly filters: readonly DimensionFilter[]
}

/** The catalog's time zone: its name is SQL's too. */
export interface ContributionScope {
  readonly entity: Entity
  readonly timezone: string
  readonly bind: Bind
}

/**
 * SQL of what one row of the entity contributes to a measure: an array of (measure, range, group, value, distinct),
 * one element for each range (and observation) in which it counts. In scope are the columns of entityRows and
 * `known_until`. So one pass over the rows answers all measures and ranges.
 */
export function contributionsSql(asked: Asked, scope: ContributionScope): string {
  switch (asked.measure.timing.kind) {
    case 'at':
      return atSql(asked, asked.measure.timing.time, scope)
    case 'each':
      return eachSql(asked, asked.measure.timing, scope)
    case 'end':
      return endSql(asked, scope)
  }
}

function atSql(asked: Asked, time: EntityExpression, scope: ContributionScope): string {
  const one = contribution(asked, scope, null)
  const when = `if(${one.counts}, ${time.toSql(null)}, nan)`
  return `arrayMap(r -> ${one.as('r')}, ${rangesHolding(when, asked.ranges, scope.bind)})`
}

function eachSql(
  asked: Asked,
  timing: Extract<EntityMeasure['timing'], { kind: 'each' }>,
  scope: ContributionScope,
): string {
  const list = `l_${timing.list}`
  const { from, to } = span(asked.ranges)
  // the expressions are evaluated, with all that they read, for each element: few of them, where that can be told
  const near = timing.time === null ? `arrayFilter(x -> x.1 >= ${from} AND x.1 < ${to}, ${list})` : list
  const elements = timing.per === 'day' ? dailySql(list, scope.timezone) : near
  const one = contribution(asked, scope, null)
  const when = `if(${one.counts}, ${timing.time === null ? 'each_t' : timing.time.toSql(null)}, nan)`
  const ranges = rangesHolding(when, asked.ranges, scope.bind)
  return `arrayFlatten(arrayMap((each_t, each_v, each_k) -> arrayMap(r -> ${one.as('r')}, ${ranges}),
    (${elements}).1, (${elements}).2, (${elements}).3))`
}

/** The observations of one local day as one: the first's time and texts, the sum of the values. */
function dailySql(list: string, timezone: string): string {
  const day = `toDate32(fromUnixTimestamp64Milli(toInt64(x.1)), '${timezone}')`
  const days = `arrayMap(x -> toInt32(${day}), ${list})`
  const split = `arraySplit((x, step) -> step != 0, ${list}, arrayDifference(${days}))`
  return `arrayMap(g -> (g[1].1, arraySum(g.2), g[1].3), ${split})`
}

function endSql(asked: Asked, scope: ContributionScope): string {
  const one = contribution(asked, scope, 'window_end')
  const bind = (pick: (range: TimeRange) => number) => scope.bind(asked.ranges.map(pick), 'Array(Float64)')
  const indexes = scope.bind(
    asked.ranges.map((_, index) => index),
    'Array(Int32)',
  )
  return `arrayMap(x -> x.2, arrayFilter(x -> x.1, arrayMap((r, window_start, window_end) -> (${one.counts}, ${one.as('r')}),
    ${indexes}, ${bind(range => range.from)}, ${bind(range => range.to)})))`
}

/** Whether the row (or observation) counts, and the tuple that it contributes to the range `r`. */
function contribution(
  { index, measure, by, filters }: Asked,
  { entity, bind }: ContributionScope,
  until: string | null,
) {
  const dimension = (name: string): string => {
    const group = measure.groups.get(name)
    if (group === undefined) throw new Error(`measure ${measure.id} does not declare the dimension ${name}`)
    return 'kept' in group ? `each_k[${group.kept + 1}]` : scalarSql(fieldOf(entity, group.field), until)
  }
  const value = measure.expr === null ? '0.' : `toFloat64(${scaled(measure.expr.toSql(until), measure)})`
  const distinct = distinctSql(measure, until)
  const conditions = [
    ...(measure.filter === null ? [] : [`(${measure.filter.toSql(until)})`]),
    ...(measure.expr === null ? [] : [`isFinite(${value})`]),
    ...(measure.agg === 'count_distinct' && measure.distinct !== null ? [`${distinct} != 0`] : []),
    ...filters.map(filter => `has(${bind(filter.values, 'Array(String)')}, ${dimension(filter.field)})`),
  ]
  const group = by.length === 0 ? 'emptyArrayString()' : `[${by.map(dimension).join(', ')}]`
  return {
    counts: conditions.length === 0 ? '1' : conditions.join(' AND '),
    as: (range: string) => `(toUInt32(${index}), ${range}, ${group}, ${value}, ${distinct})`,
  }
}

/** Durations are given in the measure's unit. */
const scaled = (sql: string, { expr, scale }: EntityMeasure): string =>
  expr?.type === 'duration' && scale !== 1 ? `(${sql}) * ${scale}` : sql

/** What is counted once: a person, a text's hash, or the row itself; 0: nothing. */
function distinctSql({ agg, distinct }: EntityMeasure, until: string | null): string {
  if (agg !== 'count_distinct') return 'toUInt64(0)'
  if (distinct === null) return 'sipHash64(person, key)'
  const value = distinct.toSql(until)
  return distinct.type === 'text' ? `if(${value} = '', toUInt64(0), sipHash64(${value}))` : `toUInt64(${value})`
}
