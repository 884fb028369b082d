import { randomUUID } from 'node:crypto'
import { type BatchStore, type Insert, KiviError, type StoreTable } from '@kivi/domain'
import type { ClickHouse } from './client.ts'
import { INSERT_COLUMNS } from './columns.ts'
import { dateTime, insertRows } from './insert-rows.ts'
import { acceptedIds, ledgerEnd, lineageOf } from './ledger-reads.ts'
import { readSeed } from './migrations/installation.ts'
import { storedTable, type Target } from './migrations/table.ts'
import { catalogs, partitions } from './migrations/tables.ts'
import { hasProof, provenRange } from './proof-reads.ts'
import { attemptToken } from './proofs.ts'
import { everyReplica } from './replicas.ts'
import { shardOf } from './shards.ts'
import { literal } from './sql.ts'

/** Most rows of one insert: a block of this size is the largest that is never divided. */
export const LARGEST_BLOCK_ROWS = 4_000_000

/**
 * Settings of an insert of the ingest path. The limits that would divide its rows into several blocks, hence parts,
 * are beyond any block; a block that touches a second ClickHouse partition is refused.
 */
const ONE_BLOCK = {
  async_insert: 0,
  max_insert_block_size: LARGEST_BLOCK_ROWS,
  min_insert_block_size_rows: LARGEST_BLOCK_ROWS,
  min_insert_block_size_bytes: 1_099_511_627_776,
  max_partitions_per_insert_block: 1,
  max_insert_threads: 1,
  insert_deduplicate: 1,
} as const

/** The store of the ingest path on ClickHouse. `migrate` must have run. */
export function createBatchStore(clickhouse: ClickHouse): BatchStore {
  const target: Target = { database: clickhouse.database, cluster: clickhouse.cluster }
  const inserts = insertStatement(clickhouse, target)
  return {
    hasProof: insert => hasProof(clickhouse, target, insert),
    insert: async (insert, attempt, signal) => {
      const sql = await inserts(insert, attempt)
      await clickhouse.insert(sql, insert.body, { signal })
    },
    ledgerEnd: (topic, partition, lineage, from) => ledgerEnd(clickhouse, target, { topic, partition, lineage, from }),
    lineage: (topic, partition) => lineageOf(clickhouse, target, topic, partition),
    provenRange: source => provenRange(clickhouse, target, source),
    acceptedIds: source => acceptedIds(clickhouse, target, source),

    storeCatalog: (hash, files) =>
      insertRows(
        clickhouse,
        storedTable(target, catalogs()),
        [{ hash, files: Object.fromEntries(files) }],
        randomUUID(),
      ),
    loadCatalog: async hash => {
      const [row] = await clickhouse.rows<{ names: string[]; contents: string[] }>(
        `SELECT mapKeys(files) AS names, mapValues(files) AS contents FROM ${everyReplica(target, catalogs())} WHERE hash = {hash:String} LIMIT 1`,
        { hash },
      )
      return row === undefined ? null : new Map(row.names.map((name, i) => [name, row.contents[i]!]))
    },

    seed: async () => {
      const seed = await readSeed(clickhouse, target)
      if (seed !== null) return seed
      throw new KiviError(
        'store_rejected',
        `Database ${clickhouse.database} has no seed yet: run 'kivi migrate' once before the services start.`,
      )
    },

    storeProgress: async rows => {
      if (rows.length === 0) return
      const values = rows.map(({ idleSince, at, ...row }) => ({
        topic: row.topic,
        partition: row.partition,
        position: row.position,
        high: row.high,
        watermark: row.watermark,
        idle_since: idleSince === null ? null : dateTime(idleSince),
        at: dateTime(at),
        worker: row.worker,
      }))
      await insertRows(clickhouse, storedTable(target, partitions()), values, randomUUID())
    },
  }
}

/** The INSERT of a block; in a cluster into the shard that its partition of the log belongs to. */
function insertStatement(clickhouse: ClickHouse, target: Target) {
  const shard = target.cluster === null ? null : shardOf(clickhouse, target.cluster)
  return async (insert: Insert, attempt: number): Promise<string> => {
    if (insert.rows > LARGEST_BLOCK_ROWS)
      throw new RangeError(
        `a block of ${insert.rows} rows of ${insert.table} would be divided: at most ${LARGEST_BLOCK_ROWS} fit into one, so the batch must be cut smaller`,
      )
    const settings: Record<string, string | number> = {
      ...ONE_BLOCK,
      insert_deduplication_token: literal(attemptToken(insert.token, attempt)),
    }
    if (shard !== null) {
      settings.insert_shard_id = await shard(insert.source)
      settings.distributed_foreground_insert = 1
      settings.insert_quorum = literal('auto')
    }
    const list = Object.entries(settings).map(([name, value]) => `${name} = ${value}`)
    const table = storedTable({ ...target, cluster: null }, { name: insert.table })
    const columns = INSERT_COLUMNS[insert.table as StoreTable].map(column => `\`${column}\``)
    return `INSERT INTO ${table} (${columns.join(', ')}) SETTINGS ${list.join(', ')} FORMAT RowBinary`
  }
}
