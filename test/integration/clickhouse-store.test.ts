import { type ClickHouse, createBatchStore, createClickHouse, migrate, sliceInserts } from '@kivi/clickhouse'
import type { BatchStore, FoldedBatch, SourceRange } from '@kivi/domain'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { clickhouseUrl, uniqueName } from '../support/index.ts'

const never = new AbortController().signal
let clickhouse: ClickHouse
let store: BatchStore

beforeAll(async () => {
  clickhouse = createClickHouse({ url: await clickhouseUrl(), database: uniqueName('store') })
  await migrate(clickhouse)
  store = createBatchStore(clickhouse)
})

afterAll(async () => {
  await clickhouse.command(`DROP DATABASE IF EXISTS ${clickhouse.database} SYNC`)
  await clickhouse.close()
})

const batch = (months: readonly number[], count = 1): FoldedBatch => ({
  measures: ['orders'],
  tuples: [['spring', 'web']],
  months: months.map(month => ({
    month,
    rows: 1,
    measure: new Uint16Array([0]),
    level: new Uint8Array([3]),
    start: new Uint32Array([Date.UTC(Math.floor(month / 100), (month % 100) - 1, 1) / 1000]),
    tuple: new Int32Array([0]),
    count: new Float64Array([count]),
    sumHigh: new Float64Array([0]),
    sumLow: new Float64Array([-125_000]),
    min: new Float64Array([-12.5]),
    max: new Float64Array([-12.5]),
    late: new Float64Array([0]),
    distinctStart: new Int32Array([0, 2]),
    distinctHigh: new Int32Array([-1, 7]),
    distinctLow: new Int32Array([-1, 9]),
    bucketStart: new Int32Array([0, 1]),
    bucket: new Int32Array([-40]),
    bucketCount: new Float64Array([1]),
  })),
})

const range = (from: number, to: number, lineage = uniqueName('lineage')): SourceRange => ({
  topic: 'events',
  lineage,
  partition: 3,
  from,
  to,
})

const total = async (source: SourceRange): Promise<number> => {
  const [row] = await clickhouse.rows<{ n: number }>(
    "SELECT sum(count) AS n FROM slices WHERE measure = 'orders' AND month = {month:UInt32}",
    { month: source.from },
  )
  return row!.n
}

test('a block is there once however often it is sent, and its proof tells so', async () => {
  const source = range(202601, 202602)
  const [insert] = sliceInserts(batch([202601]), source, { writtenAt: Date.now() })
  expect(await store.hasProof(insert!)).toBe(false)
  await store.insert(insert!, 1, never)
  expect(await store.hasProof(insert!)).toBe(true)
  await store.insert(insert!, 1, never)
  expect(await total(source)).toBe(1)
  await store.insert(insert!, 2, never)
  expect(await total(source)).toBe(2)
})
