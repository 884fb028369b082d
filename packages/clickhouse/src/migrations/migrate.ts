import { createHash } from 'node:crypto'
import { KiviError } from '@kivi/domain'
import { type ClickHouse, createClickHouse } from '../client.ts'
import { insertRows } from '../insert-rows.ts'
import { DEFAULT_RETENTION, type Retention } from '../retention.ts'
import { type RetryOptions, withRetry } from '../retry.ts'
import { identifier } from '../sql.ts'
import { MIGRATIONS, type Migration } from './index.ts'
import { ensureSeed } from './installation.ts'
import { createTable, onCluster, storedTable, type Target } from './table.ts'
import { migrations as migrationsTable } from './tables.ts'
import { applyRetention } from './ttl.ts'

export interface MigrateOptions {
  /** how long rows are kept; default: DEFAULT_RETENTION */
  readonly retention?: Retention
  /** default: MIGRATIONS */
  readonly migrations?: readonly Migration[]
  readonly retry?: RetryOptions
}

export interface MigrateReport {
  /** versions applied now, in order; empty where the schema was up to date */
  readonly applied: ReadonlyArray<{ readonly version: number; readonly name: string }>
  /** tables whose TTL was changed to the retention asked for */
  readonly retentionChanged: readonly string[]
  /** of all hashes of ids and persons */
  readonly seed: bigint
}

/**
 * Brings the database to the schema of this version of Kivi: creates it, applies the migrations that are missing,
 * sets the TTLs, makes the seed. May run any number of times and in several processes at once.
 *
 * Throws store_rejected where the database has a migration that this version does not know, or knows otherwise.
 */
export async function migrate(clickhouse: ClickHouse, options: MigrateOptions = {}): Promise<MigrateReport> {
  const retention = options.retention ?? DEFAULT_RETENTION
  const migrations = options.migrations ?? MIGRATIONS
  const target: Target = { database: clickhouse.database, cluster: clickhouse.cluster }
  const retry = <T>(work: () => Promise<T>) => withRetry(work, { deadlineMs: 120_000, ...options.retry })

  await retry(() => createDatabase(clickhouse, target))
  for (const statement of createTable(target, migrationsTable())) await retry(() => clickhouse.command(statement))
  const known = await retry(() => readApplied(clickhouse, target))
  checkHistory(migrations, known)

  const applied = []
  for (const migration of migrations) {
    if (known.has(migration.version)) continue
    for (const statement of migration.statements(target, retention)) await retry(() => clickhouse.command(statement))
    await retry(() => record(clickhouse, target, migration))
    applied.push({ version: migration.version, name: migration.name })
  }
  const retentionChanged = await retry(() => applyRetention(clickhouse, target, retention))
  const seed = await retry(() => ensureSeed(clickhouse, target))
  return { applied, retentionChanged, seed }
}

/** SHA-256 over the statements as they are for one server and the default retention. */
export function checksum(migration: Migration): string {
  const statements = migration.statements({ database: 'kivi', cluster: null }, DEFAULT_RETENTION)
  return createHash('sha256').update(statements.join(';\n')).digest('hex')
}

async function createDatabase(clickhouse: ClickHouse, target: Target): Promise<void> {
  // a request that names a missing database is refused whatever it says, so this one names another
  const elsewhere = createClickHouse({ ...clickhouse.options, database: 'default' })
  try {
    const there = await elsewhere.rows('SELECT 1 FROM system.databases WHERE name = {name:String}', {
      name: target.database,
    })
    // in a cluster other hosts may lack it; else the right to create databases is not needed when one is there
    if (there.length > 0 && target.cluster === null) return
    await elsewhere.command(`CREATE DATABASE IF NOT EXISTS ${identifier(target.database)}${onCluster(target)}`)
  } finally {
    await elsewhere.close()
  }
}

async function readApplied(clickhouse: ClickHouse, target: Target): Promise<ReadonlyMap<number, string>> {
  const rows = await clickhouse.rows<{ version: number; checksum: string }>(
    `SELECT version, argMin(checksum, applied_at) AS checksum FROM ${storedTable(target, migrationsTable())} GROUP BY version`,
  )
  return new Map(rows.map(row => [row.version, row.checksum]))
}

function checkHistory(migrations: readonly Migration[], known: ReadonlyMap<number, string>): void {
  const newest = Math.max(0, ...migrations.map(migration => migration.version))
  for (const version of known.keys())
    if (version > newest)
      throw new KiviError(
        'store_rejected',
        `The database has migration ${version}, this Kivi knows them up to ${newest}: it is older than the one that migrated. Start the newer one.`,
      )
  for (const migration of migrations) {
    const recorded = known.get(migration.version)
    if (recorded !== undefined && recorded !== checksum(migration))
      throw new KiviError(
        'store_rejected',
        `Migration ${migration.version} (${migration.name}) was applied with other statements than this Kivi has: the two come from different sources. Use the one that made the database, or another KIVI_CLICKHOUSE_DATABASE.`,
      )
  }
}

async function record(clickhouse: ClickHouse, target: Target, migration: Migration): Promise<void> {
  const { version, name } = migration
  const row = { version, name, checksum: checksum(migration) }
  await insertRows(clickhouse, storedTable(target, migrationsTable()), [row], `migration/${version}/${row.checksum}`)
}
