/** Where a series is heading: Theil–Sen slope (Sen 1968) with the Mann–Kendall test (Kendall 1975). */
export interface Trend {
  /** median change per step of the spark line, in the indicator's unit */
  readonly slope: number
  /** flat unless the Mann–Kendall test refuses chance at 5 % (two-sided) */
  readonly direction: 'up' | 'down' | 'flat'
  /** is it heading where the indicator should; null while it is flat */
  readonly good: boolean | null
}

/** Fewer points say nothing. */
const TREND_POINTS = 8
const CRITICAL = 1.959963984540054

/** Null where fewer than 8 points have a value. Points without one are left out, at their own place in time. */
export function trendOf(points: ReadonlyArray<number | null>, better: 'higher' | 'lower'): Trend | null {
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
  const direction = Math.abs(z) < CRITICAL || slope === 0 ? 'flat' : slope > 0 ? 'up' : 'down'
  return { slope, direction, good: direction === 'flat' ? null : (direction === 'up') === (better === 'higher') }
}

/** Variance of Kendall's score under chance, with its correction for ties. */
function scoreVariance(values: readonly number[]): number {
  const spread = (n: number) => n * (n - 1) * (2 * n + 5)
  const ties = new Map<number, number>()
  for (const value of values) ties.set(value, (ties.get(value) ?? 0) + 1)
  return (spread(values.length) - [...ties.values()].reduce((sum, count) => sum + spread(count), 0)) / 18
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] as number
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2
}
