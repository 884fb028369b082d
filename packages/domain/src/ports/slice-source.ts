import type { Measure } from '../definitions/index.ts'
import type { DimensionFilter, TimeRange } from '../ranges.ts'
import type { PartitionProgress } from './batch-store.ts'

/** Where the query service reads: merged slices and how far the partitions are. ClickHouse, in packages/clickhouse. */
export interface SliceSource {
  /**
   * Merged slices of each measure in each range, by group; one list of cells per question. Cells of ranges, measures
   * or groups without slices are absent. One statement, however much is asked for, so that all parts of an answer
   * see the same state. Throws store_unreachable, store_retriable, store_rejected, question_too_large.
   */
  read(questions: readonly SliceQuestion[]): Promise<ReadonlyArray<readonly SliceCell[]>>
  /** the newest row of each partition; empty before the first batch */
  progress(): Promise<readonly PartitionProgress[]>
}

export interface SliceQuestion {
  readonly measures: readonly Measure[]
  /** bounds must be those of stored slices: multiples of 10 s, 15 min or local days, as their age allows */
  readonly ranges: readonly TimeRange[]
  /** dimensions that every measure declares */
  readonly by: readonly string[]
  readonly filters: readonly DimensionFilter[]
}

/** What the slices of one measure, range and group add up to. */
export interface SliceCell {
  /** index into the question's ranges */
  readonly range: number
  readonly measure: string
  /** values in the order of the question's `by`; '' where events have none */
  readonly group: readonly string[]
  readonly parts: MergedParts
}

export interface MergedParts {
  readonly count: number
  /** integer of 10⁻⁴ */
  readonly sum: bigint
  readonly min: number
  readonly max: number
  readonly late: number
  /** distinct values, exact where the range is made of whole local days */
  readonly distinct: number
  readonly buckets: ReadonlyMap<number, number>
  /** the number itself, where it is not made of the above: an exact quantile, a reference; NaN: null */
  readonly value?: number
}
