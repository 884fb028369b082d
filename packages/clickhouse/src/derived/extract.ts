/**
 * How an entity's rows are made of raw events, as SQL. A row is what one key did on one UTC day; it depends on
 * nothing but the events of that key and day, in whatever order they came.
 */
import type { Entity, EntityField, EventSelection } from '@kivi/domain'
import { literal } from '../sql.ts'
import { fieldColumn, PERSON_SQL, textColumn } from './names.ts'

/** Event types that an entity reads; null: all of them. */
export function typesOf(entity: Entity): readonly string[] | null {
  const selections = [...entity.fields.values()].flatMap(field => field.from)
  if (selections.some(selection => selection.events.length === 0)) return null
  return [...new Set(selections.flatMap(selection => selection.events))].sort()
}

/** Columns of an entity's table beside the key, in order. */
export const columnsOf = (entity: Entity): ReadonlyArray<readonly [name: string, type: string, comment: string]> =>
  [...entity.fields.values()].map(field => [
    fieldColumn(field.name),
    `Array(Tuple(Float64, ${storedType(field)}, Array(String)))`,
    'observations: time in epoch ms, value, kept fields; sorted',
  ])

function storedType({ value }: EntityField): 'Float64' | 'String' | 'UInt64' {
  if (value.kind === 'text') return 'String'
  return value.kind === 'person' ? 'UInt64' : 'Float64'
}

/**
 * The events that any field of the entity observes and that belong to a key, with their observations: `e_person`,
 * `e_key`, `e_day` (Date), `e_time`, and per field n `e_seen_n`, `e_value_n`, `e_kept_n`.
 *
 * @param where SQL over `events`: which ones
 */
function observations(entity: Entity, where: string): string {
  const fields = [...entity.fields.values()]
  const columns = fields.flatMap((field, n) => [
    `${valueSql(field)} AS e_value_${n}`,
    `toUInt8(${[selectedSql(field.from), ...presentSql(field, `e_value_${n}`)].join(' AND ')}) AS e_seen_${n}`,
    `${keptSql(field)} AS e_kept_${n}`,
  ])
  return `SELECT ${personOf(entity)} AS e_person, ${keySql(entity)} AS e_key, toDate(event_time, 'UTC') AS e_day,
  toFloat64(toUnixTimestamp64Milli(event_time)) AS e_time,
  ${columns.join(',\n  ')}
FROM events
WHERE ${[where, ...keyPresent(entity)].join('\n  AND ')}
  AND (${fields.map((_, n) => `e_seen_${n}`).join(' OR ')})`
}

/** The rows of the events that `where` selects; it must select whole keys and days. */
export function rowsSql(entity: Entity, where: string): string {
  const lists = [...entity.fields.values()].map(
    (_, n) => `arraySort(groupArrayIf((e_time, e_value_${n}, e_kept_${n}), e_seen_${n}))`,
  )
  return `SELECT e_person, e_key, e_day, ${[...lists, 'count()'].join(', ')}
FROM (${observations(entity, where)})
GROUP BY e_person, e_key, e_day`
}

/** The (e_person, e_key, e_day) that the events that `where` selects belong to; each once. */
export const keysSql = (entity: Entity, where: string): string =>
  `SELECT DISTINCT e_person, e_key, e_day FROM (${observations(entity, where)})`

/** The key and day of an event as one tuple, to compare with `keysSql`. */
export const keyTuple = (entity: Entity): string =>
  `(${personOf(entity)}, ${keySql(entity)}, toDate(event_time, 'UTC'))`

/** A number that is evenly spread over keys, the same for each event of one key. */
export const spreadOf = (entity: Entity): string => `cityHash64(${personOf(entity)}, ${keySql(entity)})`

const personOf = (entity: Entity): string => (entity.key.includes('person') ? PERSON_SQL : 'toUInt64(0)')

/** what was done under a session_id is a row of its own; the rest of a person is cut when it is read */
const SESSION_SQL = "if(session_id = '', '', toJSONString([session_id]))"

const textsOf = (entity: Entity): readonly string[] => entity.key.filter(part => part !== 'person').map(textColumn)

function keySql(entity: Entity): string {
  const texts = textsOf(entity)
  if (entity.split !== null) return SESSION_SQL
  return texts.length === 0 ? "''" : `toJSONString([${texts.map(text => `toString(${text})`).join(', ')}])`
}

function keyPresent(entity: Entity): string[] {
  const person = entity.key.includes('person') ? ["(user_id != '' OR anonymous_id != '')"] : []
  return [...person, ...textsOf(entity).map(text => `${text} != ''`)]
}

/** SQL of whether an event is selected by one of them. */
export function selectedSql(selections: readonly EventSelection[]): string {
  const arms = selections.map(({ events, filter }) => {
    const conditions = [
      ...(events.length === 0 ? [] : [`event_type IN (${events.map(literal).join(', ')})`]),
      ...(filter === null ? [] : [`(${filter.toSql()})`]),
    ]
    return conditions.length === 0 ? '1' : conditions.join(' AND ')
  })
  return `(${arms.map(arm => `(${arm})`).join(' OR ')})`
}

function valueSql({ value }: EntityField): string {
  switch (value.kind) {
    case 'none':
      return 'toFloat64(1)'
    case 'number':
      return `toFloat64(ifNull(${value.expr.toSql()}, nan))`
    case 'text':
      return `toString(${textColumn(value.field)})`
    case 'time':
      return 'toFloat64(toUnixTimestamp64Milli(event_time))'
    case 'person':
      return PERSON_SQL
  }
}

/** An event that has no data for the value is no observation, so that no list holds a null. */
function presentSql({ value }: EntityField, column: string): string[] {
  switch (value.kind) {
    case 'none':
    case 'time':
      return []
    case 'number':
      return [`isFinite(${column})`]
    case 'text':
      return [`${column} != ''`]
    case 'person':
      return [`${column} != 0`]
  }
}

const keptSql = ({ keep }: EntityField): string =>
  keep.length === 0 ? 'emptyArrayString()' : `[${keep.map(name => `toString(${textColumn(name)})`).join(', ')}]`
