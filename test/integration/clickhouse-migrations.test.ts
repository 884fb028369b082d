import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import {
  checkDeduplicationWindow,
  createBatchStore,
  createClickHouse,
  DEFAULT_RETENTION,
  INSERT_COLUMNS,
  migrate,
  sliceInserts,
} from '@kivi/clickhouse'
import { expect, test } from 'vitest'
import { MIGRATIONS } from '../../packages/clickhouse/src/migrations/index.ts'
import { createStoreDatabase, foldedBatch, sourceRange } from '../support/clickhouse-store.ts'
import { clickhouseUrl, uniqueName } from '../support/index.ts'

const DAY = 86_400_000
const TABLES = [
  'acknowledgements',
  'actions',
  'alert_history',
  'api_keys',
  'audit',
  'catalogs',
  'derived_builds',
  'derived_state',
  'events',
  'imports',
  'installation',
  'ledger',
  'migrations',
  'north_star_set',
  'partitions',
  'points',
  'references_posted',
  'silences',
  'slices',
  'targets_set',
]

test('the first migration makes database, tables and seed; the next finds nothing to do', async () => {
  await using clickhouse = await createStoreDatabase({ migrated: false })
  const first = await migrate(clickhouse)
  expect(first.applied).toEqual(MIGRATIONS.map(({ version, name }) => ({ version, name })))
  expect(first.retentionChanged).toEqual([])
  const tables = await clickhouse.rows<{ name: string; comment: string }>(
    'SELECT name, comment FROM system.tables WHERE database = currentDatabase() ORDER BY name',
  )
  expect(tables.map(table => table.name)).toEqual(TABLES)
  for (const table of tables) expect(table.comment).not.toBe('')
  const again = await migrate(clickhouse)
  expect(again).toEqual({ applied: [], retentionChanged: [], seed: first.seed })
  expect(await createBatchStore(clickhouse).seed()).toBe(first.seed)
})

test('inserts name columns that the tables have, EPHEMERAL ones included', async () => {
  await using clickhouse = await createStoreDatabase()
  for (const [table, columns] of Object.entries(INSERT_COLUMNS)) {
    const rows = await clickhouse.rows<{ name: string; kind: string }>(
      'SELECT name, default_kind AS kind FROM system.columns WHERE database = currentDatabase() AND table = {table:String} ORDER BY position',
      { table },
    )
    expect(rows.filter(row => row.kind !== 'DEFAULT').map(row => row.name)).toEqual(columns)
  }
})

test('starters in several processes at once end with one schema and one seed', async () => {
  await using clickhouse = await createStoreDatabase({ migrated: false })
  const script = fileURLToPath(new URL('clickhouse-migrate-process.ts', import.meta.url))
  const start = () => promisify(execFile)(process.execPath, [script, clickhouse.options.url, clickhouse.database])
  const seeds = (await Promise.all([start(), start(), start()])).map(({ stdout }) => stdout.trim())
  expect(new Set(seeds).size).toBe(1)
  expect(await clickhouse.rows('SELECT toString(seed) AS seed FROM installation')).toEqual([{ seed: seeds[0] }])
  expect(await clickhouse.rows('SELECT version FROM migrations FINAL')).toEqual(
    MIGRATIONS.map(({ version }) => ({ version })),
  )
})

test('a seed whose row was lost with its token known is made under another token', async () => {
  await using clickhouse = await createStoreDatabase()
  await clickhouse.command('ALTER TABLE installation DELETE WHERE 1', {}, { settings: { mutations_sync: 2 } })
  const { seed } = await migrate(clickhouse)
  expect(await clickhouse.rows('SELECT toString(seed) AS seed FROM installation')).toEqual([{ seed: seed.toString() }])
})

test('without a migration the store says what to do', async () => {
  await using clickhouse = await createStoreDatabase({ migrated: false })
  await expect(createBatchStore(clickhouse).seed()).rejects.toThrow(/UNKNOWN_DATABASE.*kivi migrate/)
})

test('a migration that was changed, or is not known, stops the start', async () => {
  await using clickhouse = await createStoreDatabase()
  const other = { version: 1, name: 'tables', statements: () => ['SELECT 1'] }
  await expect(migrate(clickhouse, { migrations: [other, ...MIGRATIONS.slice(1)] })).rejects.toThrow(/other statements/)
  await expect(migrate(clickhouse, { migrations: [] })).rejects.toThrow(/older than the one that migrated/)
})

