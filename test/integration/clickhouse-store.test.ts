import {
  createBatchStore,
  eventsInsert,
  insertToken,
  LARGEST_BLOCK_ROWS,
  proofRow,
  RowBinaryWriter,
  sliceInserts,
  writeEventRow,
  writeSliceRow,
} from '@kivi/clickhouse'
import type { BatchStore, Insert } from '@kivi/domain'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createStoreDatabase, foldedBatch, sourceRange } from '../support/clickhouse-store.ts'
import { eventRow } from '../support/event-row.ts'
import { uniqueName } from '../support/index.ts'

const never = new AbortController().signal
let clickhouse: Awaited<ReturnType<typeof createStoreDatabase>>
let store: BatchStore

beforeAll(async () => {
  clickhouse = await createStoreDatabase()
  store = createBatchStore(clickhouse)
})
afterAll(() => clickhouse[Symbol.asyncDispose]())

const options = { writtenAt: Date.now() }

async function orders(month: number): Promise<number> {
  const [row] = await clickhouse.rows<{ n: number }>(
    "SELECT sum(count) AS n FROM slices WHERE measure = 'orders' AND month = {month:UInt32}",
    { month },
  )
  return row!.n
}

/** Blocks that were written into the month since its beginning; merges do not change it. */
const blocks = async (month: number): Promise<number> => {
  const [row] = await clickhouse.rows<{ n: number }>(
    `SELECT max(max_block_number) AS n FROM system.parts
     WHERE database = {database:String} AND table = 'slices' AND partition = {month:String}`,
    { database: clickhouse.database, month: String(month) },
  )
  return row!.n
}

test('a block is there once however often it is sent under its token, and its proof tells so', async () => {
  const [insert] = sliceInserts(foldedBatch([202601]), sourceRange(0, 10), options) as [Insert]
  expect(await store.hasProof(insert)).toBe(false)
  await store.insert(insert, 1, never)
  await store.insert(insert, 1, never)
  expect(await store.hasProof(insert)).toBe(true)
  expect(await orders(202601)).toBe(1)
})

test('a further attempt has a token of its own: for a part that was lost with its token known', async () => {
  const [insert] = sliceInserts(foldedBatch([202602]), sourceRange(10, 20), options) as [Insert]
  await store.insert(insert, 1, never)
  await clickhouse.command('ALTER TABLE slices DELETE WHERE month = 202602', {}, { settings: { mutations_sync: 2 } })
  expect(await store.hasProof(insert)).toBe(false)
  await store.insert(insert, 1, never)
  expect(await store.hasProof(insert)).toBe(false)
  await store.insert(insert, 2, never)
  expect(await store.hasProof(insert)).toBe(true)
  expect(await orders(202602)).toBe(1)
})

test('equal blocks of different ranges are both counted: tokens decide, not contents', async () => {
  for (const source of [sourceRange(20, 30), sourceRange(30, 40)]) {
    const [insert] = sliceInserts(foldedBatch([202603]), source, options) as [Insert]
    await store.insert(insert, 1, never)
  }
  expect(await orders(202603)).toBe(2)
})

test('a token does not stick to the inserts that come after it', async () => {
  const source = sourceRange(40, 50)
  const [slices] = sliceInserts(foldedBatch([202604]), source, options) as [Insert]
  await store.insert(slices, 1, never)
  await clickhouse.insert(
    'INSERT INTO slices (measure, level, start, month, count) SETTINGS async_insert = 0 FORMAT JSONEachRow',
    [Buffer.from('{"measure":"orders","level":3,"start":0,"month":202604,"count":5}\n')],
  )
  expect(await orders(202604)).toBe(6)
})

test('a batch over two months is two blocks, each proven by itself', async () => {
  const source = sourceRange(50, 60)
  const [december, january] = sliceInserts(foldedBatch([202512, 202612]), source, options) as [Insert, Insert]
  await store.insert(january, 1, never)
  expect(await store.hasProof(december)).toBe(false)
  expect(await store.hasProof(january)).toBe(true)
  expect(await store.provenRange({ ...source })).toBe(60)
  await store.insert(december, 1, never)
  expect([await orders(202512), await orders(202612)]).toEqual([1, 1])
})

test('a block that touches a second month is refused for good', async () => {
  const source = sourceRange(60, 70)
  const [one, other] = sliceInserts(foldedBatch([202605, 202606]), source, options) as [Insert, Insert]
  const both = { ...one, body: [...one.body, ...other.body], rows: one.rows + other.rows }
  await expect(store.insert(both, 1, never)).rejects.toMatchObject({ code: 'store_rejected' })
  expect([await orders(202605), await orders(202606)]).toEqual([0, 0])
})

test('a proven range is found by where it begins, among ranges that begin elsewhere', async () => {
  const lineage = uniqueName('lineage')
  for (const [from, to] of [
    [7, 70],
    [70, 71],
    [700, 900],
  ] as const)
    for (const insert of sliceInserts(foldedBatch([202607]), sourceRange(from, to, lineage), options))
      await store.insert(insert, 1, never)
  const provenFrom = (from: number, of = lineage) => store.provenRange({ ...sourceRange(from, 0, of) })
  expect(await provenFrom(7)).toBe(70)
  expect(await provenFrom(70)).toBe(71)
  expect(await provenFrom(700)).toBe(900)
  expect(await provenFrom(71)).toBeNull()
  expect(await provenFrom(7, 'another')).toBeNull()
})

