import { createBatchStore, ledgerInsert } from '@kivi/clickhouse'
import type { BatchStore, LedgerEntry } from '@kivi/domain'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createStoreDatabase, ledgerEntry, sourceRange } from '../support/clickhouse-store.ts'
import { uniqueName } from '../support/index.ts'

const never = new AbortController().signal
let clickhouse: Awaited<ReturnType<typeof createStoreDatabase>>
let store: BatchStore

beforeAll(async () => {
  clickhouse = await createStoreDatabase()
  store = createBatchStore(clickhouse)
})
afterAll(() => clickhouse[Symbol.asyncDispose]())

const write = async (...entries: LedgerEntry[]) => {
  for (const entry of entries) await store.insert(ledgerInsert(entry, 202611), 1, never)
}
const endOf = (lineage: string, from: number) => store.ledgerEnd('shop.events', 3, lineage, from)

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const each of source) all.push(each)
  return all
}

test('an unknown lineage has no end', async () => {
  expect(await endOf(uniqueName('none'), 0)).toBeNull()
})

test('the end is that of the adjoining ranges, with the last entry before it', async () => {
  const lineage = uniqueName('lineage')
  const range = (from: number, to: number) => ledgerEntry(sourceRange(from, to, lineage))
  await write(range(100, 110), range(110, 130), range(140, 150))
  expect(await endOf(lineage, 100)).toEqual({
    to: 130,
    lastOffset: 129,
    lastStamp: 130_000,
    highStamp: 130_000,
    watermark: 100_000,
    digest: (130).toString(16).padStart(16, '0'),
  })
  expect(await endOf(lineage, 110)).toMatchObject({ to: 130 })
  expect(await endOf(lineage, 130)).toMatchObject({ to: 130, lastOffset: 129 })
  expect(await endOf(lineage, 140)).toMatchObject({ to: 150, lastOffset: 149 })
})

test('from 0 the lineage is followed from its first row', async () => {
  const lineage = uniqueName('lineage')
  await write(ledgerEntry(sourceRange(55, 60, lineage)), ledgerEntry(sourceRange(60, 61, lineage)))
  expect(await endOf(lineage, 0)).toMatchObject({ to: 61 })
})

test('before the first row of a lineage there is no last entry', async () => {
  const lineage = uniqueName('lineage')
  await write(ledgerEntry(sourceRange(10, 20, lineage)))
  expect(await endOf(lineage, 5)).toEqual({
    to: 5,
    lastOffset: -1,
    lastStamp: -1,
    highStamp: -1,
    watermark: -1,
    digest: '',
  })
})

test('a range without records leaves the last record to the entry before it', async () => {
  const lineage = uniqueName('lineage')
  const empty = { records: 0, accepted: 0, lastOffset: -1, lastStamp: -1, highStamp: 10_000, digest: 'empty' }
  await write(ledgerEntry(sourceRange(0, 10, lineage)), ledgerEntry(sourceRange(10, 12, lineage), empty))
  expect(await endOf(lineage, 10)).toMatchObject({ to: 12, lastOffset: 9, lastStamp: 10_000, highStamp: 10_000 })
})

test('the ledger is proven by range, whichever month it went to', async () => {
  const entry = ledgerEntry(sourceRange(0, 10, uniqueName('lineage')))
  await write(entry)
  expect(await store.hasProof(ledgerInsert(entry, 202612))).toBe(true)
  expect(await store.hasProof(ledgerInsert({ ...entry, to: 11 }, 202611))).toBe(false)
})

test('the newest lineage of a partition is the one written last', async () => {
  const topic = uniqueName('topic')
  const entry = (lineage: string, from: number) => ledgerEntry({ ...sourceRange(from, from + 1, lineage), topic })
  expect(await store.lineage(topic, 3)).toBeNull()
  await write(entry('zz', 500))
  await write(entry('aa', 0))
  expect(await store.lineage(topic, 3)).toBe('aa')
  expect(await store.lineage(topic, 4)).toBeNull()
})

test('accepted ids come in the order of the log, from the stamp asked for to the position asked for', async () => {
  const lineage = uniqueName('lineage')
  await write(...[20, 0, 10, 30].map(from => ledgerEntry(sourceRange(from, from + 10, lineage))))
  const runs = await collect(
    store.acceptedIds({ topic: 'shop.events', partition: 3, lineage, before: 30, since: 15_000 }),
  )
  const hashes = runs.flatMap(run => [...run.hashes])
  const stamps = runs.flatMap(run => [...run.stamps])
  expect(hashes).toEqual(Array.from({ length: 16 }, (_, i) => BigInt(14 + i)))
  expect(stamps).toEqual(hashes.map(hash => 1_000 * (Number(hash) + 1)))
})

test('hashes and stamps of any size come back exactly, in answers of many network chunks', async () => {
  const lineage = uniqueName('lineage')
  const count = 150_000
  const idHashes = BigUint64Array.from({ length: count }, (_, i) => BigInt.asUintN(64, BigInt(i) * 0x9e3779b97f4a7c15n))
  const idStamps = Float64Array.from({ length: count }, (_, i) => Date.UTC(2026, 0, 1) + i)
  await write(ledgerEntry(sourceRange(0, count, lineage), { idHashes, idStamps, highStamp: Date.UTC(2027, 0, 1) }))
  const place = { topic: 'shop.events', partition: 3, lineage, before: count, since: 0 }
  const runs = await collect(store.acceptedIds(place))
  expect(runs).toHaveLength(1)
  expect(runs[0]!.hashes).toEqual(idHashes)
  expect(runs[0]!.stamps).toEqual(idStamps)
})

test('for any set of ranges, the end is where a walk along them ends', { timeout: 120_000 }, async () => {
  const ranges = fc.array(fc.record({ size: fc.integer({ min: 1, max: 5 }), gap: fc.boolean() }), { maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(ranges, fc.nat(12), fc.boolean(), async (list, pick, shuffled) => {
      const lineage = uniqueName('walk')
      let at = 3
      const entries = list.map(({ size, gap }) => {
        if (gap) at += 2
        const entry = ledgerEntry(sourceRange(at, at + size, lineage))
        at += size
        return entry
      })
      await write(...(shuffled ? entries.toReversed() : entries))
      const from = entries[pick % Math.max(1, entries.length)]?.from ?? 7
      let to = from
      for (const entry of entries) if (entry.from === to) to = entry.to
      expect((await endOf(lineage, from))?.to ?? null).toBe(entries.length === 0 ? null : to)
    }),
    { numRuns: 25 },
  )
})