test('a further migration is applied once, after those before it', async () => {
  await using clickhouse = await createStoreDatabase()
  const version = MIGRATIONS.length + 1
  const further = {
    version,
    name: 'further',
    statements: () => [
      `CREATE TABLE IF NOT EXISTS ${clickhouse.database}.further (a UInt8) ENGINE = MergeTree ORDER BY a`,
    ],
  }
  const migrations = [...MIGRATIONS, further]
  expect((await migrate(clickhouse, { migrations })).applied).toEqual([{ version, name: 'further' }])
  expect((await migrate(clickhouse, { migrations })).applied).toEqual([])
})

test('a changed retention changes the TTLs, forever removes them, the same one does nothing', async () => {
  await using clickhouse = await createStoreDatabase()
  const ttl = async (table: string) => {
    const [row] = await clickhouse.rows<{ text: string }>(
      "SELECT extract(engine_full, ' TTL (.*) SETTINGS') AS text FROM system.tables WHERE database = currentDatabase() AND name = {table:String}",
      { table },
    )
    return row!.text
  }
  expect(await ttl('events')).toContain(`toIntervalSecond(${402 * 86_400})`)

  const shorter = { ...DEFAULT_RETENTION, quarterHour: 90 * DAY, raw: 30 * DAY }
  expect((await migrate(clickhouse, { retention: shorter })).retentionChanged).toEqual(['slices', 'events'])
  expect(await ttl('slices')).toMatch(/level = 0.*level = 1.*level = 2/)
  expect(await ttl('events')).toContain(`toIntervalSecond(${32 * 86_400})`)
  expect((await migrate(clickhouse, { retention: shorter })).retentionChanged).toEqual([])

  const forever = Number.POSITIVE_INFINITY
  const all = { tenSeconds: forever, quarterHour: forever, day: forever, raw: forever }
  expect((await migrate(clickhouse, { retention: all })).retentionChanged).toEqual(['slices', 'events'])
  expect(await ttl('events')).toBe('')
  expect(await ttl('slices')).toMatch(/level = 0$/)
  expect((await migrate(clickhouse, { retention: all })).retentionChanged).toEqual([])
  expect((await migrate(clickhouse)).retentionChanged).toEqual(['slices', 'events'])
})

test('TTL takes slices of 10 s that are older than promised, and neither days, proofs nor younger ones', async () => {
  await using clickhouse = await createStoreDatabase()
  const now = Math.floor(Date.now() / 1000)
  const age = { fresh: now - 6.9 * 86_400, old: now - 12 * 86_400, ancient: now - 400 * 86_400 }
  const row = (level: number, start: number) =>
    `{"measure":"m","level":${level},"start":${Math.floor(start)},"month":202611,"count":1}`
  await clickhouse.insert('INSERT INTO slices (measure, level, start, month, count) FORMAT JSONEachRow', [
    Buffer.from([row(1, age.fresh), row(1, age.old), row(2, age.old), row(3, age.ancient)].join('\n')),
  ])
  const [proof] = sliceInserts(foldedBatch([]), sourceRange(0, 9), { writtenAt: Date.now(), provenMonths: [202611] })
  await createBatchStore(clickhouse).insert(proof!, 1, new AbortController().signal)
  await clickhouse.command('OPTIMIZE TABLE slices FINAL')
  expect(await clickhouse.rows('SELECT level, count() AS n FROM slices GROUP BY level ORDER BY level')).toEqual([
    { level: 0, n: 1 },
    { level: 1, n: 1 },
    { level: 2, n: 1 },
    { level: 3, n: 1 },
  ])
})

test('tables remember enough tokens for the load, or say by which statement they would', async () => {
  await using clickhouse = await createStoreDatabase()
  const load = { partitions: 16, flushIntervalMs: 1_000, latestApplyMs: 90_000 }
  await checkDeduplicationWindow(clickhouse, load)
  await expect(checkDeduplicationWindow(clickhouse, { ...load, partitions: 1_000 })).rejects.toThrow(
    /remembers 50000 inserts .* MODIFY SETTING non_replicated_deduplication_window = 3600000$/,
  )
})

test('a ClickHouse that is not there is told with its address and what to check', async () => {
  const clickhouse = createClickHouse({ url: 'http://127.0.0.1:9', database: uniqueName('none') })
  await expect(clickhouse.ping()).rejects.toThrow(/127\.0\.0\.1:9.*KIVI_CLICKHOUSE_URL/)
  await expect(clickhouse.rows('SELECT 1')).rejects.toMatchObject({ code: 'store_unreachable' })
  await clickhouse.close()
  const there = createClickHouse({ url: await clickhouseUrl(), database: 'default' })
  await there.ping()
  await there.close()
})
