import {
  createBatchStore,
  eventsInsert,
  ledgerInsert,
  RowBinaryWriter,
  reconcile,
  sliceInserts,
  writeEventRow,
} from '@kivi/clickhouse'
import type { BatchStore, LedgerEntry } from '@kivi/domain'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createStoreDatabase, foldedBatch, ledgerEntry, sourceRange } from '../support/clickhouse-store.ts'
import { eventRow } from '../support/event-row.ts'
import { uniqueName } from '../support/index.ts'

const never = new AbortController().signal
const MONTH = 202611
let clickhouse: Awaited<ReturnType<typeof createStoreDatabase>>
let store: BatchStore

beforeAll(async () => {
  clickhouse = await createStoreDatabase()
  store = createBatchStore(clickhouse)
})
afterAll(() => clickhouse[Symbol.asyncDispose]())

/** Writes a batch as the worker does, without the parts that are named. */
async function writeBatch(
  entry: LedgerEntry,
  without: readonly ('slices' | 'events' | 'ledger')[] = [],
  events = entry.accepted,
) {
  const inserts = [
    ...sliceInserts(foldedBatch([MONTH]), entry, { writtenAt: Date.now() }),
    eventsBlock(entry, events),
    ledgerInsert(entry, MONTH),
  ]
  for (const insert of inserts) if (!without.includes(insert.table)) await store.insert(insert, 1, never)
}

function eventsBlock(entry: LedgerEntry, count: number) {
  const writer = new RowBinaryWriter()
  const { topic, lineage, partition } = entry
  for (let i = 0; i < count; i++)
    writeEventRow(
      writer,
      eventRow({ topic, lineage, partition, offset: entry.from + (i % (entry.to - entry.from)), month: MONTH }),
    )
  return eventsInsert(entry, MONTH, writer.detach(), count)
}

const batchOf = (topic: string, from: number, to: number, changes: Partial<LedgerEntry> = {}) =>
  ledgerEntry({ ...sourceRange(from, to, `${topic}-1`), topic }, changes)

const kinds = async (topic: string) =>
  (await reconcile(clickhouse, { topic })).findings.map(({ kind, from, to, expected, found }) => [
    kind,
    from,
    to,
    expected,
    found,
  ])

test('batches that adjoin, add up and are all there give no finding; totals are those of the ledger', async () => {
  const topic = uniqueName('good')
  await writeBatch(batchOf(topic, 100, 110))
  await writeBatch(batchOf(topic, 110, 120, { accepted: 6, duplicate: 1, rejected: 1, tooLate: 1, tooEarly: 1 }), [], 6)
  await writeBatch(batchOf(topic, 120, 130), ['ledger'])
  const report = await reconcile(clickhouse, { topic })
  expect(report).toEqual({
    lineages: [
      {
        topic,
        partition: 3,
        lineage: `${topic}-1`,
        from: 100,
        to: 120,
        batches: 2,
        records: 20,
        outcomes: { accepted: 16, duplicate: 1, rejected: 1, too_late: 1, too_early: 1 },
        watermark: 90_000,
      },
    ],
    totals: { records: 20, batches: 2, accepted: 16, duplicate: 1, rejected: 1, too_late: 1, too_early: 1 },
    findings: [],
    truncated: false,
  })
})

test('a gap between batches is found', async () => {
  const topic = uniqueName('gap')
  await writeBatch(batchOf(topic, 0, 10))
  await writeBatch(batchOf(topic, 15, 20))
  expect(await kinds(topic)).toEqual([['gap', 10, 15, 10, 15]])
})

test('batches that overlap are found, the same one twice too', async () => {
  const topic = uniqueName('overlap')
  await writeBatch(batchOf(topic, 0, 10))
  await writeBatch(batchOf(topic, 8, 20), ['events', 'slices'])
  expect(await kinds(topic)).toContainEqual(['overlap', 8, 10, 10, 8])
  const again = uniqueName('twice')
  await writeBatch(batchOf(again, 0, 10))
  await store.insert(ledgerInsert(batchOf(again, 0, 10), MONTH), 2, never)
  expect(await kinds(again)).toContainEqual(['overlap', 0, 10, 10, 0])
})

test('outcomes that do not add up to the records are found', async () => {
  const topic = uniqueName('outcomes')
  await writeBatch(batchOf(topic, 0, 10, { records: 11 }))
  expect(await kinds(topic)).toEqual([['miscounted', 0, 10, 11, 10]])
})

test('raw events that are missing or too many are found', async () => {
  const topic = uniqueName('events')
  await writeBatch(batchOf(topic, 0, 10), ['events'])
  await writeBatch(batchOf(topic, 10, 20), [], 9)
  await writeBatch(batchOf(topic, 20, 30), [], 12)
  await writeBatch(batchOf(topic, 30, 40))
  expect(await kinds(topic)).toEqual([
    ['events_missing', 0, 10, 10, 0],
    ['events_missing', 10, 20, 10, 9],
    ['events_extra', 20, 30, 10, 12],
  ])
  const off = { tenSeconds: 1, quarterHour: 1, day: 1, raw: 0 }
  expect((await reconcile(clickhouse, { topic, retention: off })).findings).toEqual([])
})

test('raw events that are gone by retention are not missed', async () => {
  const topic = uniqueName('old')
  await writeBatch(batchOf(topic, 0, 10, { firstEventTime: 1_000, lastEventTime: Date.now() }), ['events'])
  expect(await kinds(topic)).toEqual([])
})

test('a block of slices that is missing, doubled or of no batch is found', async () => {
  const missing = uniqueName('missing')
  await writeBatch(batchOf(missing, 0, 10), ['slices'])
  expect(await kinds(missing)).toEqual([['slices_missing', 0, 10, 1, 0]])

  const doubled = uniqueName('doubled')
  await writeBatch(batchOf(doubled, 0, 10))
  const [block] = sliceInserts(foldedBatch([MONTH]), batchOf(doubled, 0, 10), { writtenAt: Date.now() })
  await store.insert(block!, 2, never)
  expect(await kinds(doubled)).toEqual([['slices_doubled', 0, 10, 1, 2]])

  const stray = uniqueName('stray')
  await writeBatch(batchOf(stray, 0, 10))
  await writeBatch(batchOf(stray, 0, 7), ['events', 'ledger'])
  expect(await kinds(stray)).toEqual([['slices_stray', 0, 7, 0, 1]])
})
