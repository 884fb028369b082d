/**
 * Who comes. A person who signs up is named after the visit in which that happened, and everyone who comes back is
 * found again by computing that visit: nothing has to be remembered, and cohorts thin out with age as real ones do.
 */
import { mix, type Random, randomOf } from './random.ts'
import { BLOCK_MS } from './rhythm.ts'
import { REGIONS, SEGMENTS } from './world.ts'

export interface Visitor {
  readonly user_id?: string
  readonly anonymous_id: string
  readonly region: string
  readonly segment: string
  readonly channel: string
  /** signs up during this visit */
  readonly signsUp: boolean
}

/** Every so many-th visit of a block is the one in which somebody signs up. */
export const SIGNUP_EVERY = 9

const RETURNING = 0.56
const LONGEST_ABSENCE_BLOCKS = (60 * 86_400_000) / BLOCK_MS
const MEAN_ABSENCE_BLOCKS = (9 * 86_400_000) / BLOCK_MS

/** @param visits number of visits of a block */
export function visitorOf(seed: number, block: number, visit: number, visits: (block: number) => number): Visitor {
  const random = randomOf(seed, block, visit, 1)
  const signsUp = visit % SIGNUP_EVERY === 0
  if (!signsUp && random.chance(RETURNING)) {
    const returning = findReturning(seed, block, random, visits)
    if (returning !== null) return returning
  }
  return person(seed, block, visit, signsUp)
}

function findReturning(seed: number, block: number, random: Random, visits: (block: number) => number): Visitor | null {
  // many come back within days, few after weeks
  const absence = 1 + Math.floor(Math.min(random.exponential(MEAN_ABSENCE_BLOCKS), LONGEST_ABSENCE_BLOCKS))
  const earlier = block - absence
  const signups = Math.ceil(visits(earlier) / SIGNUP_EVERY)
  return signups === 0 ? null : { ...person(seed, earlier, random.below(signups) * SIGNUP_EVERY, true), signsUp: false }
}

/** The person of a first visit, with what never changes about them. */
function person(seed: number, block: number, visit: number, signsUp: boolean): Visitor {
  const random = randomOf(seed, block, visit, 2)
  const name = `${block.toString(36)}${visit.toString(36).padStart(2, '0')}`
  return {
    ...(signsUp ? { user_id: `u-${name}` } : {}),
    anonymous_id: `a-${mix(seed, block, visit, 3).toString(36)}${name}`,
    region: random.weighted(REGIONS),
    segment: signsUp ? random.weighted(SEGMENTS) : 'new',
    channel: random.chance(0.38) ? 'app' : 'web',
    signsUp,
  }
}
