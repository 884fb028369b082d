/**
 * Is a value out of line with what is usual? Usual is what it was at its hour of the week, or right before, carried on
 * by its trend; how far values stray is seen from the past, and is never taken for less than what chance alone does.
 */
import { betaI, gammaP, gammaQ, normalScore } from './distributions.ts'
import { median, theilSen } from './trend.ts'

/** Beyond it a value is an anomaly. */
export const ANOMALY_SCORE = 4.5
/** Makes the median of absolute deviations a standard deviation where values are normal. */
const MAD_SCALE = 1.4826
const FEWEST_SAME = 4
const FEWEST_RESIDUALS = 8
/** A trend makes a value at most so many times as large, or as small, as it was. */
const MOST_TREND = 2
/** What a mean of the middle half is uncertain by, relative to one value's variance ÷ n. */
const MIDDLE_VARIANCE = 1.25

/**
 * What kind of number it is, which decides how chance deals with it. count: of things; money: their amounts added up;
 * share: of things that have something; mean: amounts of things; other: nothing is known.
 */
export type AnomalyKind = 'count' | 'money' | 'share' | 'mean' | 'other'

/** What is known of the past, youngest first. */
export interface Past {
  /** values at the same place: its hour of the week, or the windows right before; in `all` they have the place 0 */
  readonly same: readonly number[]
  /** all values around it, each with how many steps ago it was, from 1 on, and its place */
  readonly all: ReadonlyArray<{ readonly value: number; readonly ago: number; readonly place: number }>
}

export interface Usual {
  readonly expected: number
  /** standard deviation of a value around it, by chance and by what is not known of it */
  readonly deviation: number
}

export interface Anomaly extends Usual {
  readonly residual: number
  /** robust standard deviations that the value is off: of a normal distribution as unlikely as it is */
  readonly score: number
  readonly anomalous: boolean
}

/**
 * Null where too little is known: fewer than 4 values at the same place, fewer than 8 in all.
 * @param kind see AnomalyKind
 * @param n how many things the value rests on, or usually does, if these are more
 */
export function anomalyOf(value: number, past: Past, kind: AnomalyKind, n: number): Anomaly | null {
  const usual = usualOf(past, kind, n)
  if (usual === null) return null
  const residual = value - usual.expected
  const score = residual === 0 ? 0 : scoreOf(value, usual, kind)
  return { ...usual, residual, score, anomalous: score > ANOMALY_SCORE }
}

function usualOf({ same, all }: Past, kind: AnomalyKind, n: number): Usual | null {
  if (same.length < FEWEST_SAME || all.length < FEWEST_RESIDUALS) return null
  const trend = trendOf(all, kind)
  const places = new Map<number, number[]>()
  // each value as it would be now
  for (const { value, ago, place } of all) {
    const own = places.get(place) ?? []
    places.set(place, own)
    own.push(trend.now(value, ago))
  }
  const middles = new Map([...places].map(([place, values]) => [place, middle(values)]))
  const own = places.get(0) ?? same
  const expected = kind === 'count' ? rateOf(own) : middle(own)
  const residuals = [...places].flatMap(([place, values]) =>
    // a middle is drawn to each of few values
    values.map(
      value => (value - (middles.get(place) ?? 0)) * Math.sqrt(values.length / Math.max(1, values.length - 1)),
    ),
  )
  const centre = median(residuals)
  const spread = MAD_SCALE * median(residuals.map(residual => Math.abs(residual - centre)))
  const chance = chanceOf(kind, expected, n)
  const unknown = 1 + MIDDLE_VARIANCE / same.length + trend.variance
  return { expected, deviation: Math.max(spread, chance) * Math.sqrt(unknown) }
}

/** The mean of the middle half: as deaf to what was out of line before as it must be, and finer than a median of few. */
function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const cut = Math.floor(sorted.length / 4)
  const kept = sorted.slice(cut, sorted.length - cut)
  return kept.reduce((sum, value) => sum + value, 0) / kept.length
}

/** Below it the middle half of counts may be all zeros where some come now and then. */
const FEW = 2

function rateOf(counts: readonly number[]): number {
  const usual = middle(counts)
  if (usual >= FEW) return usual
  const most = Math.max(...counts)
  const rest = counts.reduce((sum, count) => sum + count, 0) - most
  // of none in so many windows nobody knows that there are never any
  return Math.max(usual, (rest + 0.5) / Math.max(1, counts.length - 1))
}

