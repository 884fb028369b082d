import { studentTwoSided, Z95 } from './distributions.ts'
import type { Interval } from './intervals.ts'

/** Fewer days say nothing of a lag, fewer segments nothing of an order. */
export const CORRELATION_DAYS = 60
export const CORRELATION_SEGMENTS = 10

export interface LagCorrelation {
  /** days by which y follows x; negative: y leads */
  readonly lag: number
  readonly r: number
  /** pairs of days */
  readonly n: number
  /** how many independent days they are worth (Pyper & Peterman 1998) */
  readonly effective: number
  readonly interval: Interval | null
  /** probability of such an |r| by chance, times the number of lags that were tried (Bonferroni), at most 1 */
  readonly p: number
}

export interface DailyCorrelation {
  readonly days: number
  /** all lags, ascending; empty where there are fewer than 60 days */
  readonly lags: readonly LagCorrelation[]
  /** the lag with the smallest p; null without any */
  readonly best: LagCorrelation | null
}

/**
 * Pearson's correlation of two daily series at each lag of −lags … lags, after the mean of each weekday is taken out.
 * @param x values of consecutive local days; null: none
 * @param firstWeekday weekday of the first day, 0–6
 */
export function correlateDays(
  x: ReadonlyArray<number | null>,
  y: ReadonlyArray<number | null>,
  lags: number,
  firstWeekday = 0,
): DailyCorrelation {
  const days = x.filter((value, day) => value !== null && (y[day] ?? null) !== null).length
  if (days < CORRELATION_DAYS) return { days, lags: [], best: null }
  const [a, b] = [withoutWeekdays(x, firstWeekday), withoutWeekdays(y, firstWeekday)]
  const found: LagCorrelation[] = []
  for (let lag = -lags; lag <= lags; lag++) {
    const one = correlateAt(a, b, lag, 2 * lags + 1)
    if (one !== null) found.push(one)
  }
  const best = found.reduce<LagCorrelation | null>(
    (least, one) =>
      least === null || one.p < least.p || (one.p === least.p && Math.abs(one.r) > Math.abs(least.r)) ? one : least,
    null,
  )
  return { days, lags: found, best }
}

function correlateAt(
  x: ReadonlyArray<number | null>,
  y: ReadonlyArray<number | null>,
  lag: number,
  tried: number,
): LagCorrelation | null {
  const left: Array<number | null> = []
  const right: Array<number | null> = []
  for (let day = 0; day < x.length; day++) {
    const other = y[day + lag]
    if (day + lag < 0 || other === undefined) continue
    const both = (x[day] ?? null) !== null && other !== null
    left.push(both ? (x[day] as number) : null)
    right.push(both ? other : null)
  }
  const n = left.filter(value => value !== null).length
  const r = pearson(left, right)
  if (r === null || n < 4) return null
  const effective = effectiveSize(left, right, n)
  return { lag, r, n, effective, interval: fisher(r, effective), p: Math.min(1, tried * pValue(r, effective)) }
}

/**
 * Spearman's correlation across segments, lag 0 (Spearman 1904; Student's approximation). Null for fewer than 10.
 */
export function correlateSegments(
  x: readonly number[],
  y: readonly number[],
): { readonly r: number; readonly n: number; readonly interval: Interval | null; readonly p: number } | null {
  if (x.length < CORRELATION_SEGMENTS || x.length !== y.length) return null
  const r = pearson(ranks(x), ranks(y))
  return r === null ? null : { r, n: x.length, interval: fisher(r, x.length), p: pValue(r, x.length) }
}

/** Each value less the mean of its weekday. */
function withoutWeekdays(values: ReadonlyArray<number | null>, first: number): Array<number | null> {
  const sums = new Array<number>(7).fill(0)
  const counts = new Array<number>(7).fill(0)
  const weekday = (day: number) => (day + first) % 7
  values.forEach((value, day) => {
    if (value === null) return
    sums[weekday(day)] = (sums[weekday(day)] as number) + value
    counts[weekday(day)] = (counts[weekday(day)] as number) + 1
  })
  return values.map((value, day) =>
    value === null ? null : value - (sums[weekday(day)] as number) / (counts[weekday(day)] as number),
  )
}

/** Over the places where both have a value; null where one of them does not vary. */
function pearson(x: ReadonlyArray<number | null>, y: ReadonlyArray<number | null>): number | null {
  const pairs = x.flatMap((value, index) => {
    const other = y[index] ?? null
    return value === null || other === null ? [] : [[value, other] as const]
  })
  const mean = (side: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[side], 0) / pairs.length
  const [mx, my] = [mean(0), mean(1)]
  let [sxx, syy, sxy] = [0, 0, 0]
  for (const [a, b] of pairs) {
    sxx += (a - mx) ** 2
    syy += (b - my) ** 2
    sxy += (a - mx) * (b - my)
  }
  // what is constant but for rounding has no direction
  const flat = (square: number, mean: number) => square <= 1e-24 * pairs.length * Math.max(1, mean * mean)
  if (pairs.length < 2 || flat(sxx, mx) || flat(syy, my)) return null
  return Math.max(-1, Math.min(1, sxy / Math.sqrt(sxx * syy)))
}

/**
 * How many independent pairs autocorrelated series are worth: 1/N* = 1/N + (2/N) Σ ((N − j)/N) r_x(j) r_y(j), over
 * lags up to N/5 (Pyper & Peterman 1998, eq. 1). Never more than N.
 */
function effectiveSize(x: ReadonlyArray<number | null>, y: ReadonlyArray<number | null>, n: number): number {
  let inverse = 1 / n
  for (let lag = 1; lag <= Math.floor(n / 5); lag++)
    inverse += (2 / n) * ((n - lag) / n) * autocorrelation(x, lag) * autocorrelation(y, lag)
  return inverse <= 0 ? n : Math.min(n, Math.max(3, 1 / inverse))
}

function autocorrelation(values: ReadonlyArray<number | null>, lag: number): number {
  const known = values.filter(value => value !== null)
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length
  const square = known.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  let product = 0
  let pairs = 0
  for (let day = lag; day < values.length; day++) {
    const [a, b] = [values[day] ?? null, values[day - lag] ?? null]
    if (a === null || b === null) continue
    product += (a - mean) * (b - mean)
    pairs++
  }
  // the full length as divisor, as is usual, corrected for the pairs that days without a value cost
  return square === 0 || pairs === 0 ? 0 : ((product / square) * (values.length - lag)) / pairs
}

function pValue(r: number, n: number): number {
  const df = n - 2
  return df <= 0 ? 1 : studentTwoSided(r * Math.sqrt(df / Math.max(1e-300, 1 - r * r)), df)
}

/** Fisher's z-transformation. Null for fewer than four independent pairs. */
function fisher(r: number, n: number): Interval | null {
  if (n <= 3) return null
  if (Math.abs(r) === 1) return [r, r]
  const z = Math.atanh(r)
  const half = Z95 / Math.sqrt(n - 3)
  return [Math.tanh(z - half), Math.tanh(z + half)]
}

/** Ranks from 1; equal values share the mean of theirs. */
function ranks(values: readonly number[]): number[] {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value)
  const result = new Array<number>(values.length)
  for (let start = 0; start < order.length; ) {
    let end = start
    while (end < order.length && (order[end] as { value: number }).value === (order[start] as { value: number }).value)
      end++
    for (let place = start; place < end; place++)
      result[(order[place] as { index: number }).index] = (start + end + 1) / 2
    start = end
  }
  return result
}
