/**
 * What derived tables and their columns are called, and how events say whose they are: shared by those who fill the
 * tables and those who read them.
 */
import { createHash } from 'node:crypto'
import { type Catalog, COMMON_TEXT_FIELDS, type Entity } from '@kivi/domain'
import { literal } from '../sql.ts'

/** The table of an entity: another one for each version of its definition. */
export const entityTableName = ({ name, version }: Pick<Entity, 'name' | 'version'>): string =>
  `entity_${name}_${version}`

/** The column that holds a field's observations: `Array(Tuple(Float64, T, Array(String)))`, sorted. */
export const fieldColumn = (field: string): string => `f_${field}`

/** Which events say whose an anonymous id is. */
export type LinkRule = Pick<Catalog, 'linkedBy' | 'valid'>

/**
 * The table of whom anonymous ids were linked to, by the catalog's rule; null where ids are never linked.
 * A row: `anonymous` and `first`, which is the event time in ms × 2^64 + the user's hash, by its minimum.
 */
export function linksTableName({ linkedBy, valid }: LinkRule): string | null {
  if (linkedBy.length === 0) return null
  const rule = createHash('sha256').update(JSON.stringify([...linkedBy].sort()))
  if (valid) rule.update(valid.toSql())
  return `links_${rule.digest('hex').slice(0, 12)}`
}

/** Of an event with a user: its hash as a person. */
export const USER_SQL = "sipHash64(concat('u:', user_id))"
/** Of an event with an anonymous id: its hash as a person. */
export const ANONYMOUS_SQL = "sipHash64(concat('a:', anonymous_id))"
/** The person of a row of `events`; 0: nobody. An anonymous one is resolved through the links when it is read. */
export const PERSON_SQL = `if(user_id != '', ${USER_SQL}, if(anonymous_id != '', ${ANONYMOUS_SQL}, toUInt64(0)))`

/** A text field of a row of `events`, '' where the event has none. */
export function textColumn(field: string): string {
  if (field.startsWith('properties.')) return `properties[${literal(field.slice('properties.'.length))}]`
  return COMMON_TEXT_FIELDS.includes(field) ? field : `strings[${literal(field)}]`
}
