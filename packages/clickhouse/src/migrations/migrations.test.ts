import { expect, test } from 'vitest'
import { DEFAULT_RETENTION } from '../retention.ts'
import { MIGRATIONS } from './index.ts'
import { checksum } from './migrate.ts'

const statements = (cluster: string | null, version = 1) =>
  MIGRATIONS.find(migration => migration.version === version)!.statements(
    { database: 'kivi', cluster },
    DEFAULT_RETENTION,
  )

test('versions count up from 1', () => {
  expect(MIGRATIONS.map(migration => migration.version)).toEqual(MIGRATIONS.map((_, i) => i + 1))
})

test('what was shipped is not changed any more', () => {
  expect(MIGRATIONS.map(migration => [migration.version, checksum(migration)])).toMatchInlineSnapshot(`
    [
      [
        1,
        "75eae6c69ef5f2a75576c569a682b170de8fcebbc280daa72dfb9d4c1d64a56b",
      ],
      [
        2,
        "26e6369ff1d628ca6b2bc8d8da6aeb0094de72fbbf97ee84f95a20200ad87cec",
      ],
      [
        3,
        "6528771f91630d98c0777ef151aba6f270752d89b0580b3f4f26645fd76238c0",
      ],
      [
        4,
        "161f55fa9aec02cd32ab762f1031f0b28b621fd2bea91f88831a9eb38f9e1935",
      ],
      [
        5,
        "e77254c546b6e39f1dbd6594e60bdae725b6f8763f394c134286820ec7986999",
      ],
      [
        6,
        "c80136d983f52208e16ed2e26cf32dab170288956c4151de617f4ffa05358373",
      ],
    ]
  `)
})

test('a change of retention or cluster is no change of the migration', () => {
  const [first] = MIGRATIONS
  expect(checksum(first!)).toBe(
    checksum({ ...first!, statements: (_, r) => first!.statements({ database: 'kivi', cluster: null }, r) }),
  )
})

test('every statement can be carried out twice', () => {
  for (const cluster of [null, 'main'])
    for (const statement of statements(cluster)) expect(statement).toMatch(/^CREATE TABLE IF NOT EXISTS /)
})

test('one server: plain tables, each insert of the ingest path remembered and on the disk', () => {
  expect(statements(null).join('\n\n')).not.toMatch(/ON CLUSTER|Replicated|Distributed/)
  for (const table of ['slices', 'events', 'ledger']) {
    const [statement] = statements(null).filter(text => text.includes(`\`kivi\`.\`${table}\``))
    expect(statement).toContain(
      'fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 50000',
    )
    expect(statement).toContain('PARTITION BY month')
  }
})

test('a cluster: replicated tables on every host, and a distributed one over the shards of each that is divided', () => {
  const all = statements('main')
  expect(all).toHaveLength(9)
  for (const statement of all) expect(statement.split('\n')[0]).toMatch(/ ON CLUSTER `main`$/)
  const heads = all.map(text => [text.split('\n')[0], text.split('\n').find(line => line.startsWith('ENGINE'))])
  expect(heads).toMatchInlineSnapshot(`
    [
      [
        "CREATE TABLE IF NOT EXISTS \`kivi\`.\`slices_local\` ON CLUSTER \`main\`",
        "ENGINE = ReplicatedAggregatingMergeTree('/clickhouse/tables/kivi/{shard}/slices', '{replica}')",
      ],
      [
        "CREATE TABLE IF NOT EXISTS \`kivi\`.\`slices\` ON CLUSTER \`main\`",
        "ENGINE = Distributed(\`main\`, \`kivi\`, \`slices_local\`)",
      ],
      [
        "CREATE TABLE IF NOT EXISTS \`kivi\`.\`events_local\` ON CLUSTER \`main\`",
        "ENGINE = ReplicatedMergeTree('/clickhouse/tables/kivi/{shard}/events', '{replica}')",
      ],
      [
        "CREATE TABLE IF NOT EXISTS \`kivi\`.\`events\` ON CLUSTER \`main\`",
        "ENGINE = Distributed(\`main\`, \`kivi\`, \`events_local\`)",
      ],
      [
        "CREATE TABLE IF NOT EXISTS \`kivi\`.\`ledger_local\` ON CLUSTER \`main\`",
        "ENGINE = ReplicatedMergeTree('/clickhouse/tables/kivi/{shard}/ledger', '{replica}')",
      ],
      [
        "CREATE TABLE IF NOT EXISTS \`kivi\`.\`ledger\` ON CLUSTER \`main\`",
        "ENGINE = Distributed(\`main\`, \`kivi\`, \`ledger_local\`)",
      ],
      [
        "CREATE TABLE IF NOT EXISTS \`kivi\`.\`partitions\` ON CLUSTER \`main\`",
        "ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/kivi/all/partitions', '{shard}-{replica}', at)",
      ],
      [
        "CREATE TABLE IF NOT EXISTS \`kivi\`.\`catalogs\` ON CLUSTER \`main\`",
        "ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/kivi/all/catalogs', '{shard}-{replica}', at)",
      ],
      [
        "CREATE TABLE IF NOT EXISTS \`kivi\`.\`installation\` ON CLUSTER \`main\`",
        "ENGINE = ReplicatedMergeTree('/clickhouse/tables/kivi/all/installation', '{shard}-{replica}')",
      ],
    ]
  `)
  const [slices] = all
  expect(slices).toContain('replicated_deduplication_window = 50000, replicated_deduplication_window_seconds = 604800')
})

test('distributed tables have the columns of theirs, without codecs, TTLs, indexes', () => {
  const distributed = statements('main').filter(text => text.includes('Distributed('))
  expect(distributed).toHaveLength(3)
  for (const statement of distributed) expect(statement).not.toMatch(/CODEC|TTL|INDEX|SETTINGS/)
  expect(distributed[0]).toContain('`distinct_in` Array(UInt64) EPHEMERAL')
})

test('the statements of one server, as they are', () => {
  expect(statements(null).join(';\n\n')).toMatchSnapshot()
})
