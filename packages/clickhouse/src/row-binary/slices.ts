import { type FoldedBatch, LEVEL, type SliceColumns, type SliceRow } from '@kivi/domain'
import { RowBinaryWriter } from './writer.ts'

const CARRY = 2 ** 32

/** Largest value of a DateTime, epoch seconds: 2106-02-07. */
const LAST_START = 0xffff_ffff

/**
 * A row of `slices` from a plain object: the reference for writeSliceColumns.
 * Throws RangeError where a slice begins before 1970 or after 2106, which ClickHouse's DateTime cannot hold.
 */
export function writeSliceRow(writer: RowBinaryWriter, row: SliceRow): void {
  if (row.start < 0 || row.start > LAST_START)
    throw new RangeError(`a slice that begins at ${row.start} s cannot be stored: only those from 1970 to 2106 can`)
  writer.text(row.measure)
  writer.uint8(row.level)
  writer.uint32(row.start)
  writeTexts(writer, row.dims)
  writer.uint32(row.month)
  writer.uint64(row.count)
  writer.bigInt128(row.sum)
  writer.float64(row.min)
  writer.float64(row.max)
  writer.uint64(row.late)
  writer.length32(row.distinct.length)
  for (const hash of row.distinct) writer.bigUint64(hash)
  const exact = row.level === LEVEL.day ? row.distinct : []
  writer.length32(exact.length)
  for (const hash of exact) writer.bigUint64(hash)
  writer.length32(row.buckets.size)
  for (const bucket of row.buckets.keys()) writer.int32(bucket)
  writer.length32(row.buckets.size)
  for (const count of row.buckets.values()) writer.uint64(count)
}

/** The texts of a folded batch as they are written, each made once however many rows use it. */
export interface EncodedTexts {
  readonly measures: readonly Uint8Array[]
  readonly tuples: readonly Uint8Array[]
}

export function encodeTexts(batch: FoldedBatch): EncodedTexts {
  const writer = new RowBinaryWriter()
  const encode = (write: () => void): Uint8Array => {
    writer.reset()
    write()
    return Buffer.concat(writer.chunks())
  }
  return {
    measures: batch.measures.map(id => encode(() => writer.text(id))),
    tuples: batch.tuples.map(values => encode(() => writeTexts(writer, values))),
  }
}

/** All rows of a month, without an object per row: byte for byte what writeSliceRow gives. */
export function writeSliceColumns(writer: RowBinaryWriter, texts: EncodedTexts, columns: SliceColumns): void {
  const { measures, tuples } = texts
  for (let row = 0; row < columns.rows; row++) {
    const level = columns.level[row]!
    writer.raw(measures[columns.measure[row]!]!)
    writer.uint8(level)
    writer.uint32(columns.start[row]!)
    writer.raw(tuples[columns.tuple[row]!]!)
    writer.uint32(columns.month)
    writer.uint64(columns.count[row]!)
    const low = columns.sumLow[row]!
    const carry = Math.floor(low / CARRY)
    writer.int128(columns.sumHigh[row]! + carry, low - carry * CARRY)
    writer.float64(columns.min[row]!)
    writer.float64(columns.max[row]!)
    writer.uint64(columns.late[row]!)
    writeDistinct(writer, columns, row, level === LEVEL.day)
    writeBuckets(writer, columns, row)
  }
}

function writeDistinct(writer: RowBinaryWriter, columns: SliceColumns, row: number, exact: boolean): void {
  const start = columns.distinctStart[row]!
  const end = columns.distinctStart[row + 1]!
  writer.length32(end - start)
  for (let i = start; i < end; i++) writer.lanes(columns.distinctHigh[i]!, columns.distinctLow[i]!)
  if (!exact) return writer.uint8(0)
  writer.length32(end - start)
  for (let i = start; i < end; i++) writer.lanes(columns.distinctHigh[i]!, columns.distinctLow[i]!)
}

function writeBuckets(writer: RowBinaryWriter, columns: SliceColumns, row: number): void {
  const start = columns.bucketStart[row]!
  const end = columns.bucketStart[row + 1]!
  writer.length32(end - start)
  for (let i = start; i < end; i++) writer.int32(columns.bucket[i]!)
  writer.length32(end - start)
  for (let i = start; i < end; i++) writer.uint64(columns.bucketCount[i]!)
}

function writeTexts(writer: RowBinaryWriter, values: readonly string[]): void {
  writer.length32(values.length)
  for (const value of values) writer.text(value)
}
