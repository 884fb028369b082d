/** At which instants, and so over which windows, an indicator is evaluated for the steps of a query. */
import { DAY, floorTo, TEN_SECONDS } from '@kivi/domain'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Distances of samples. */
const GRIDS: readonly number[] = [
  TEN_SECONDS,
  30_000,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
  28 * DAY,
  91 * DAY,
  364 * DAY,
]

/** A range is seen by at most so many samples: 1h by one a minute. */
const MOST_OF_RANGE = 60

export interface Sampling {
  /** distance of the samples, ms */
  readonly grid: number
  /** coarser than asked for, because there would be too many */
  readonly coarsened: boolean
  /** of each step the instants whose samples it is made of, ascending */
  readonly instants: ReadonlyArray<readonly number[]>
}

/**
 * Samples lie on the clock, whatever the steps: the same instant asked for in two ways is one sample. A step takes the
 * newest one that is not after it; with a range, all those in the range.
 * @param every distance that suits the indicator: one that is recorded is sampled where it was recorded
 * @param most samples at most; `grid` is as coarse as that takes
 */
export function sampling(
  times: readonly number[],
  rangeMs: number | null,
  most: number,
  every: number = TEN_SECONDS,
): Sampling {
  const wanted = rangeMs === null ? every : Math.max(every, gridFor(rangeMs))
  const grids = [every, ...GRIDS].filter(grid => grid >= wanted && grid % every === 0)
  const grid = grids.find(candidate => countOf(times, rangeMs, candidate, most) <= most) ?? (grids.at(-1) as number)
  return {
    grid,
    coarsened: grid > (grids[0] as number) && !isEnough(times, rangeMs, grid),
    instants: times.map(time => instantsOf(time, rangeMs, grid)),
  }
}

const gridFor = (rangeMs: number): number =>
  GRIDS.find(grid => rangeMs / grid <= MOST_OF_RANGE) ?? (GRIDS.at(-1) as number)

function instantsOf(time: number, rangeMs: number | null, grid: number): number[] {
  const last = floorTo(time, grid)
  if (rangeMs === null) return [last]
  const instants: number[] = []
  for (let instant = last; instant > time - rangeMs; instant -= grid) instants.unshift(instant)
  // a range in which no sample lies has the one before it
  return instants.length === 0 ? [last] : instants
}

/** How many different instants there are; counting ends beyond `most`. */
function countOf(times: readonly number[], rangeMs: number | null, grid: number, most: number): number {
  const seen = new Set<number>()
  for (const time of times) {
    for (const instant of instantsOf(time, rangeMs, grid)) seen.add(instant)
    if (seen.size > most) break
  }
  return seen.size
}

/** Does each step have a sample of just its instant? */
const isEnough = (times: readonly number[], rangeMs: number | null, grid: number): boolean =>
  rangeMs === null && times.every(time => time % grid === 0)
