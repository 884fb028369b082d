import {
  type EventRow,
  INSERT_COLUMNS,
  RowBinaryWriter,
  writeEventRow,
  writeLedgerRow,
  writeSliceRow,
} from '@kivi/clickhouse'
import type { LedgerEntry, SliceRow, StoreTable } from '@kivi/domain'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createStoreDatabase } from '../support/clickhouse-store.ts'

let clickhouse: Awaited<ReturnType<typeof createStoreDatabase>>

beforeAll(async () => {
  clickhouse = await createStoreDatabase()
  // the columns of an insert as they are sent: slices themselves merge rows and keep only states of distinct values
  for (const table of Object.keys(INSERT_COLUMNS))
    await clickhouse.command(
      `CREATE TABLE sent_${table} (row UInt32 DEFAULT rowNumberInAllBlocks(), ${await plainColumns(table as StoreTable)})
       ENGINE = Memory`,
    )
})
beforeEach(async () => {
  for (const table of Object.keys(INSERT_COLUMNS)) await clickhouse.command(`TRUNCATE TABLE sent_${table}`)
})
afterAll(() => clickhouse[Symbol.asyncDispose]())

async function plainColumns(table: StoreTable): Promise<string> {
  const rows = await clickhouse.rows<{ name: string; type: string }>(
    "SELECT name, replaceRegexpOne(type, '^SimpleAggregateFunction\\\\(\\\\w+, (.*)\\\\)$', '\\\\1') AS type FROM system.columns WHERE database = currentDatabase() AND table = {table:String}",
    { table },
  )
  return INSERT_COLUMNS[table].map(name => `\`${name}\` ${rows.find(row => row.name === name)!.type}`).join(', ')
}

/** Sends rows, reads all their columns back as texts. */
async function roundTrip(
  table: StoreTable,
  write: (writer: RowBinaryWriter) => void,
): Promise<Record<string, unknown>[]> {
  await clickhouse.command(`TRUNCATE TABLE sent_${table}`)
  const writer = new RowBinaryWriter()
  write(writer)
  const columns = INSERT_COLUMNS[table].map(name => `\`${name}\``).join(', ')
  await clickhouse.insert(`INSERT INTO sent_${table} (${columns}) FORMAT RowBinary`, writer.chunks())
  const texts = INSERT_COLUMNS[table].map(name => `${textOf(name)} AS \`${name}\``).join(', ')
  const rows = await clickhouse.rows<Record<string, string | null>>(
    `SELECT ${texts} FROM (SELECT * FROM sent_${table} ORDER BY row)`,
  )
  return rows.map(row =>
    Object.fromEntries(Object.entries(row).map(([name, text]) => [name, text === null ? null : JSON.parse(text)])),
  )
}

/** All as JSON: 64-bit and longer integers as texts, doubles by their bits, times by their ticks. */
function textOf(name: string): string {
  if (name === 'min' || name === 'max') return `toJSONString(toString(reinterpretAsUInt64(${name})))`
  if (name === 'numbers') return 'toJSONString(mapApply((k, v) -> (k, toString(reinterpretAsUInt64(v))), numbers))'
  if (name === 'sum' || name === 'person') return `toJSONString(toString(${name}))`
  if (name === 'start') return 'toString(toUnixTimestamp(start))'
  if (name.endsWith('_time') || name === 'stamp') return `toString(toUnixTimestamp64Milli(${name}))`
  if (['distinct_in', 'exact_in', 'id_hashes'].includes(name))
    return `toJSONString(arrayMap(x -> toString(x), ${name}))`
  return `toJSONString(${name})`
}

const bits = (value: number): string => new BigUint64Array(new Float64Array([value]).buffer)[0]!.toString()
const texts = (map: ReadonlyMap<string, unknown>) => Object.fromEntries(map)

