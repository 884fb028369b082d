import { randomBytes } from 'node:crypto'
import { KiviError } from '@kivi/domain'
import type { ClickHouse } from '../client.ts'
import { insertRows } from '../insert-rows.ts'
import { everyReplica } from '../replicas.ts'
import { storedTable, type Target } from './table.ts'
import { installation } from './tables.ts'

/**
 * The installation's seed, made where there is none. Several starters end with one seed: all of them insert under
 * the same deduplication token, of which ClickHouse lets the first pass and drops the others, and all read what is
 * there then. (Taking the oldest of many rows would not do: a row that comes later may say that it is older.)
 */
export async function ensureSeed(clickhouse: ClickHouse, target: Target): Promise<bigint> {
  const present = await readSeed(clickhouse, target)
  if (present !== null) return present
  const table = storedTable(target, installation())
  // a ClickHouse killed between logging a token and publishing its row drops each further insert of that token
  for (let attempt = 1; attempt <= 5; attempt++) {
    const token = attempt === 1 ? 'seed' : `seed/${attempt}`
    const seed = randomBytes(8).readBigUInt64LE()
    await insertRows(clickhouse, table, [{ seed: seed.toString() }], token)
    const made = await readSeed(clickhouse, target)
    if (made !== null) return made
  }
  throw new KiviError(
    'store_rejected',
    `ClickHouse accepts rows into ${table} and does not show them: check the disk and the log of ClickHouse, then start again.`,
  )
}

/** The seed, null before the first migration made it. */
export async function readSeed(clickhouse: ClickHouse, target: Target): Promise<bigint | null> {
  const [row] = await clickhouse.rows<{ text: string }>(
    `SELECT toString(seed) AS text FROM ${everyReplica(target, installation())} ORDER BY created_at, seed LIMIT 1`,
  )
  return row === undefined ? null : BigInt(row.text)
}