test('a batch without slices still has a proof where events follow', async () => {
  const source = sourceRange(80, 90)
  const inserts = sliceInserts(foldedBatch([]), source, { ...options, provenMonths: [202608, 202608] })
  expect(inserts.map(insert => [insert.month, insert.rows])).toEqual([[202608, 1]])
  await store.insert(inserts[0]!, 1, never)
  expect(await store.provenRange(source)).toBe(90)
})

test('events are proven by their positions', async () => {
  const source = sourceRange(100, 110)
  const writer = new RowBinaryWriter()
  writeEventRow(
    writer,
    eventRow({
      eventId: 'e1',
      eventTime: Date.UTC(2026, 8, 5),
      userId: 'u1',
      numbers: new Map([['amount', 12.5]]),
      personHigh: -1,
      personLow: 1,
      stamp: Date.UTC(2026, 8, 5),
      topic: source.topic,
      lineage: source.lineage,
      partition: source.partition,
      offset: 104,
      month: 202609,
    }),
  )
  const insert = eventsInsert(source, 202609, writer.detach(), 1)
  expect(await store.hasProof(insert)).toBe(false)
  await store.insert(insert, 1, never)
  await store.insert(insert, 1, never)
  expect(await store.hasProof(insert)).toBe(true)
  expect(await store.hasProof(eventsInsert(sourceRange(90, 104), 202609, [], 0))).toBe(false)
  expect(await store.hasProof(eventsInsert(sourceRange(105, 110), 202609, [], 0))).toBe(false)
  expect(await store.hasProof(eventsInsert(sourceRange(100, 110, 'bbbb'), 202609, [], 0))).toBe(false)
  const rows = await clickhouse.rows(
    'SELECT event_id, numbers, toString(person) AS person FROM events WHERE month = 202609',
  )
  expect(rows).toEqual([{ event_id: 'e1', numbers: { amount: 12.5 }, person: 0xffffffff_00000001n.toString() }])
})

test('a block beyond the default limits of blocks is one part', { timeout: 120_000 }, async () => {
  const source = sourceRange(200, 300)
  const rows = 1_060_000
  const writer = new RowBinaryWriter()
  const row = { ...proofRow(source, 202610, 1), measure: 'wide', level: 2, dims: [], count: 1 }
  writeSliceRow(writer, proofRow(source, 202610, Math.floor(Date.now() / 1000)))
  for (let i = 1; i < rows; i++) writeSliceRow(writer, { ...row, start: i })
  const token = insertToken(source, 'slices', 202610)
  const insert: Insert = { table: 'slices', month: 202610, token, source, body: writer.detach(), rows }
  const [before] = await clickhouse.rows<{ n: number }>(
    "SELECT max(max_block_number) AS n FROM system.parts WHERE database = currentDatabase() AND table = 'slices'",
  )
  await store.insert(insert, 1, never)
  expect(await blocks(202610)).toBe(before!.n + 1)
  await store.insert(insert, 1, never)
  expect(await blocks(202610)).toBe(before!.n + 1)
  const [count] = await clickhouse.rows<{ n: number }>('SELECT sum(count) AS n FROM slices WHERE month = 202610')
  expect(count!.n).toBe(rows)
})

test('a block that could be divided is refused before it is sent', async () => {
  const [insert] = sliceInserts(foldedBatch([202611]), sourceRange(300, 400), options) as [Insert]
  await expect(store.insert({ ...insert, rows: LARGEST_BLOCK_ROWS + 1 }, 1, never)).rejects.toThrow(/cut smaller/)
})

test('an insert ends when its deadline does, as an outage and not as a refusal', async () => {
  const [insert] = sliceInserts(foldedBatch([202611]), sourceRange(400, 500), options) as [Insert]
  await expect(store.insert(insert, 1, AbortSignal.abort())).rejects.toMatchObject({ code: 'store_unreachable' })
  expect(await store.hasProof(insert)).toBe(false)
})

test('catalogs come back as they were stored, others not at all', async () => {
  const files = new Map([
    ['kivi.yaml', "currency: 'CNY'\ntext: \\ \u0000 点击率 😀\n"],
    ['measures/empty.yaml', ''],
  ])
  await store.storeCatalog('a1', files)
  await store.storeCatalog('a1', files)
  expect(await store.loadCatalog('a1')).toEqual(files)
  expect(await store.loadCatalog('b2')).toBeNull()
})

test('progress: the newest row of a partition wins', async () => {
  const row = { topic: 't', partition: 1, position: 5, high: 9, watermark: -1, idleSince: null, at: 1_000, worker: 'w' }
  await store.storeProgress([row, { ...row, partition: 2 }])
  await store.storeProgress([{ ...row, position: 9, watermark: 77, idleSince: 1_900, at: 2_000 }])
  await store.storeProgress([{ ...row, position: 6, at: 1_500 }])
  await store.storeProgress([])
  const rows = await clickhouse.rows(
    `SELECT partition, position, watermark, toUnixTimestamp64Milli(idle_since) AS idle, toUnixTimestamp64Milli(at) AS at
     FROM partitions FINAL WHERE topic = 't' ORDER BY partition`,
  )
  expect(rows).toEqual([
    { partition: 1, position: 9, watermark: 77, idle: 1_900, at: 2_000 },
    { partition: 2, position: 5, watermark: -1, idle: null, at: 1_000 },
  ])
})
