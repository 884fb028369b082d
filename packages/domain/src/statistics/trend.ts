import { Z95 } from './distributions.ts'

/** Fewer points say nothing. */
export const TREND_POINTS = 8

/** Theil–Sen slope (Sen 1968) with the Mann–Kendall test (Kendall 1975). */
export interface Slope {
  /** median change per step */
  readonly slope: number
  /** of the test, corrected for ties */
  readonly z: number
  /** the test refuses chance at 5 % (two-sided) */
  readonly significant: boolean
}

/** Null where fewer than 8 points have a value. Points without one are left out, at their own place in time. */
export function theilSen(points: ReadonlyArray<number | null>): Slope | null {
  const known = points.flatMap((value, index) => (value === null ? [] : [{ index, value }]))
  if (known.length < TREND_POINTS) return null
  const slopes: number[] = []
  let score = 0
  for (const [place, left] of known.entries())
    for (const right of known.slice(place + 1)) {
      slopes.push((right.value - left.value) / (right.index - left.index))
      score += Math.sign(right.value - left.value)
    }
  const slope = median(slopes)
  const deviation = Math.sqrt(scoreVariance(known.map(point => point.value)))
  const z = deviation === 0 ? 0 : (score - Math.sign(score)) / deviation
  return { slope, z, significant: slope !== 0 && Math.abs(z) >= Z95 }
}

/** Variance of Kendall's score under chance, with its correction for ties. */
function scoreVariance(values: readonly number[]): number {
  const spread = (n: number) => n * (n - 1) * (2 * n + 5)
  const ties = new Map<number, number>()
  for (const value of values) ties.set(value, (ties.get(value) ?? 0) + 1)
  return (spread(values.length) - [...ties.values()].reduce((sum, count) => sum + spread(count), 0)) / 18
}

/** The middle of the values, the mean of the two middle ones of an even number. At least one value. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] as number
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2
}
