import { theilSen } from '../statistics/index.ts'

/** Where a series is heading: Theil–Sen slope (Sen 1968) with the Mann–Kendall test (Kendall 1975). */
export interface Trend {
  /** median change per week, in the indicator's unit */
  readonly slope: number
  /** flat unless the Mann–Kendall test refuses chance at 5 % (two-sided) */
  readonly direction: 'up' | 'down' | 'flat'
  /** is it heading where the indicator should; null while it is flat */
  readonly good: boolean | null
}

/** Null where fewer than 8 points have a value. Points without one are left out, at their own place in time. */
export function trendOf(points: ReadonlyArray<number | null>, better: 'higher' | 'lower'): Trend | null {
  const fit = theilSen(points)
  if (fit === null) return null
  const direction = !fit.significant ? 'flat' : fit.slope > 0 ? 'up' : 'down'
  return {
    slope: fit.slope,
    direction,
    good: direction === 'flat' ? null : (direction === 'up') === (better === 'higher'),
  }
}
