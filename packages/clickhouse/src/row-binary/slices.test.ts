import { type FoldedBatch, LEVEL, type SliceColumns, sliceRows } from '@kivi/domain'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeTexts, writeSliceColumns, writeSliceRow } from './slices.ts'
import { RowBinaryWriter } from './writer.ts'

const bytesOf = (writer: RowBinaryWriter): Buffer => Buffer.concat(writer.chunks())

interface Cell {
  readonly measure: number
  readonly level: number
  readonly start: number
  readonly tuple: number
  readonly count: number
  readonly sumHigh: number
  readonly sumLow: number
  readonly min: number
  readonly max: number
  readonly late: number
  readonly distinct: readonly (readonly [number, number])[]
  readonly buckets: readonly (readonly [number, number])[]
}

const lane = fc.integer()
const cell: fc.Arbitrary<Cell> = fc.record({
  measure: fc.nat(2),
  level: fc.constantFrom(LEVEL.tenSeconds, LEVEL.quarterHour, LEVEL.day),
  start: fc.integer({ min: 0, max: 0xffff_ffff }),
  tuple: fc.nat(3),
  count: fc.maxSafeNat(),
  sumHigh: fc.oneof(
    fc.constant(0),
    fc.integer({ min: -(2 ** 31), max: 2 ** 31 }),
    fc.integer({ min: -(2 ** 50), max: 2 ** 50 }),
  ),
  sumLow: fc.oneof(
    fc.integer({ min: -(2 ** 52), max: 2 ** 52 }),
    fc.constantFrom(0, -1, -(2 ** 32), 2 ** 32, -(2 ** 32) - 1),
  ),
  min: fc.double({ noNaN: true }),
  max: fc.double({ noNaN: true }),
  late: fc.maxSafeNat(),
  distinct: fc.array(fc.tuple(lane, lane), { maxLength: 5 }),
  buckets: fc.uniqueArray(fc.tuple(lane, fc.maxSafeNat()), { maxLength: 5, selector: ([bucket]) => bucket }),
})
const texts = fc.array(fc.string({ unit: 'binary', maxLength: 90 }), { maxLength: 3 })

function columnsOf(month: number, cells: readonly Cell[]): SliceColumns {
  const starts = (list: (cell: Cell) => readonly unknown[]) => {
    let at = 0
    return new Int32Array([0, ...cells.map(cell => (at += list(cell).length))])
  }
  const distinct = cells.flatMap(cell => cell.distinct)
  const buckets = cells.flatMap(cell => cell.buckets)
  return {
    month,
    rows: cells.length,
    measure: Uint16Array.from(cells, cell => cell.measure),
    level: Uint8Array.from(cells, cell => cell.level),
    start: Uint32Array.from(cells, cell => cell.start),
    tuple: Int32Array.from(cells, cell => cell.tuple),
    count: Float64Array.from(cells, cell => cell.count),
    sumHigh: Float64Array.from(cells, cell => cell.sumHigh),
    sumLow: Float64Array.from(cells, cell => cell.sumLow),
    min: Float64Array.from(cells, cell => cell.min),
    max: Float64Array.from(cells, cell => cell.max),
    late: Float64Array.from(cells, cell => cell.late),
    distinctStart: starts(cell => cell.distinct),
    distinctHigh: Int32Array.from(distinct, ([high]) => high),
    distinctLow: Int32Array.from(distinct, ([, low]) => low),
    bucketStart: starts(cell => cell.buckets),
    bucket: Int32Array.from(buckets, ([bucket]) => bucket),
    bucketCount: Float64Array.from(buckets, ([, count]) => count),
  }
}

test('columns are written as the same bytes as the rows they stand for', () => {
  const dims = fc.array(texts, { minLength: 4, maxLength: 4 })
  fc.assert(
    fc.property(fc.array(cell, { maxLength: 20 }), dims, (cells, tuples) => {
      const batch: FoldedBatch = { measures: ['orders', 'revenue', '收入'], tuples, months: [columnsOf(202611, cells)] }
      const byColumns = new RowBinaryWriter()
      writeSliceColumns(byColumns, encodeTexts(batch), batch.months[0]!)
      const byRows = new RowBinaryWriter()
      for (const row of sliceRows(batch)) writeSliceRow(byRows, row)
      expect(bytesOf(byColumns).equals(bytesOf(byRows))).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('a slice outside of what a DateTime holds is refused, not stored as another time', () => {
  const row = sliceRows({
    measures: ['m'],
    tuples: [[]],
    months: [columnsOf(202611, [{ ...fc.sample(cell, 1)[0]!, measure: 0, tuple: 0 }])],
  })[0]!
  for (const start of [-1, 2 ** 32])
    expect(() => writeSliceRow(new RowBinaryWriter(), { ...row, start })).toThrow(/1970 to 2106/)
})
