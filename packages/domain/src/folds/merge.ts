import type { SliceRow } from '../slices.ts'

/** Two partial aggregates of one cell as one. Associative and commutative; needs no order of events. */
export function mergeCell(a: SliceRow, b: SliceRow): SliceRow {
  return {
    ...a,
    count: a.count + b.count,
    sum: a.sum + b.sum,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    late: a.late + b.late,
    distinct: mergeDistinct(a.distinct, b.distinct),
    buckets: mergeBuckets(a.buckets, b.buckets),
  }
}

/** Rows of the same measure, level, start, dimensions and month as one each, in order of first appearance. */
export function mergeRows(rows: Iterable<SliceRow>): SliceRow[] {
  const cells = new Map<string, SliceRow>()
  for (const row of rows) {
    const key = cellKey(row)
    const cell = cells.get(key)
    cells.set(key, cell === undefined ? row : mergeCell(cell, row))
  }
  return [...cells.values()]
}

/** What tells cells apart, as one text. */
export const cellKey = ({ measure, level, start, dims, month }: SliceRow): string =>
  JSON.stringify([measure, level, start, month, ...dims])

function mergeDistinct(a: readonly bigint[], b: readonly bigint[]): readonly bigint[] {
  if (a.length === 0) return b
  return b.length === 0 ? a : [...new Set([...a, ...b])]
}

function mergeBuckets(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): ReadonlyMap<number, number> {
  if (a.size === 0) return b
  if (b.size === 0) return a
  const merged = new Map(a)
  for (const [bucket, count] of b) merged.set(bucket, (merged.get(bucket) ?? 0) + count)
  return merged
}
