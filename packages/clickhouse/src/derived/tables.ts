import type { Entity } from '@kivi/domain'
import type { TableDefinition } from '../migrations/table.ts'
import { columnsOf } from './extract.ts'
import { entityTableName, type LinkRule, linksTableName } from './names.ts'

/** In a cluster derived tables are the same on every host: they are small beside the events that they are made of. */
export const entityTable = (entity: Entity): TableDefinition => ({
  name: entityTableName(entity),
  engine: 'ReplacingMergeTree(events)',
  columns: [
    ['person', 'UInt64', 'as its events say it; 0 where the key has none'],
    ['key', 'String', "the rest of the key as a JSON array, '' where there is none", 'CODEC(ZSTD(1))'],
    ['day', 'Date', 'UTC'],
    ...columnsOf(entity).map(column => [...column, 'CODEC(ZSTD(1))'] as const),
    ['events', 'UInt64', 'that the row is made of; the row with the most counts'],
  ],
  orderBy: ['person', 'key', 'day'],
  ttl: null,
  settings: {},
  everywhere: true,
  comment: `What each ${entity.name} did on each day`,
})

/** Null where the catalog links no ids. */
export function linksTable(catalog: LinkRule): TableDefinition | null {
  const name = linksTableName(catalog)
  if (name === null) return null
  return {
    name,
    engine: 'AggregatingMergeTree',
    columns: [
      ['anonymous', 'UInt64', "hash of 'a:' and the anonymous id"],
      ['first', 'SimpleAggregateFunction(min, UInt128)', 'event time in ms × 2^64 + hash of the user'],
    ],
    orderBy: ['anonymous'],
    ttl: null,
    settings: {},
    everywhere: true,
    comment: 'The user with whom each anonymous id was first seen',
  }
}
