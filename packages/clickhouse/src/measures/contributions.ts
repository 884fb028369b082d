import type { AskedRange, Entity, EntityExpression, EntityMeasure } from '@kivi/domain'
import { literal } from '../sql.ts'
import { type Asked, keptOf } from './asked.ts'
import { rangesHolding, span } from './ranges.ts'
import { fieldOf, scalarSql } from './rows.ts'
import type { Bind } from './statement.ts'

export interface ContributionScope {
  readonly entity: Entity
  /** the catalog's time zone: its name is SQL's too */
  readonly timezone: string
  readonly bind: Bind
}

/**
 * SQL of what one row of the entity contributes to measures: arrays of (measure, range, group, value, distinct), one
 * element for each range (and observation) in which it counts. In scope are the columns of entityRows and
 * `known_until`. So one pass over the rows answers all measures and ranges.
 */
export function contributionsSql(measures: readonly Asked[], scope: ContributionScope): string[] {
  const ends = measures.filter(({ measure }) => measure.timing.kind === 'end')
  // in one expression ClickHouse evaluates what several measures ask of a window only once
  const together = Map.groupBy(ends, ({ ranges }) => JSON.stringify(ranges))
  return [
    ...measures.flatMap(asked => {
      const { timing } = asked.measure
      if (timing.kind === 'end') return []
      return [timing.kind === 'at' ? atSql(asked, timing.time, scope) : eachSql(asked, timing, scope)]
    }),
    ...[...together.values()].map(asked => endsSql(asked, scope)),
  ]
}

function atSql(asked: Asked, time: EntityExpression, scope: ContributionScope): string {
  const one = contribution(asked, scope, null)
  const when = `if(${one.counts}, ${time.toSql(null)}, nan)`
  return `arrayMap(r -> ${one.as('r')}, ${rangesHolding(when, asked.ranges)})`
}

function eachSql(
  asked: Asked,
  timing: Extract<EntityMeasure['timing'], { kind: 'each' }>,
  scope: ContributionScope,
): string {
  const list = `l_${timing.list}`
  const texts = keptOf(asked) !== null
  const { from, to } = span(asked.ranges)
  // the expressions are evaluated, with all that they read, for each element: few of them, where that can be told
  const near = timing.time === null ? `arrayFilter(x -> x.1 >= ${from} AND x.1 < ${to}, ${list})` : list
  const elements = timing.per === 'day' ? dailySql(list, scope.timezone, texts) : near
  const one = contribution(asked, scope, null)
  const when = `if(${one.counts}, ${timing.time === null ? 'each_t' : timing.time.toSql(null)}, nan)`
  const ranges = rangesHolding(when, asked.ranges)
  const names = ['each_t', 'each_v', ...(texts ? ['each_k'] : [])]
  const told = names.map((_, part) => `(${elements}).${part + 1}`)
  return `arrayFlatten(arrayMap((${names.join(', ')}) -> arrayMap(r -> ${one.as('r')}, ${ranges}),
    ${told.join(', ')}))`
}

/** The observations of one local day as one: the first's time and texts, the sum of the values. */
function dailySql(list: string, timezone: string, texts: boolean): string {
  const day = `toDate32(fromUnixTimestamp64Milli(toInt64(x.1), ${literal(timezone)}))`
  const days = `arrayMap(x -> toInt32(${day}), ${list})`
  const split = `arraySplit((x, step) -> step != 0, ${list}, arrayDifference(${days}))`
  return `arrayMap(g -> (g[1].1, arraySum(g.2)${texts ? ', g[1].3' : ''}), ${split})`
}

/** Of measures that are asked over the same ranges. */
function endsSql(measures: readonly Asked[], scope: ContributionScope): string {
  const { ranges } = measures[0]!
  const elements = measures.map(asked => {
    const one = contribution(asked, scope, 'window_end')
    return `(toUInt8(${one.counts}), ${one.as('r')})`
  })
  const numbers = (values: readonly number[], type: string) => `CAST([${values.join(', ')}], 'Array(${type})')`
  const told = elements.join(',\n    ')
  const instants = (some: ReadonlyArray<readonly [place: number, range: AskedRange]>) =>
    new Map([
      [
        'r',
        numbers(
          some.map(([place]) => place),
          'Int32',
        ),
      ],
      [
        'window_start',
        numbers(
          some.map(([, range]) => range.from),
          'Float64',
        ),
      ],
      [
        'window_end',
        numbers(
          some.map(([, range]) => range.to),
          'Float64',
        ),
      ],
      // where they are not told, nobody looks at them
      [
        'previous_start',
        numbers(
          some.map(([, range]) => range.previous?.start ?? 0),
          'Float64',
        ),
      ],
      [
        'before_previous_start',
        numbers(
          some.map(([, range]) => range.previous?.before ?? 0),
          'Float64',
        ),
      ],
    ])
  const over = (some: ReadonlyArray<readonly [place: number, range: AskedRange]>) => {
    const names = instants(some)
    return `arrayMap(x -> x.2, arrayFilter(x -> x.1 != 0, arrayFlatten(arrayMap((${[...names.keys()].join(', ')}) -> [
    ${told}],
    ${[...names.values()].join(', ')}))))`
  }
  const all = [...ranges.entries()]
  // a lambda over many ranges copies the row's lists for each of them: as long as the statement stays short, one by one
  if (told.length * all.length > LONGEST_STATEMENT) return over(all)
  return all.length === 1 ? over(all) : `arrayConcat(${all.map(range => over([range])).join(',\n  ')})`
}

/** Characters; ClickHouse refuses statements of more than 256 KiB. */
const LONGEST_STATEMENT = 60_000

/** Whether the row (or observation) counts, and the tuple that it contributes to the range `r`. */
function contribution(asked: Asked, { entity, bind }: ContributionScope, until: string | null) {
  const { index, measure, by, filters } = asked
  const dimension = (name: string): string => {
    const group = measure.groups.get(name)
    if (group === undefined) throw new Error(`measure ${measure.id} does not declare the dimension ${name}`)
    return 'kept' in group ? `each_k[${group.kept + 1}]` : scalarSql(fieldOf(entity, group.field), until)
  }
  const value = measure.expr === null ? 'toFloat64(0)' : scaled(measure.expr.toSql(until), measure)
  const distinct = distinctSql(measure, until)
  const conditions = [
    ...(restsOnExistence(measure) ? ['first_seen < window_end'] : []),
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

/**
 * A row counts as of an instant of which nothing may have been observed that the measure asks for: then it has to be
 * asked whether there was the row at all.
 */
export const restsOnExistence = ({ timing, filter }: EntityMeasure): boolean =>
  timing.kind === 'end' && (filter === null || filter.needs(ANY_TIME) === null)

const ANY_TIME = { window: null, each: null, known: Number.POSITIVE_INFINITY }

/** Durations are given in the measure's unit. */
const scaled = (sql: string, { expr, scale }: EntityMeasure): string =>
  expr?.type === 'duration' && scale !== 1 ? `(${sql}) * ${scale}` : `toFloat64(${sql})`

/** What is counted once: a person, a text's hash, or the row itself; 0: nothing. */
function distinctSql({ agg, distinct }: EntityMeasure, until: string | null): string {
  if (agg !== 'count_distinct') return 'toUInt64(0)'
  if (distinct === null) return 'sipHash64(person, key)'
  const value = distinct.toSql(until)
  return distinct.type === 'text' ? `if(${value} = '', toUInt64(0), sipHash64(${value}))` : `toUInt64(${value})`
}
