/** The weekly coffee box: begun in a visit, due every week, renewed by most, cancelled by some. */
import { type DemoEvent, emitter } from './event.ts'
import { SIGNUP_EVERY, visitorOf } from './people.ts'
import { randomOf } from './random.ts'
import { BLOCK_MS } from './rhythm.ts'

const WEEK_BLOCKS = (7 * 86_400_000) / BLOCK_MS
const LONGEST_WEEKS = 26

/** Share of those who sign up that take the box. */
const TAKES_BOX = 0.16
const CANCELS = 0.07
const WEEKS_PER_MONTH = 52 / 12

const PLANS = [
  ['small', 8.9],
  ['medium', 14.9],
  ['large', 22.9],
] as const

/**
 * Adds what happens to boxes in the block: the beginning of each, and the dates that are due exactly whole weeks
 * later. What became of a box is computed from its beginning, so nothing has to be remembered.
 */
export function simulateMemberships(
  seed: number,
  block: number,
  visits: (block: number) => number,
  into: DemoEvent[],
): void {
  for (let week = 0; week <= LONGEST_WEEKS; week++) {
    const begun = block - week * WEEK_BLOCKS
    for (let visit = 0; visit < visits(begun); visit += SIGNUP_EVERY) {
      const random = randomOf(seed, begun, visit, 40)
      if (!random.chance(TAKES_BOX)) continue
      const [plan, price] = random.pick(PLANS)
      const at = begun * BLOCK_MS + random.next() * BLOCK_MS * 0.9 + week * WEEK_BLOCKS * BLOCK_MS
      // in which week it is cancelled; it was never this long for most
      let last = 1
      while (last < LONGEST_WEEKS && !random.chance(CANCELS)) last++
      if (week > last) continue
      const { user_id, anonymous_id, region, channel, segment } = visitorOf(seed, begun, visit, visits)
      const box = {
        user_id,
        anonymous_id,
        region,
        channel,
        segment,
        subscription_id: `box-${begun.toString(36)}-${visit.toString(36)}`,
        properties: { plan },
      }
      const mrr = Math.round(price * WEEKS_PER_MONTH * 100) / 100
      const emit = emitter(`${block.toString(36)}-box${week.toString(36)}-${visit.toString(36)}`, into)
      if (week === 0) emit('subscription', at, { ...box, action: 'started', mrr })
      else {
        emit('subscription', at, { ...box, action: 'due', mrr })
        if (week === last) emit('subscription', at + 20_000, { ...box, action: 'cancelled', mrr: 0 })
        else emit('subscription', at + 20_000, { ...box, action: 'renewed', mrr })
      }
    }
  }
}