const text = fc.oneof(
  { weight: 6, arbitrary: fc.string({ maxLength: 12 }) },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 60, maxLength: 140 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', '\u0000', '点击率', '😀', 'x'.repeat(64), 'y'.repeat(65), 'z'.repeat(300_000)),
  },
)
const count = fc.oneof(fc.nat(), fc.maxSafeNat(), fc.constantFrom(0, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1))
const uint32 = fc.oneof(fc.integer({ min: 0, max: 0xffff_ffff }), fc.constantFrom(0, 0xffff_ffff))
const int128 = fc.oneof(
  fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n - 1n }),
  fc.constantFrom(0n, -1n, 1n, 2n ** 64n, -(2n ** 64n), -(2n ** 127n), 2n ** 127n - 1n),
)
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const double = fc.double({ noNaN: true })
// a DateTime64(3) is an Int64 of ms; beyond 2299 ClickHouse shows other text but keeps the ticks
const time = fc.integer({ min: 0, max: Date.UTC(2299, 0, 1) })
const mark = fc.oneof(fc.maxSafeInteger(), fc.constantFrom(-1, 0, 2 ** 32, -(2 ** 32), -(2 ** 32) - 1))

const sliceRow: fc.Arbitrary<SliceRow> = fc.record({
  measure: text,
  level: fc.integer({ min: 0, max: 255 }),
  start: uint32,
  dims: fc.array(text, { maxLength: 4 }),
  month: uint32,
  count,
  sum: int128,
  min: double,
  max: double,
  late: count,
  distinct: fc.array(uint64, { maxLength: 6 }),
  buckets: fc
    .array(fc.tuple(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), count), { maxLength: 5 })
    .map(entries => new Map(entries)),
})

test('every column of slices comes back as it was written', { timeout: 180_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(sliceRow, { minLength: 1, maxLength: 30 }), async rows => {
      const read = await roundTrip('slices', writer => {
        for (const row of rows) writeSliceRow(writer, row)
      })
      expect(read).toEqual(
        rows.map(row => ({
          measure: row.measure,
          level: row.level,
          start: row.start,
          dims: row.dims,
          month: row.month,
          count: row.count,
          sum: row.sum.toString(),
          min: bits(row.min),
          max: bits(row.max),
          late: row.late,
          distinct_in: row.distinct.map(String),
          exact_in: row.level === 3 ? row.distinct.map(String) : [],
          buckets: [[...row.buckets.keys()], [...row.buckets.values()]],
        })),
      )
    }),
    { numRuns: 30 },
  )
})

const map = <T>(value: fc.Arbitrary<T>) =>
  fc.uniqueArray(fc.tuple(text, value), { maxLength: 4, selector: ([key]) => key }).map(entries => new Map(entries))

const eventRow: fc.Arbitrary<EventRow> = fc.record({
  eventId: text,
  eventType: text,
  eventTime: time,
  source: text,
  userId: text,
  anonymousId: text,
  sessionId: text,
  channel: text,
  campaign: text,
  region: text,
  segment: text,
  productId: text,
  category: text,
  properties: map(text),
  strings: map(text),
  numbers: map(double),
  personHigh: fc.integer(),
  personLow: fc.integer(),
  stamp: time,
  topic: text,
  lineage: text,
  partition: uint32,
  offset: count,
  month: uint32,
})

test('every column of events comes back as it was written', { timeout: 180_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(eventRow, { minLength: 1, maxLength: 10 }), async rows => {
      const read = await roundTrip('events', writer => {
        for (const row of rows) writeEventRow(writer, row)
      })
      expect(read).toEqual(
        rows.map(row => ({
          event_id: row.eventId,
          event_type: row.eventType,
          event_time: row.eventTime,
          source: row.source,
          user_id: row.userId,
          anonymous_id: row.anonymousId,
          session_id: row.sessionId,
          channel: row.channel,
          campaign: row.campaign,
          region: row.region,
          segment: row.segment,
          product_id: row.productId,
          category: row.category,
          properties: texts(row.properties),
          strings: texts(row.strings),
          numbers: texts(new Map([...row.numbers].map(([name, value]) => [name, bits(value)]))),
          person: ((BigInt(row.personHigh >>> 0) << 32n) + BigInt(row.personLow >>> 0)).toString(),
          stamp: row.stamp,
          topic: row.topic,
          lineage: row.lineage,
          partition: row.partition,
          offset: row.offset,
          month: row.month,
        })),
      )
    }),
    { numRuns: 20 },
  )
})

