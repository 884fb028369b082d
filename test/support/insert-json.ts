import { randomUUID } from 'node:crypto'
import type { ClickHouse } from '@kivi/clickhouse'

/** Epoch ms as ClickHouse reads it. */
export const dateTimeOf = (time: number): string => new Date(time).toISOString().replace('T', ' ').replace('Z', '')

/** Rows as plain objects; columns that are not named get their defaults. */
export async function insertJson(
  clickhouse: ClickHouse,
  table: string,
  rows: ReadonlyArray<Readonly<Record<string, unknown>>>,
): Promise<void> {
  if (rows.length === 0) return
  await clickhouse.insert(
    `INSERT INTO ${table} (${Object.keys(rows[0]!).join(', ')}) SETTINGS insert_deduplication_token = '${randomUUID()}' FORMAT JSONEachRow`,
    [Buffer.from(rows.map(row => `${JSON.stringify(row)}\n`).join(''))],
  )
}
