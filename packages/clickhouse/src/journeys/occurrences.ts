/** Things that happened to persons, as SQL: whose, when, by which texts they are grouped, what they are worth. */
import type { Catalog, Entity, EntityExpression, EntityMeasure, Occurrences, TimeRange } from '@kivi/domain'
import type { Asked } from '../measures/asked.ts'
import { reachOf } from '../measures/reach.ts'
import { entityRows, fieldOf, scalarSql } from '../measures/rows.ts'
import { selectionOf } from '../measures/selection.ts'
import { within } from './ranges.ts'

export interface OccurrencesQuestion {
  readonly of: Occurrences
  /** dimensions whose texts are wanted: kept fields of a list, scalar texts of the entity */
  readonly dimensions: readonly string[]
  /** numbers that are wanted, over the entity's row (and each_v where it is a list) */
  readonly values: readonly EntityExpression[]
  /** only what happened in these stretches */
  readonly when: readonly TimeRange[]
  /** SQL of an instant (Float64, epoch ms): only what was known before it; null: all */
  readonly before: string | null
  /** known_until, epoch ms, and its SQL */
  readonly knownUntil: number
  readonly known: string
}

/**
 * SELECT of `person` (resolved), `t` (Int64, epoch ms), `tie` (String: orders what happened in one ms),
 * `dims Array(String)` and `v0`, `v1`, … (Float64; nan: none).
 */
export function occurrencesSql(catalog: Catalog, question: OccurrencesQuestion): string {
  const { of } = question
  const entity = catalog.entities.get(of.entity)
  if (entity === undefined) throw new Error(`the catalog has no entity ${of.entity}`)
  return of.kind === 'rows' ? rowsSql(catalog, entity, of, question) : listSql(catalog, entity, of, question)
}

function rowsSql(
  catalog: Catalog,
  entity: Entity,
  of: Extract<Occurrences, { kind: 'rows' }>,
  question: OccurrencesQuestion,
): string {
  const { before, known, dimensions, values } = question
  const scalar = (name: string) => scalarSql(fieldOf(entity, name), null)
  const fields = fieldsOf([of.at, of.filter, ...values], [...(of.person === null ? [] : [of.person]), ...dimensions])
  const texts = of.person === null ? dimensions : [...dimensions, of.person]
  const timing = { kind: 'at', time: of.at } as const
  const asked = askedOf(timing, of.filter, question, new Map(texts.map(field => [field, { field }])))
  const selection = selectionOf(catalog, entity, reachOf(entity, asked, question.knownUntil), before)
  const conditions = ['isFinite(moment)', within('moment', question.when), 'whose != 0']
  if (of.filter !== null) conditions.push(of.filter.toSql(null))
  return `SELECT whose AS person, toInt64(moment) AS t, key AS tie, ${textsSql(dimensions.map(scalar))} AS dims${numbersSql(values)}
FROM (SELECT *, ${of.person === null ? 'person' : scalar(of.person)} AS whose, ${of.at.toSql(null)} AS moment
FROM (SELECT *, ${known} AS known_until FROM (${entityRows(catalog, entity, { fields, before, kept: new Set(), ...selection })})))
WHERE ${conditions.join(' AND ')}`
}

function listSql(
  catalog: Catalog,
  entity: Entity,
  of: Extract<Occurrences, { kind: 'list' }>,
  question: OccurrencesQuestion,
): string {
  const { before, known, dimensions, values, when } = question
  const { keep, type } = fieldOf(entity, of.list)
  const own = fieldsOf(
    [of.filter, ...values],
    dimensions.filter(name => !keep.includes(name)),
  )
  const texts = dimensions.map(name =>
    keep.includes(name) ? `each_k[${keep.indexOf(name) + 1}]` : scalarSql(fieldOf(entity, name), null),
  )
  const conditions = ['person != 0', within('each_t', when), ...(of.filter === null ? [] : [of.filter.toSql(null)])]
  const timing = { kind: 'each', list: of.list, per: null, time: null } as const
  const groups = new Map(
    dimensions.map(field => [field, keep.includes(field) ? { kept: keep.indexOf(field) } : { field }] as const),
  )
  const asked = askedOf(timing, of.filter, question, groups)
  const rows = entityRows(catalog, entity, {
    fields: [...new Set([...own, of.list])],
    before,
    kept: new Set([of.list]),
    ...selectionOf(catalog, entity, reachOf(entity, asked, question.knownUntil), before),
  })
  const number = type === 'text' || type === 'person' ? 'nan' : 'toFloat64(each.2)'
  return `SELECT person, toInt64(each_t) AS t, arrayStringConcat(each_k, '\\0') AS tie, ${textsSql(texts)} AS dims${numbersSql(values)}
FROM (SELECT *, each.1 AS each_t, ${number} AS each_v, each.3 AS each_k, ${known} AS known_until
FROM (SELECT *, arrayJoin(l_${of.list}) AS each FROM (${rows})))
WHERE ${conditions.join(' AND ')}`
}

/** The occurrences as measures: what they can depend on is what a measure would. */
function askedOf(
  timing: EntityMeasure['timing'],
  filter: EntityExpression | null,
  { values, when }: OccurrencesQuestion,
  groups: EntityMeasure['groups'],
): Asked[] {
  return (values.length === 0 ? [null] : values).map(expr => ({
    index: 0,
    measure: { kind: 'entity', timing, filter, expr, distinct: null, groups } as unknown as EntityMeasure,
    ranges: when,
    by: [...groups.keys()],
    filters: [],
  }))
}

/** Fields that expressions read, and others. */
const fieldsOf = (expressions: ReadonlyArray<EntityExpression | null>, others: readonly string[]): string[] => [
  ...new Set([...expressions.flatMap(expression => expression?.fields ?? []), ...others]),
]

const textsSql = (texts: readonly string[]): string =>
  texts.length === 0 ? 'emptyArrayString()' : `[${texts.map(text => `toString(${text})`).join(', ')}]`

const numbersSql = (values: readonly EntityExpression[]): string =>
  values.map((value, index) => `, toFloat64(${value.toSql(null)}) AS v${index}`).join('')
