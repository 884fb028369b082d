import { student95, Z95 } from './distributions.ts'

/** [low, high] of 95 %. */
export type Interval = readonly [number, number]

/**
 * Share of independent units (Wilson 1927). Null without units. `successes` is at most `n`.
 */
export function wilson(successes: number, n: number, z: number = Z95): Interval | null {
  if (n <= 0 || successes < 0 || successes > n) return null
  const share = successes / n
  const square = z * z
  const scale = 1 + square / n
  const centre = (share + square / (2 * n)) / scale
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / n + square / (4 * n * n))
  // of none and of all the bound is exactly the share, which rounding would miss
  return [successes === 0 ? 0 : centre - half, successes === n ? 1 : centre + half]
}

/**
 * Net promoter score in points: adjusted Wald interval, three answers added, three quarters of one to promoters and
 * to detractors each (Rocks 2016).
 */
export function npsInterval(promoters: number, detractors: number, answers: number, z: number = Z95): Interval | null {
  if (answers <= 0) return null
  const n = answers + 3
  const p = (promoters + 0.75) / n
  const d = (detractors + 0.75) / n
  const half = z * Math.sqrt((p + d - (p - d) ** 2) / n)
  return [Math.max(-100, 100 * (p - d - half)), Math.min(100, 100 * (p - d + half))]
}

/** Sums over clusters (users, or days): of x, of y, and of their products. */
export interface ClusterMoments {
  readonly clusters: number
  readonly sx: number
  readonly sy: number
  readonly sxx: number
  readonly syy: number
  readonly sxy: number
}

/**
 * Ratio Σx ÷ Σy of many events of each cluster, by the delta method (Deng et al. 2018, "Applying the Delta Method in
 * Metric Analytics"), with Student's t for the few clusters of a small group. Null for fewer than two clusters or
 * Σy ≤ 0.
 */
export function clusteredRatio(moments: ClusterMoments): Interval | null {
  const { clusters: k, sx, sy, sxx, syy, sxy } = moments
  if (k < 2 || !(sy > 0)) return null
  const ratio = sx / sy
  // Σ(x − R·y)² over clusters: the residuals' mean is zero by the choice of R
  const residuals = Math.max(0, sxx - 2 * ratio * sxy + ratio * ratio * syy)
  const half = (student95(k - 1) * Math.sqrt((k / (k - 1)) * residuals)) / sy
  return [ratio - half, ratio + half]
}

/** (a of n) ÷ (b of m) with the interval of its logarithm (Katz et al. 1978). Null where one of them is zero. */
export function riskRatio(
  a: number,
  n: number,
  b: number,
  m: number,
  z: number = Z95,
): { readonly ratio: number; readonly interval: Interval } | null {
  if (a <= 0 || b <= 0 || n <= 0 || m <= 0) return null
  const ratio = a / n / (b / m)
  const half = z * Math.sqrt(1 / a - 1 / n + 1 / b - 1 / m)
  return { ratio, interval: [ratio * Math.exp(-half), ratio * Math.exp(half)] }
}
