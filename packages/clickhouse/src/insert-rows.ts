import type { ClickHouse } from './client.ts'
import { identifier, literal } from './sql.ts'

/**
 * Inserts a few plain objects; all of them have the keys of the first. Every insert carries a token: where a
 * deduplication window is set, equal rows without one are dropped by their content.
 */
export async function insertRows(
  clickhouse: ClickHouse,
  table: string,
  rows: ReadonlyArray<Readonly<Record<string, unknown>>>,
  token: string,
): Promise<void> {
  const columns = Object.keys(rows[0]!).map(identifier)
  await clickhouse.insert(
    `INSERT INTO ${table} (${columns.join(', ')}) SETTINGS insert_deduplication_token = ${literal(token)} FORMAT JSONEachRow`,
    [Buffer.from(rows.map(row => `${JSON.stringify(row)}\n`).join(''))],
  )
}

/** Epoch ms as the text of a DateTime64(3). */
export const dateTime = (time: number): string => new Date(time).toISOString().replace('T', ' ').replace('Z', '')
