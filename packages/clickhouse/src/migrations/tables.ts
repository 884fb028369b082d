import { eventsTtl, type Retention, STANDSTILL_SECONDS, slicesTtl } from '../retention.ts'
import type { TableDefinition } from './table.ts'

/**
 * Inserts remembered for deduplication by token, per table. It has to cover inserts in flight only (see
 * deduplication-window.ts): what lies further back is recognised by its proof row.
 */
export const DEDUPLICATION_WINDOW = 50_000

/** A part that ClickHouse acknowledged is on the disk, with its directory's entry, before its answer. */
const DURABLE = { fsync_after_insert: 1, fsync_part_directory: 1 } as const

/** Tables that the ingest path writes: each insert at most once, told by its token and its proof. */
const EXACTLY_ONCE = { ...DURABLE, deduplicated: DEDUPLICATION_WINDOW } as const

const IDS_TTL = `TTL toDateTime(written_at, 'UTC') + toIntervalSecond(${STANDSTILL_SECONDS})`

export const slices = (retention: Retention): TableDefinition => ({
  name: 'slices',
  engine: 'AggregatingMergeTree',
  columns: [
    ['measure', 'LowCardinality(String)', "measure of the catalog; '' in a proof row"],
    ['level', 'UInt8', '1: 10 s, 2: 15 min, 3: local day; 0: a proof that a block was written'],
    [
      'start',
      "DateTime('UTC')",
      'beginning of the slice; in a proof row a hash of its range, so that it is found at once',
    ],
    [
      'dims',
      'Array(LowCardinality(String))',
      "values of the measure's dimensions in its order; [token, topic] in a proof row",
    ],
    ['month', 'UInt32', "yyyymm of the slice's local day"],
    [
      'count',
      'SimpleAggregateFunction(sum, UInt64)',
      'events that the measure counts; inserts of its block in a proof row',
    ],
    ['sum', 'SimpleAggregateFunction(sum, Int128)', 'units of 0.0001'],
    ['min', 'SimpleAggregateFunction(min, Float64)', ''],
    ['max', 'SimpleAggregateFunction(max, Float64)', ''],
    [
      'late',
      'SimpleAggregateFunction(sum, UInt64)',
      'events after the watermark; epoch seconds of writing in a proof row',
    ],
    ['distinct_in', 'Array(UInt64) EPHEMERAL', 'hashes of distinct values, on insert only'],
    ['exact_in', 'Array(UInt64) EPHEMERAL', 'the same, at the level of days only'],
    [
      'uniq',
      "AggregateFunction(uniqCombined64, UInt64) DEFAULT arrayReduce('uniqCombined64State', distinct_in)",
      'distinct values within 1 %',
    ],
    [
      'exact',
      "AggregateFunction(uniqExact, UInt64) DEFAULT arrayReduce('uniqExactState', exact_in)",
      'distinct values of a day',
    ],
    [
      'buckets',
      'SimpleAggregateFunction(sumMap, Tuple(Array(Int32), Array(UInt64)))',
      'histogram of a quantile: logarithmic bucket, count',
    ],
  ],
  partitionBy: 'month',
  orderBy: ['measure', 'level', 'start', 'dims', 'month'],
  ttl: slicesTtl(retention),
  settings: EXACTLY_ONCE,
  comment: 'Partial aggregates of each measure by slice of time and dimensions; they merge by adding',
})

export const events = (retention: Retention): TableDefinition => ({
  name: 'events',
  engine: 'MergeTree',
  columns: [
    ['event_id', 'String', '', 'CODEC(ZSTD(1))'],
    ['event_type', 'LowCardinality(String)', ''],
    ['event_time', "DateTime64(3, 'UTC')", '', 'CODEC(DoubleDelta, ZSTD(1))'],
    ['source', 'LowCardinality(String)', "'' where the event has none, as in all common fields"],
    ['user_id', 'String', '', 'CODEC(ZSTD(1))'],
    ['anonymous_id', 'String', '', 'CODEC(ZSTD(1))'],
    ['session_id', 'String', '', 'CODEC(ZSTD(1))'],
    ['channel', 'LowCardinality(String)', ''],
    ['campaign', 'LowCardinality(String)', ''],
    ['region', 'LowCardinality(String)', ''],
    ['segment', 'LowCardinality(String)', ''],
    ['product_id', 'String', '', 'CODEC(ZSTD(1))'],
    ['category', 'LowCardinality(String)', ''],
    ['properties', 'Map(LowCardinality(String), String)', 'custom dimensions', 'CODEC(ZSTD(1))'],
    ['strings', 'Map(LowCardinality(String), String)', "the type's own text and enum fields", 'CODEC(ZSTD(1))'],
    [
      'numbers',
      'Map(LowCardinality(String), Float64)',
      "the type's own numbers; booleans as 0 and 1",
      'CODEC(ZSTD(1))',
    ],
    ['person', 'UInt64', "hash of 'u:' and user_id, else of 'a:' and anonymous_id; 0: none"],
    ['stamp', "DateTime64(3, 'UTC')", "the log's timestamp of the record", 'CODEC(DoubleDelta, ZSTD(1))'],
    ['topic', 'LowCardinality(String)', 'where in the log the event is: the proof of its block'],
    ['lineage', 'LowCardinality(String)', ''],
    ['partition', 'UInt32', ''],
    ['offset', 'UInt64', '', 'CODEC(DoubleDelta, ZSTD(1))'],
    ['month', 'UInt32', "yyyymm of the event's local day"],
  ],
  // proofs are looked up by position, over which the order below says nothing
  indexes: ['positions offset TYPE minmax GRANULARITY 1', 'lineages lineage TYPE set(64) GRANULARITY 1'],
  partitionBy: 'month',
  orderBy: ['event_type', 'event_time', 'partition', 'offset'],
  ttl: eventsTtl(retention),
  settings: EXACTLY_ONCE,
  comment: 'Accepted events, each with its position in the log',
})

