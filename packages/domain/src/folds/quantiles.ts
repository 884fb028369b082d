/** Quantiles from logarithmic histograms (DDSketch, Masson, Rim, Lee: VLDB 2019); see slices.ts for the buckets. */
import { QUANTILE_ERROR, QUANTILE_LEAST } from '../slices.ts'

const GAMMA = (1 + QUANTILE_ERROR) / (1 - QUANTILE_ERROR)
const PER_LOG = 1 / Math.log(GAMMA)
const LOG_LEAST = Math.log(QUANTILE_LEAST)

/** The bucket of a finite number. */
export function bucketOf(value: number): number {
  const size = Math.abs(value)
  if (size <= QUANTILE_LEAST) return 0
  const bucket = Math.max(1, Math.ceil((Math.log(size) - LOG_LEAST) * PER_LOG))
  return value < 0 ? -bucket : bucket
}

/** The number that stands for all of a bucket: within QUANTILE_ERROR of each of them. */
export function valueOfBucket(bucket: number): number {
  if (bucket === 0) return 0
  const size = (2 / (1 + GAMMA)) * Math.exp(LOG_LEAST + Math.abs(bucket) / PER_LOG)
  return bucket < 0 ? -size : size
}

/**
 * The q-quantile of a histogram: the value of rank ⌊q (n − 1)⌋ of the sorted values, within QUANTILE_ERROR of it.
 * Null where the histogram is empty. Give `min` and `max` where they are known: no answer lies outside them.
 */
export function quantileOf(
  buckets: ReadonlyMap<number, number>,
  q: number,
  min = Number.NEGATIVE_INFINITY,
  max = Number.POSITIVE_INFINITY,
): number | null {
  const ascending = [...buckets].sort(([a], [b]) => a - b)
  const total = ascending.reduce((sum, [, count]) => sum + count, 0)
  if (total === 0) return null
  const rank = Math.floor(q * (total - 1))
  let below = 0
  for (const [bucket, count] of ascending) {
    below += count
    if (below > rank) return Math.min(max, Math.max(min, valueOfBucket(bucket)))
  }
  return null
}
