/** The slices of a folded batch as columns, one block per month: what the quick serialiser walks over. */

import { hashToBigInt } from '../hash.ts'
import type { SliceRow } from '../slices.ts'
import type { FoldMemory } from './memory.ts'
import { sumOf } from './numbers.ts'

/** Valid until the next `take` of its folder, or of one that shares its memory: serialise or copy it at once. */
export interface FoldedBatch {
  /** ids of measures in the catalog's order; `measure` indexes it */
  readonly measures: readonly string[]
  /** dimension values as texts, in the measure's order; `tuple` indexes it, several measures share one */
  readonly tuples: readonly (readonly string[])[]
  /** ascending by month; empty where nothing was folded */
  readonly months: readonly SliceColumns[]
}

/** Rows ordered by measure, then level; arrays are exactly `rows` long unless said otherwise. */
export interface SliceColumns {
  /** yyyymm */
  readonly month: number
  readonly rows: number
  readonly measure: Uint16Array
  readonly level: Uint8Array
  /** epoch seconds */
  readonly start: Uint32Array
  readonly tuple: Int32Array
  readonly count: Float64Array
  /** the sum is sumHigh × 2^32 + sumLow, in 10⁻⁴; both are integers, sumHigh nearly always 0, sumLow signed */
  readonly sumHigh: Float64Array
  readonly sumLow: Float64Array
  readonly min: Float64Array
  readonly max: Float64Array
  readonly late: Float64Array
  /** row r's distinct hashes are [distinctStart[r], distinctStart[r + 1]) of the lanes; rows + 1 long */
  readonly distinctStart: Int32Array
  readonly distinctHigh: Int32Array
  readonly distinctLow: Int32Array
  /** row r's histogram is [bucketStart[r], bucketStart[r + 1]); rows + 1 long */
  readonly bucketStart: Int32Array
  readonly bucket: Int32Array
  readonly bucketCount: Float64Array
}

export interface ColumnSizes {
  rows: number
  distinct: number
  buckets: number
}

/** Columns to be written: what they hold before is left from other batches, but for the first starts. */
export function lendColumns(month: number, sizes: ColumnSizes, memory: FoldMemory): SliceColumns {
  const { rows, distinct, buckets } = sizes
  return {
    month,
    rows,
    measure: memory.uint16(rows),
    level: memory.uint8(rows),
    start: memory.uint32(rows),
    tuple: memory.int32(rows),
    count: memory.float64(rows),
    sumHigh: memory.float64(rows),
    sumLow: memory.float64(rows),
    min: memory.float64(rows),
    max: memory.float64(rows),
    late: memory.float64(rows),
    distinctStart: memory.int32(rows + 1).fill(0, 0, 1),
    distinctHigh: memory.int32(distinct),
    distinctLow: memory.int32(distinct),
    bucketStart: memory.int32(rows + 1).fill(0, 0, 1),
    bucket: memory.int32(buckets),
    bucketCount: memory.float64(buckets),
  }
}

/** The same as plain rows: for tests, tools, and stores that do not mind objects. */
export function sliceRows(batch: FoldedBatch): SliceRow[] {
  return batch.months.flatMap(columns => Array.from({ length: columns.rows }, (_, row) => rowOf(batch, columns, row)))
}

function rowOf(batch: FoldedBatch, columns: SliceColumns, row: number): SliceRow {
  const distinct: bigint[] = []
  for (let k = columns.distinctStart[row]!; k < columns.distinctStart[row + 1]!; k++) {
    distinct.push(hashToBigInt(columns.distinctHigh[k]!, columns.distinctLow[k]!))
  }
  const buckets = new Map<number, number>()
  for (let k = columns.bucketStart[row]!; k < columns.bucketStart[row + 1]!; k++) {
    buckets.set(columns.bucket[k]!, columns.bucketCount[k]!)
  }
  return {
    measure: batch.measures[columns.measure[row]!]!,
    level: columns.level[row]!,
    start: columns.start[row]!,
    dims: batch.tuples[columns.tuple[row]!]!,
    month: columns.month,
    count: columns.count[row]!,
    sum: sumOf(columns.sumHigh[row]!, columns.sumLow[row]!),
    min: columns.min[row]!,
    max: columns.max[row]!,
    late: columns.late[row]!,
    distinct,
    buckets,
  }
}