const ledgerRow: fc.Arbitrary<LedgerEntry> = fc.record({
  topic: text,
  lineage: text,
  partition: uint32,
  from: count,
  to: count,
  records: count,
  accepted: count,
  duplicate: count,
  rejected: count,
  tooLate: count,
  tooEarly: count,
  digest: text,
  lastOffset: mark,
  lastStamp: mark,
  highStamp: mark,
  firstEventTime: fc.option(time),
  lastEventTime: fc.option(time),
  watermark: mark,
  catalogHash: text,
  idHashes: fc.bigUint64Array({ maxLength: 5 }),
  idStamps: fc.array(mark, { maxLength: 5 }).map(stamps => Float64Array.from(stamps)),
  worker: text,
  durationMs: fc.oneof(fc.nat(), fc.constantFrom(0, 0.4, 12.6)),
})

test('every column of the ledger comes back as it was written', { timeout: 180_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(ledgerRow, { minLength: 1, maxLength: 10 }), async rows => {
      const read = await roundTrip('ledger', writer => {
        for (const row of rows) writeLedgerRow(writer, row, 202611)
      })
      expect(read).toEqual(
        rows.map(row => ({
          topic: row.topic,
          lineage: row.lineage,
          partition: row.partition,
          from_position: row.from,
          to_position: row.to,
          records: row.records,
          accepted: row.accepted,
          duplicate: row.duplicate,
          rejected: row.rejected,
          too_late: row.tooLate,
          too_early: row.tooEarly,
          digest: row.digest,
          last_offset: row.lastOffset,
          last_stamp: row.lastStamp,
          high_stamp: row.highStamp,
          first_event_time: row.firstEventTime,
          last_event_time: row.lastEventTime,
          watermark: row.watermark,
          catalog_hash: row.catalogHash,
          id_hashes: [...row.idHashes].map(String),
          id_stamps: [...row.idStamps],
          worker: row.worker,
          duration_ms: Math.round(row.durationMs),
          month: 202611,
        })),
      )
    }),
    { numRuns: 20 },
  )
})

test('distinct values reach the states of the real table: days exactly, other levels within 1 %', async () => {
  const distinct = Array.from({ length: 20_000 }, (_, i) => BigInt.asUintN(64, BigInt(i) * 0x9e3779b97f4a7c15n))
  const row = {
    measure: 'visitors',
    dims: [],
    month: 202611,
    count: 1,
    sum: -5n,
    min: 0,
    max: 0,
    late: 0,
    buckets: new Map([[-3, 2]]),
  }
  for (const half of [distinct.slice(0, 12_000), distinct.slice(8_000)]) {
    const writer = new RowBinaryWriter()
    for (const level of [1, 3]) writeSliceRow(writer, { ...row, level, start: 1_795_000_000, distinct: half })
    const columns = INSERT_COLUMNS.slices.join(', ')
    await clickhouse.insert(
      `INSERT INTO slices (${columns}) SETTINGS insert_deduplication_token = '${half.length}-${half[0]}' FORMAT RowBinary`,
      writer.chunks(),
    )
  }
  const read = await clickhouse.rows<{ level: number; near: number; exact: number; sum: string; buckets: unknown }>(
    `SELECT level, uniqCombined64Merge(uniq) AS near, uniqExactMerge(exact) AS exact, toString(sum(s.sum)) AS sum, sumMap(s.buckets.1, s.buckets.2) AS buckets
     FROM slices AS s WHERE measure = 'visitors' GROUP BY level ORDER BY level`,
  )
  expect(read.map(({ level, exact, sum, buckets }) => ({ level, exact, sum, buckets }))).toEqual([
    { level: 1, exact: 0, sum: '-10', buckets: [[-3], [4]] },
    { level: 3, exact: 20_000, sum: '-10', buckets: [[-3], [4]] },
  ])
  for (const { near } of read) expect(Math.abs(near / 20_000 - 1)).toBeLessThan(0.01)
})
