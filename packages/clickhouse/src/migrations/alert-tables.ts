import type { TableDefinition } from './table.ts'

const TIME = "DateTime64(3, 'UTC')"
const DURABLE = { fsync_after_insert: 1, fsync_part_directory: 1 } as const

export const silences = (): TableDefinition => ({
  name: 'silences',
  engine: 'MergeTree',
  columns: [
    ['id', 'String', ''],
    ['matchers', 'String', 'JSON: label, op, value of each; all have to match'],
    ['from_time', TIME, 'alerts are silent from here on'],
    ['until_time', TIME, ''],
    ['author', 'String', ''],
    ['reason', 'String', ''],
    ['ended', 'UInt8', '1: ended before its time'],
    ['set_at', TIME, 'of several with one id the latest counts'],
  ],
  orderBy: ['id', 'set_at'],
  ttl: null,
  settings: DURABLE,
  everywhere: true,
  comment: 'Alerts that nobody is to be told of for a while, each change a row',
})

export const acknowledgements = (): TableDefinition => ({
  name: 'acknowledgements',
  engine: 'MergeTree',
  columns: [
    ['alert', 'String', 'id of the instance, 16 hex digits'],
    ['starts_at', TIME, 'the firing that it is about'],
    ['author', 'String', ''],
    ['comment', 'String', ''],
    ['set_at', TIME, 'of several about one firing the latest counts'],
  ],
  orderBy: ['alert', 'set_at'],
  ttl: null,
  settings: DURABLE,
  everywhere: true,
  comment: 'Who takes care of which firing alert',
})

/**
 * In the order of time first: a topic that was made anew gives offsets again, at other times, and its facts do not
 * take the place of the older ones.
 */
export const alertHistory = (): TableDefinition => ({
  name: 'alert_history',
  engine: 'ReplacingMergeTree',
  columns: [
    ['at', TIME, 'wall clock'],
    ['offset', 'UInt64', 'of the record in the alert log'],
    ['index', 'UInt32', 'of the fact in the record'],
    ['fact', 'LowCardinality(String)', 'pending, firing, resolved, sending, delivered, …'],
    ['alert', 'String', "id of the instance; '': of none"],
    ['rule', 'LowCardinality(String)', "'': of none"],
    ['labels', 'Map(LowCardinality(String), String)', ''],
    ['body', 'String', 'the whole fact as JSON', 'CODEC(ZSTD(1))'],
  ],
  orderBy: ['at', 'offset', 'index'],
  ttl: null,
  settings: {},
  everywhere: true,
  comment: 'What happened to alerts: a copy of what the alert log tells, which may be made again at will',
})
