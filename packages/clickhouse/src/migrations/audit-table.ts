import type { TableDefinition } from './table.ts'

/** One row when a change begins and one when it is over; of those of an id the furthest counts. */
export const audit = (): TableDefinition => ({
  name: 'audit',
  engine: 'MergeTree',
  columns: [
    ['at', "DateTime64(3, 'UTC')", 'when the change began; the same in all rows of an id'],
    ['id', 'String', 'of the request or command'],
    ['stage', 'UInt8', '0 begun, 1 failed, 2 done'],
    ['actor_key', 'String', "id of the key; '': none was needed"],
    ['actor_name', 'String', ''],
    ['what', 'LowCardinality(String)', 'targets_set, key_created, …'],
    ['subject', 'String', 'indicator, action, reference or key that it is about'],
    ['before', 'String', 'JSON, as the API tells it'],
    ['after', 'String', 'JSON, as the API tells it'],
    ['reason', 'String', ''],
  ],
  orderBy: ['at', 'id', 'stage'],
  ttl: null,
  settings: { fsync_after_insert: 1, fsync_part_directory: 1 },
  everywhere: true,
  comment: 'Who changed what that steers, or who may steer',
})
