import type { TableDefinition } from './table.ts'

const time = (aggregate: 'min' | 'max') => `SimpleAggregateFunction(${aggregate}, Nullable(DateTime64(3, 'UTC')))`

/**
 * Rows of one key are merged and never replaced: a revocation and a note that the key was used may be written at the
 * same time, and the revocation must stay.
 */
export const apiKeys = (): TableDefinition => ({
  name: 'api_keys',
  engine: 'AggregatingMergeTree',
  columns: [
    ['hash', 'String', 'SHA-256 of the secret, hex'],
    ['id', 'SimpleAggregateFunction(max, String)', 'by which people name the key'],
    ['name', 'SimpleAggregateFunction(max, String)', 'whose it is; stands as set_by at what is set with it'],
    ['roles', 'SimpleAggregateFunction(max, String)', 'JSON: read, ingest, steer, admin'],
    ['scope', 'SimpleAggregateFunction(max, String)', "JSON: owner and dimensions it is limited to; '': none"],
    ['created_at', time('min'), ''],
    ['revoked_at', time('min'), 'no request is answered with it since'],
    ['last_used_at', time('max'), 'to within an hour'],
  ],
  orderBy: ['hash'],
  ttl: null,
  settings: { fsync_after_insert: 1, fsync_part_directory: 1 },
  everywhere: true,
  comment: 'Keys by which callers are told apart: never the secrets themselves',
})