export const ledger = (): TableDefinition => ({
  name: 'ledger',
  engine: 'MergeTree',
  columns: [
    ['topic', 'LowCardinality(String)', ''],
    [
      'lineage',
      'LowCardinality(String)',
      'a random id of the partition as it was created; another after it is recreated',
    ],
    ['partition', 'UInt32', ''],
    ['from_position', 'UInt64', 'the batch is [from_position, to_position) of the log'],
    ['to_position', 'UInt64', ''],
    ['records', 'UInt64', ''],
    ['accepted', 'UInt64', ''],
    ['duplicate', 'UInt64', ''],
    ['rejected', 'UInt64', ''],
    ['too_late', 'UInt64', ''],
    ['too_early', 'UInt64', ''],
    ['digest', 'String', 'over offset, timestamp and outcome of each record'],
    ['last_offset', 'Int64', "the last record's; -1 where the range holds none"],
    ['last_stamp', 'Int64', 'its timestamp, epoch ms'],
    ['high_stamp', 'Int64', 'largest clamped timestamp so far, epoch ms'],
    ['first_event_time', "Nullable(DateTime64(3, 'UTC'))", 'of accepted events'],
    ['last_event_time', "Nullable(DateTime64(3, 'UTC'))", ''],
    ['watermark', 'Int64', "the partition's after the batch, epoch ms; -1 before its first event"],
    ['catalog_hash', 'LowCardinality(String)', 'catalog by which the batch was judged'],
    ['id_hashes', 'Array(UInt64)', 'of accepted ids, in the order of the log', `CODEC(NONE) ${IDS_TTL}`],
    ['id_stamps', 'Array(Int64)', 'clamped timestamps of the same', `CODEC(Delta, ZSTD(1)) ${IDS_TTL}`],
    ['worker', 'LowCardinality(String)', ''],
    ['duration_ms', 'UInt32', 'from the first record of the batch to its last insert'],
    ['month', 'UInt32', "yyyymm by the last record's timestamp"],
    ['written_at', "DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')", ''],
  ],
  partitionBy: 'month',
  orderBy: ['topic', 'partition', 'lineage', 'from_position'],
  ttl: null,
  settings: EXACTLY_ONCE,
  comment: 'Batches that are completely written: the audit trail of what became of each record of the log',
})

export const partitions = (): TableDefinition => ({
  name: 'partitions',
  engine: 'ReplacingMergeTree(at)',
  columns: [
    ['topic', 'LowCardinality(String)', ''],
    ['partition', 'UInt32', ''],
    ['position', 'UInt64', 'next offset to read'],
    ['high', 'UInt64', "position after the log's last record"],
    ['watermark', 'Int64', 'epoch ms; -1 before the first event'],
    ['idle_since', "Nullable(DateTime64(3, 'UTC'))", 'read to its end and silent since'],
    ['at', "DateTime64(3, 'UTC')", ''],
    ['worker', 'LowCardinality(String)', ''],
  ],
  orderBy: ['topic', 'partition'],
  ttl: null,
  settings: {},
  everywhere: true,
  comment: 'Where each partition of the log stands now',
})

export const catalogs = (): TableDefinition => ({
  name: 'catalogs',
  engine: 'ReplacingMergeTree(at)',
  columns: [
    ['hash', 'String', ''],
    ['files', 'Map(String, String)', 'name, contents', 'CODEC(ZSTD(1))'],
    ['at', "DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')", ''],
  ],
  orderBy: ['hash'],
  ttl: null,
  settings: DURABLE,
  everywhere: true,
  comment: 'Catalogs by which batches were judged, stored before the first of them',
})

export const imports = (): TableDefinition => ({
  name: 'imports',
  engine: 'ReplacingMergeTree(step)',
  columns: [
    ['topic', 'LowCardinality(String)', 'where its events go'],
    ['name', 'String', "SHA-256 of file and mapping; of a replay 'replay', dead-letter topic, partition and reason"],
    ['position', 'UInt64', 'rows that are in the log for sure; all of them: finished'],
    ['sending', 'UInt64', 'rows that are in it if the transaction under way was committed'],
    ['total', 'UInt64', ''],
    ['step', 'UInt64', 'counts up with each row of an import; the highest counts'],
    ['at', "DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')", ''],
  ],
  orderBy: ['topic', 'name'],
  ttl: null,
  settings: DURABLE,
  everywhere: true,
  comment: 'How far each import of a file and each replay of dead letters is: the log forgets, this does not',
})

export const installation = (): TableDefinition => ({
  name: 'installation',
  engine: 'MergeTree',
  columns: [
    ['seed', 'UInt64', 'of all hashes of ids and persons'],
    ['created_at', "DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')", ''],
  ],
  orderBy: ['seed'],
  ttl: null,
  settings: EXACTLY_ONCE,
  everywhere: true,
  comment: 'What is decided once for the whole installation; one row',
})

export const migrations = (): TableDefinition => ({
  name: 'migrations',
  engine: 'ReplacingMergeTree(applied_at)',
  columns: [
    ['version', 'UInt32', ''],
    ['name', 'String', ''],
    ['checksum', 'String', 'SHA-256 of its statements as shipped'],
    ['applied_at', "DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')", ''],
  ],
  orderBy: ['version'],
  ttl: null,
  settings: DURABLE,
  everywhere: true,
  comment: 'Migrations that were applied',
})