interface Trend {
  /** what a value of so many steps ago would be now */
  now(value: number, ago: number): number
  /** what carrying on adds, relative to one value's variance */
  readonly variance: number
}

const NONE: Trend = { now: value => value, variance: 0 }

/**
 * The line through the means of each step (a week of days, or one window), where chance is refused at 5 %. What is of a
 * size grows by a factor, shares by a difference.
 */
function trendOf(all: Past['all'], kind: AnomalyKind): Trend {
  const steps = new Map<number, number[]>()
  for (const { value, ago } of all) {
    const own = steps.get(ago) ?? []
    steps.set(ago, own)
    own.push(value)
  }
  const oldest = Math.max(...steps.keys())
  const means = Array.from({ length: oldest }, (_, i) => {
    const values = steps.get(oldest - i)
    return values === undefined ? null : values.reduce((sum, value) => sum + value, 0) / values.length
  })
  const slope = theilSen(means)
  if (slope === null || !slope.significant) return NONE
  const known = means.flatMap((mean, i) => (mean === null ? [] : [mean - slope.slope * i]))
  const base = median(known)
  // the line at so many steps ago, 0 being now
  const line = (ago: number) => base + slope.slope * (oldest - ago)
  const each = all.length / steps.size
  // of a line through k points one step ahead: 4 ÷ k, each of them the mean of several values
  const variance = 4 / steps.size / each
  if (kind === 'share' || kind === 'other' || line(0) <= 0)
    return { now: (value, ago) => value + line(0) - line(ago), variance }
  return {
    now: (value, ago) => {
      const factor = line(ago) <= 0 ? MOST_TREND : line(0) / line(ago)
      return value * Math.min(MOST_TREND, Math.max(1 / MOST_TREND, factor))
    },
    variance,
  }
}

/**
 * Standard deviation by chance alone. Counts: Poisson; shares: binomial; sums of amounts: compound Poisson of amounts
 * that vary as much as exponential ones do, and their means as those do. Of all else nothing is known.
 */
function chanceOf(kind: AnomalyKind, expected: number, n: number): number {
  switch (kind) {
    case 'count':
      return Math.sqrt(Math.max(0, expected))
    case 'share': {
      // nobody knows of none or all that it is so for ever
      const share = (Math.min(1, Math.max(0, expected)) * n + 0.5) / (n + 1)
      return Math.sqrt((share * (1 - share)) / Math.max(1, n))
    }
    case 'money':
      return Math.abs(expected) * Math.sqrt(2 / Math.max(1, n))
    case 'mean':
      return Math.abs(expected) / Math.sqrt(Math.max(1, n))
    case 'other':
      return 0
  }
}

/** Beyond it the probability is too small to be told from none. */
const SURE = 8

/**
 * How unlikely a value at least so far off is, as a score: the tails of small numbers are not those of the normal
 * distribution. A number that varies more than by chance is taken for one of fewer things that varies just so.
 */
function scoreOf(value: number, { expected, deviation }: Usual, kind: AnomalyKind): number {
  const plain = Math.abs(value - expected) / deviation
  if (expected <= 0 || value < 0 || kind === 'other') return plain
  const upper = value > expected
  const size = (expected / deviation) ** 2
  const at = (value * size) / expected
  const poisson = () => (upper ? gammaP(at, size) : gammaQ(at + 1, size))
  const gamma = () => (upper ? gammaQ(size, at) : gammaP(size, at))
  const tail = (() => {
    switch (kind) {
      case 'count':
        return poisson()
      case 'money':
        // few large amounts make a sum large, and no things at all make it nothing
        return Math.max(poisson(), gamma())
      case 'mean':
        return gamma()
      case 'share': {
        if (expected >= 1 || value > 1) return null
        const things = (expected * (1 - expected)) / deviation ** 2
        const hits = value * things
        return upper ? betaI(hits, things - hits + 1, expected) : betaI(things - hits, hits + 1, 1 - expected)
      }
    }
  })()
  if (tail === null) return plain
  const score = tail > 0 ? normalScore(tail) : Number.POSITIVE_INFINITY
  return score < SURE ? Math.max(0, score) : Math.max(SURE, plain)
}
