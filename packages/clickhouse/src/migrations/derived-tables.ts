/** Fixed tables of what is derived and recorded, and of what people set. Entities have tables of their own. */
import type { TableDefinition } from './table.ts'

const DURABLE = { fsync_after_insert: 1, fsync_part_directory: 1 } as const

const TIME = "DateTime64(3, 'UTC')"

export const derivedBuilds = (): TableDefinition => ({
  name: 'derived_builds',
  engine: 'ReplacingMergeTree(step)',
  columns: [
    ['table_name', 'String', 'of an entity, or of links'],
    ['table_uuid', 'UUID', 'of the table as it was created: another one after it was dropped and made again'],
    ['build', 'String', 'a random id; of several builds that began at once, the first one that finishes counts'],
    [
      'positions',
      'String',
      'JSON: up to where each partition of the log was read when it began; refreshes go on there',
    ],
    ['built_from', 'Int32', 'this day (days since 1970) and all later ones are built'],
    ['events', 'UInt64', 'to be read in all'],
    ['done', 'UInt64', 'of them'],
    ['finished', 'UInt8', 'the table can be asked'],
    ['step', 'UInt64', 'counts up with each row of a build; the highest counts'],
    ['begun_at', TIME, ''],
    ['at', TIME, ''],
  ],
  orderBy: ['table_name', 'table_uuid', 'build'],
  ttl: null,
  settings: DURABLE,
  everywhere: true,
  comment: 'How far the first build of each derived table is: an interrupted one goes on there',
})

export const derivedState = (): TableDefinition => ({
  name: 'derived_state',
  engine: 'ReplacingMergeTree(at)',
  columns: [
    ['table_name', 'String', ''],
    ['table_uuid', 'UUID', ''],
    ['topic', 'LowCardinality(String)', ''],
    ['partition', 'UInt32', ''],
    ['lineage', 'LowCardinality(String)', ''],
    ['position', 'UInt64', 'the table holds what the ledger has before it'],
    ['watermark', 'Int64', 'of all events when the refresh began, epoch ms; -1: not known'],
    ['at', TIME, 'when the refresh began'],
  ],
  orderBy: ['table_name', 'table_uuid', 'topic', 'partition', 'lineage'],
  ttl: null,
  settings: {},
  everywhere: true,
  comment: 'How far each derived table follows the ledger',
})

export const points = (): TableDefinition => ({
  name: 'points',
  engine: 'ReplacingMergeTree(computed_at)',
  columns: [
    ['indicator', 'LowCardinality(String)', ''],
    ['version', 'LowCardinality(String)', "of the indicator's definition"],
    ['window', 'LowCardinality(String)', 'length or period: 30d'],
    ['dimensions', 'Array(LowCardinality(String))', 'of the group; empty: the total'],
    ['group_values', 'Array(String)', 'in that order'],
    ['from_time', TIME, 'the window is [from_time, to_time)'],
    ['to_time', TIME, ''],
    ['value', 'Nullable(Float64)', ''],
    ['reason', 'LowCardinality(String)', "why there is no value; '' where there is one"],
    ['n', 'Float64', ''],
    ['parts', 'String', 'JSON: the measures that it was made of', 'CODEC(ZSTD(1))'],
    ['low', 'Nullable(Float64)', 'of its interval'],
    ['high', 'Nullable(Float64)', ''],
    ['complete', 'UInt8', 'the watermark had passed the end of the window'],
    ['provisional', 'UInt8', 'follow-ups could still change it'],
    ['provisional_until', `Nullable(${TIME})`, ''],
    ['known', 'Int64', 'watermark when it was computed, epoch ms'],
    ['computed_at', TIME, 'when its computation began: the later one counts'],
  ],
  orderBy: ['indicator', 'version', 'window', 'dimensions', 'group_values', 'to_time'],
  ttl: null,
  settings: DURABLE,
  everywhere: true,
  comment: 'Recorded values of indicators',
})

export const referencesPosted = (): TableDefinition => ({
  name: 'references_posted',
  engine: 'MergeTree',
  columns: [
    ['reference', 'LowCardinality(String)', ''],
    ['value', 'Float64', ''],
    ['from_time', TIME, ''],
    ['until_time', `Nullable(${TIME})`, ''],
    ['dimensions', 'Array(LowCardinality(String))', 'sorted'],
    ['group_values', 'Array(String)', 'in that order'],
    ['set_by', 'String', ''],
    ['set_at', TIME, 'of several for the same time and group, the latest counts'],
  ],
  orderBy: ['reference', 'from_time', 'set_at'],
  ttl: null,
  settings: DURABLE,
  everywhere: true,
  comment: 'Reference values that were posted',
})

export const targetsSet = (): TableDefinition => ({
  name: 'targets_set',
  engine: 'MergeTree',
  columns: [
    ['indicator', 'LowCardinality(String)', ''],
    ['targets', 'String', 'JSON: the targets that were set together', 'CODEC(ZSTD(1))'],
    ['set_by', 'String', ''],
    ['set_at', TIME, 'the latest counts'],
  ],
  orderBy: ['indicator', 'set_at'],
  ttl: null,
  settings: DURABLE,
  everywhere: true,
  comment: 'Targets as people set them, each change a row',
})

export const northStarSet = (): TableDefinition => ({
  name: 'north_star_set',
  engine: 'MergeTree',
  columns: [
    ['indicators', 'Array(String)', ''],
    ['from_time', TIME, 'they lead from then on'],
    ['reason', 'String', ''],
    ['set_by', 'String', ''],
    ['set_at', TIME, ''],
  ],
  orderBy: ['from_time', 'set_at'],
  ttl: null,
  settings: DURABLE,
  everywhere: true,
  comment: 'Which indicators lead the company since when, each change a row',
})

export const actions = (): TableDefinition => ({
  name: 'actions',
  engine: 'MergeTree',
  columns: [
    ['id', 'String', ''],
    ['label', 'String', ''],
    ['description', 'String', ''],
    ['indicators', 'Array(String)', 'that it is meant to move'],
    ['dimensions', 'Array(LowCardinality(String))', 'the part of them that it is meant to move; empty: all'],
    ['group_values', 'Array(String)', ''],
    ['status', 'LowCardinality(String)', 'planned, done or cancelled'],
    ['at_time', TIME, 'planned or done at'],
    ['until_time', `Nullable(${TIME})`, ''],
    ['owner', 'String', ''],
    ['set_by', 'String', ''],
    ['set_at', TIME, 'of several with one id the latest counts'],
  ],
  orderBy: ['id', 'set_at'],
  ttl: null,
  settings: DURABLE,
  everywhere: true,
  comment: 'What was done or is planned to move indicators, each change a row',
})
