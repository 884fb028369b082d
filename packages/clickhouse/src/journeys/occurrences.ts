/** Things that happened to persons, as SQL: whose, when, by which texts they are grouped, what they are worth. */
import type { Catalog, Entity, EntityExpression, EntityField, Occurrences, TimeRange, Zone } from '@kivi/domain'
import { entityTableName, fieldColumn } from '../derived/names.ts'
import { foldRows, scalarSql } from './fold.ts'
import { withPersons } from './persons.ts'
import { within } from './ranges.ts'

export interface OccurrencesQuestion {
  readonly of: Occurrences
  /** dimensions whose texts are wanted */
  readonly dimensions: readonly string[]
  /** numbers that are wanted, over the entity's row (each_v where it is a list) */
  readonly values: readonly EntityExpression[]
  /** only what happened in these stretches */
  readonly when: readonly TimeRange[]
  /** only what was known before this instant; null: all */
  readonly until: number | null
  /** known_until of expressions, epoch ms */
  readonly known: number
}

/**
 * A subquery with `person` (resolved), `t` (Int64, epoch ms), `tie` (String: orders what happened in one ms),
 * `dims Array(String)` and `v0`, `v1`, … (Float64; nan: none).
 */
export function occurrencesSql(catalog: Catalog, zone: Zone, question: OccurrencesQuestion): string {
  const entity = catalog.entities.get(question.of.entity)
  if (entity === undefined) throw new Error(`the catalog has no entity ${question.of.entity}`)
  return question.of.kind === 'rows'
    ? rowsSql(catalog, entity, question.of, question)
    : listSql(catalog, zone, entity, question.of, question)
}

function rowsSql(
  catalog: Catalog,
  entity: Entity,
  of: Extract<Occurrences, { kind: 'rows' }>,
  question: OccurrencesQuestion,
): string {
  const { until } = question
  const expressions = [of.at, ...(of.filter === null ? [] : [of.filter]), ...question.values]
  const fields = new Set(expressions.flatMap(expression => expression.fields))
  for (const name of [of.person, ...question.dimensions]) if (name !== null) fields.add(name)
  const scalar = (name: string) => scalarSql(fieldOf(entity, name), until)
  const whose = of.person === null ? 'person' : scalar(of.person)
  // a filter keeps the row as it is known; what is not yet known of `at` is nan
  const inner = `(SELECT ${scope(question.known, until)}, ${whose} AS whose, ${of.at.toSql(bound(until))} AS moment, key AS tie,
    ${dimsSql(question.dimensions.map(scalar))} AS dims${valuesSql(question)}
  FROM ${foldRows(catalog, entity, { fields: [...fields].sort(), until })}
  WHERE isFinite(moment)${of.filter === null ? '' : ` AND ${of.filter.toSql(bound(until))}`})`
  const timed = `(SELECT whose, toInt64(moment) AS t, tie, dims${valueNames(question, ', ')} FROM ${inner} WHERE ${within('t', question.when)})`
  // the fold has resolved the key's person; one that a field holds is as its event said it
  return withPersons(catalog, timed, ['t', 'tie', 'dims', ...valueList(question)], until)
}

function listSql(
  catalog: Catalog,
  zone: Zone,
  entity: Entity,
  of: Extract<Occurrences, { kind: 'list' }>,
  question: OccurrencesQuestion,
): string {
  const { until } = question
  const list = fieldOf(entity, of.list)
  const expressions = [...(of.filter === null ? [] : [of.filter]), ...question.values]
  const fields = new Set(expressions.flatMap(expression => expression.fields))
  const own = question.dimensions.filter(name => !list.keep.includes(name))
  for (const name of own) fields.add(name)
  const dims = question.dimensions.map(name =>
    list.keep.includes(name) ? `o.3[${list.keep.indexOf(name) + 1}]` : scalarSql(fieldOf(entity, name), until),
  )
  // nothing but the list itself is asked for: days outside need not be read, and rows need not be folded
  const source =
    fields.size === 0 && entity.split === null
      ? daysOf(entity, list.name, zone, question.when)
      : foldRows(catalog, entity, { fields: [...new Set([...fields, list.name])].sort(), until })
  const eachValue = list.type === 'text' || list.type === 'person' ? 'nan' : 'toFloat64(o.2)'
  const inner = `(SELECT ${scope(question.known, until)}, person AS whose, arrayJoin(l_${list.name}) AS o, o.1 AS each_t, ${eachValue} AS each_v,
    toInt64(o.1) AS t, arrayStringConcat(o.3, '\\0') AS tie, ${dimsSql(dims)} AS dims${valuesSql(question)}
  FROM ${source}
  WHERE ${within('t', question.when)}${of.filter === null ? '' : ` AND ${of.filter.toSql(bound(until))}`})`
  return withPersons(catalog, inner, ['t', 'tie', 'dims', ...valueList(question)], until)
}

/** The stored (key, day) rows of the days that the stretches touch, as if they were rows of the entity. */
function daysOf(entity: Entity, list: string, zone: Zone, when: readonly TimeRange[]): string {
  const days = when.map(({ from, to }) => `day BETWEEN ${dayNumber(zone, from)} AND ${dayNumber(zone, to - 1)}`)
  return `(SELECT person, ${fieldColumn(list)} AS l_${list} FROM ${entityTableName(entity)} FINAL
    WHERE ${days.length === 0 ? '0' : days.join(' OR ')})`
}

/** What a Date can be: from 1970 to 2149. */
const dayNumber = (zone: Zone, instant: number): string =>
  `toDate(${Math.min(65_535, Math.max(0, zone.day(instant).date))})`

function fieldOf(entity: Entity, name: string): EntityField {
  const field = entity.fields.get(name)
  if (field === undefined) throw new Error(`the entity ${entity.name} has no field ${name}`)
  return field
}

const bound = (until: number | null): string | null => (until === null ? null : `toFloat64(${until})`)
const scope = (known: number, _until: number | null): string => `toFloat64(${known}) AS known_until`
const dimsSql = (values: readonly string[]): string =>
  values.length === 0 ? 'emptyArrayString()' : `[${values.map(value => `toString(${value})`).join(', ')}]`
const valueList = (question: OccurrencesQuestion): string[] => question.values.map((_, index) => `v${index}`)
const valueNames = (question: OccurrencesQuestion, before: string): string =>
  valueList(question)
    .map(name => `${before}${name}`)
    .join('')
const valuesSql = (question: OccurrencesQuestion): string =>
  question.values.map((value, index) => `, ${value.toSql(bound(question.until))} AS v${index}`).join('')
