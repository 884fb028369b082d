import type { AnyMeasure } from '../definitions/index.ts'
import { quantileOf, sumToNumber } from '../folds/index.ts'
import type { MergedParts } from '../ports/slice-source.ts'
import { SUM_UNIT } from '../slices.ts'
import type { Reason } from './reasons.ts'

export type PartValue = number | null | { readonly sum: number | null; readonly count: number }

/** One number: of a measure, or of an indicator that is made of measures. */
export interface Outcome {
  readonly value: number | null
  /** where value is null */
  readonly reason: Reason | null
  /** how many events (or distinct things) the value rests on: of a ratio, its denominator's */
  readonly n: number
}

/**
 * The number of a measure.
 * @param known the window has begun for the watermark: then a count of nothing is 0, else it is no data
 */
export function measureOutcome(measure: AnyMeasure, cell: MergedParts | undefined, known: boolean): Outcome {
  const value = measureValue(measure, cell, known)
  const n = measure.agg === 'count_distinct' ? (cell?.distinct ?? 0) : (cell?.count ?? 0)
  const missing = measure.kind === 'reference' ? 'reference_missing' : 'no_data'
  return { value, reason: value === null ? missing : null, n }
}

/** The parts of a mean that is asked for itself: what it was divided from. */
export function meanParts(cell: MergedParts | undefined, known: boolean): Readonly<Record<string, PartValue>> {
  return { sum: cell ? sumToNumber(cell.sum) : known ? 0 : null, count: cell?.count ?? 0 }
}

/** The number of one measure; null: no data. */
function measureValue(measure: AnyMeasure, cell: MergedParts | undefined, known: boolean): number | null {
  // an exact quantile, a reference: the number itself
  if (cell?.value !== undefined) return Number.isFinite(cell.value) ? cell.value : null
  const empty = cell === undefined || cell.count === 0
  switch (measure.agg) {
    case 'count':
      return empty ? nothing(measure, known) : cell.count
    case 'sum':
      return empty ? nothing(measure, known) : sumToNumber(cell.sum)
    case 'count_distinct':
      return empty ? nothing(measure, known) : cell.distinct
    case 'mean':
      return empty ? null : meanOf(cell.sum, cell.count)
    case 'min':
      return empty || !Number.isFinite(cell.min) ? null : cell.min
    case 'max':
      return empty || !Number.isFinite(cell.max) ? null : cell.max
    case 'quantile':
      return empty ? null : quantileOf(cell.buckets, measure.quantile ?? 0.5, cell.min, cell.max)
  }
}

/** What nothing counts as: zero, where it is known that there was nothing. */
function nothing(measure: AnyMeasure, known: boolean): number | null {
  if (measure.kind === 'reference' || (measure.kind === 'entity' && measure.empty === 'null')) return null
  return known ? 0 : null
}

/** One rounding where both integers are exact in a double, so that a mean of equal amounts is that amount. */
function meanOf(sum: bigint, count: number): number {
  const divisor = count * SUM_UNIT
  return Number.isSafeInteger(divisor) && Number.isSafeInteger(Number(sum))
    ? Number(sum) / divisor
    : sumToNumber(sum) / count
}
