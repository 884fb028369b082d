/** A table that follows the events: how its rows are written for whole days, and for the keys that changed. */
import type { Catalog, Entity } from '@kivi/domain'
import { createTable, type TableDefinition, type Target } from '../migrations/table.ts'
import { identifier, literal } from '../sql.ts'
import { keysSql, keyTuple, rowsSql, spreadOf, typesOf } from './extract.ts'
import { ANONYMOUS_SQL, type LinkRule, USER_SQL } from './names.ts'
import { entityTable, linksTable } from './tables.ts'

export interface DerivedTable {
  readonly definition: TableDefinition
  /** for people: the entity's name, or `links` */
  readonly label: string
  /** event types that it reads; null: all */
  readonly types: readonly string[] | null
  /** a SELECT of its rows from all events that `where` selects: whole keys and days */
  rows(where: string): string
  /** a SELECT of `day` (days since 1970) and `keys`: how many rows the events that `where` selects have changed */
  changed(where: string): string
  /** a SELECT of the rows to be written anew; `changed` selects the events that changed them, both are within `range` */
  changedRows(range: string, changed: string): string
  /** SQL of a number by which rows can be divided; null: they need not be */
  readonly spread: string | null
}

/** The tables that the catalog asks for. */
export function derivedTables(catalog: Pick<Catalog, 'entities'> & LinkRule): DerivedTable[] {
  const links = linksTable(catalog)
  return [
    ...(links === null ? [] : [linksDerived(links, catalog)]),
    ...[...catalog.entities.values()].map(entityDerived),
  ]
}

function entityDerived(entity: Entity): DerivedTable {
  return {
    definition: entityTable(entity),
    label: entity.name,
    types: typesOf(entity),
    rows: where => rowsSql(entity, where),
    changed: where => `SELECT toUInt32(e_day) AS day, count() AS keys FROM (${keysSql(entity, where)}) GROUP BY day`,
    // GLOBAL: in a cluster the keys are gathered from all shards first
    changedRows: (range, changed) =>
      rowsSql(entity, `${range}\n  AND ${keyTuple(entity)} GLOBAL IN (${keysSql(entity, `${range} AND ${changed}`)})`),
    spread: spreadOf(entity),
  }
}

/** A minimum needs no other events than those that are new. */
function linksDerived(definition: TableDefinition, { linkedBy, valid }: LinkRule): DerivedTable {
  const types = linkedBy.includes('*') ? null : linkedBy
  const counted = valid ? ` AND ${valid.toSql()}` : ''
  const both = (where: string): string => `${where} AND user_id != '' AND anonymous_id != ''${counted}`
  const rows = (where: string): string =>
    `SELECT ${ANONYMOUS_SQL} AS e_anonymous,
  min(bitShiftLeft(toUInt128(greatest(toUnixTimestamp64Milli(event_time), 0)), 64) + ${USER_SQL})
FROM events WHERE ${both(where)} GROUP BY e_anonymous`
  return {
    definition,
    label: 'links',
    types,
    rows,
    changed: where =>
      `SELECT toUInt32(toDate(event_time, 'UTC')) AS day, uniqExact(${ANONYMOUS_SQL}) AS keys
FROM events WHERE ${both(where)} GROUP BY day`,
    changedRows: (range, changed) => rows(`${range} AND ${changed}`),
    spread: null,
  }
}

/** `INSERT` of a SELECT that gives the table's columns in order. */
export const insertInto = ({ definition }: DerivedTable, select: string): string =>
  `INSERT INTO ${identifier(definition.name)} (${definition.columns.map(([name]) => identifier(name)).join(', ')})\n${select}`

export const createDerived = (target: Target, { definition }: DerivedTable): string[] => createTable(target, definition)

/** SQL: the event is of one of these types; null: of any. */
export const ofTypes = (types: readonly string[] | null): string =>
  types === null ? '1' : `event_type IN (${types.map(literal).join(', ')})`

const instant = (ms: number): string => `fromUnixTimestamp64Milli(toInt64(${ms}), 'UTC')`

/** SQL: the event happened in [from, to), epoch ms. */
export const within = (from: number, to: number): string =>
  `event_time >= ${instant(from)} AND event_time < ${instant(to)}`
