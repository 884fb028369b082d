import type { ClickHouse } from '../client.ts'
import { eventsTtl, type Retention, slicesTtl } from '../retention.ts'
import { literal } from '../sql.ts'
import { onCluster, storedTable, type Target } from './table.ts'

/**
 * Sets the TTLs to the retention where they differ, and tells of which tables. ClickHouse then brings the rows that
 * are there in line by itself, in the background.
 */
export async function applyRetention(clickhouse: ClickHouse, target: Target, retention: Retention): Promise<string[]> {
  const changed: string[] = []
  const wanted = { slices: slicesTtl(retention), events: eventsTtl(retention) }
  for (const [name, ttl] of Object.entries(wanted)) {
    const table = storedTable(target, { name })
    const alter = `ALTER TABLE ${table}${onCluster(target)} ${ttl === null ? 'REMOVE TTL' : `MODIFY TTL ${ttl}`}`
    const current = await currentTtl(clickhouse, table)
    if (current === (ttl === null ? null : await formatted(clickhouse, ttl))) continue
    await clickhouse.command(alter)
    changed.push(name)
  }
  return changed
}

/** The table's TTL as ClickHouse writes it; null: none. */
async function currentTtl(clickhouse: ClickHouse, table: string): Promise<string | null> {
  const [row] = await clickhouse.rows<{ engine: string }>(
    `SELECT engine_full AS engine FROM system.tables WHERE concat('\`', database, '\`.\`', name, '\`') = {table:String}`,
    { table },
  )
  return / TTL (.*?)(?: SETTINGS .*)?$/s.exec(row?.engine ?? '')?.[1] ?? null
}

/** The expression as ClickHouse would write it back, so that the two compare as text. */
async function formatted(clickhouse: ClickHouse, ttl: string): Promise<string> {
  const statement = `CREATE TABLE t (c UInt8) ENGINE = MergeTree ORDER BY c TTL ${ttl}`
  const [row] = await clickhouse.rows<{ text: string }>(`SELECT formatQuerySingleLine(${literal(statement)}) AS text`)
  return / TTL (.*)$/s.exec(row!.text)![1]!
}
