/**
 * Slices: what the worker keeps of the events. (measure, level, slice start, dimensions) → partial aggregates
 * that merge by adding, so late data, replays and parallel partitions need no path of their own.
 */

/** Levels of one table. A proof row has level 0. */
export const LEVEL = { proof: 0, tenSeconds: 1, quarterHour: 2, day: 3 } as const

export const TEN_SECONDS = 10_000
export const QUARTER_HOUR = 900_000

/** Money and every other sum is kept as an integer of 10⁻⁴: integers do not depend on the order, floats do. */
export const SUM_UNIT = 10_000

/** Largest |number| that an event may carry, or an expression give: 2^40 ≈ 1.1e12, whose 10⁻⁴ units are an integer double. */
export const LARGEST_NUMBER = 2 ** 40

/**
 * Quantiles are kept as logarithmic histograms (DDSketch, Masson et al. 2019): bucket i > 0 holds values in
 * (m γ^(i−1), m γ^i], bucket −i their negatives, bucket 0 all within ±m; m = 10⁻⁹, γ = (1 + α) / (1 − α), α = 0.01
 * relative error. Deterministic and mergeable by adding, unlike a t-digest.
 */
export const QUANTILE_ERROR = 0.01
export const QUANTILE_LEAST = 1e-9

/** The row of one cell, as packages/clickhouse serialises it (table `slices`). */
export interface SliceRow {
  measure: string
  level: number
  /** epoch seconds */
  start: number
  /** in the measure's order of dimensions; '' where an event has none */
  dims: readonly string[]
  /** yyyymm of the slice's local day: the ClickHouse partition, one for all levels of an event */
  month: number
  count: number
  /** integer of 10⁻⁴ */
  sum: bigint
  min: number
  max: number
  /** events that came after the partition's watermark had passed the slice's end */
  late: number
  /** distinct 64-bit hashes (count_distinct), no repeats; at level day they are kept exactly too */
  distinct: readonly bigint[]
  /** histogram (quantile): bucket → count */
  buckets: ReadonlyMap<number, number>
}
