import { KiviError } from '@kivi/domain'
import type { ClickHouse } from './client.ts'
import { storedTable, type Target } from './migrations/table.ts'

export interface InsertLoad {
  /** of the topic, in all workers together */
  readonly partitions: number
  /** how often each of them closes a batch */
  readonly flushIntervalMs: number
  /** longest time from sending an insert to its being applied: time-outs of request and session together */
  readonly latestApplyMs: number
  /** ClickHouse partitions (months) that a batch touches */
  readonly monthsPerBatch?: number
}

/** Inserts per table that must be remembered: those in flight, ten times. */
const windowNeeded = ({ partitions, flushIntervalMs, latestApplyMs, monthsPerBatch = 2 }: InsertLoad): number =>
  Math.ceil((partitions * monthsPerBatch * latestApplyMs * 10) / Math.max(1, flushIntervalMs))

/**
 * Checks that the tables of the ingest path remember enough tokens. Throws store_rejected, with the statement that
 * mends it, where one remembers too few: a repeated insert could pass as new.
 */
export async function checkDeduplicationWindow(clickhouse: ClickHouse, load: InsertLoad): Promise<void> {
  const target: Target = { database: clickhouse.database, cluster: clickhouse.cluster }
  const setting = target.cluster === null ? 'non_replicated_deduplication_window' : 'replicated_deduplication_window'
  const needed = windowNeeded(load)
  for (const name of ['slices', 'events', 'ledger']) {
    const table = storedTable(target, { name })
    const window = await windowOf(clickhouse, table, setting)
    if (window >= needed) continue
    throw new KiviError(
      'store_rejected',
      `${table} remembers ${window} inserts for deduplication, ${load.partitions} partitions need ${needed}: ` +
        `run ALTER TABLE ${table} MODIFY SETTING ${setting} = ${2 * needed}`,
    )
  }
}

async function windowOf(clickhouse: ClickHouse, table: string, setting: string): Promise<number> {
  const [row] = await clickhouse.rows<{ window: number }>(
    `SELECT toUInt64OrZero(if(own = '', (SELECT value FROM system.merge_tree_settings WHERE name = {setting:String}), own)) AS window
     FROM (SELECT extract(engine_full, concat({setting:String}, ' = ([0-9]+)')) AS own FROM system.tables
           WHERE concat('\`', database, '\`.\`', name, '\`') = {table:String})`,
    { table, setting },
  )
  if (row === undefined)
    throw new KiviError('store_rejected', `${table} does not exist: run 'kivi migrate' once before the services start.`)
  return row.window
}
