/**
 * The simulated storefront as a pure function of time: the same seed gives the same events for the same instants,
 * however the time is cut into pieces. Time is divided into blocks; each block's visits and advertisements follow
 * from the seed and the block's number alone, and may have consequences for days.
 */
import { LATEST_CLICK_MS, simulateAdvertising } from './advertising.ts'
import { simulateBackOffice } from './back-office.ts'
import type { DemoEvent } from './event.ts'
import { simulateMemberships } from './memberships.ts'
import { visitorOf } from './people.ts'
import { randomOf } from './random.ts'
import { BLOCK_MS, busyness, type LocalTimeOf } from './rhythm.ts'
import { simulateVisit } from './visit.ts'

export interface StorefrontOptions {
  readonly seed: number
  /** mean over a week, before growth */
  readonly eventsPerSecond: number
  readonly localTime: LocalTimeOf
  /** the storefront opened then, epoch ms: nothing happened before */
  readonly openedAt: number
}

export interface Storefront {
  /** events with from ≤ event_time < to, by time; pieces must be asked for in order, each where the last ended */
  eventsBetween(from: number, to: number): DemoEvent[]
}

/** A refund or a survey comes at most this long after the visit that caused it. */
const LONGEST_CONSEQUENCE_MS = 10 * 86_400_000

/** Of all events, about this share are advertisements; a visit with all that follows is about this many events. */
const ADVERTISING_SHARE = 0.6
const EVENTS_PER_VISIT = 6.8
const EVENTS_PER_IMPRESSION = 1.12

export function openStorefront(options: StorefrontOptions): Storefront {
  const { seed, eventsPerSecond, localTime } = options
  const opened = Math.floor(options.openedAt / BLOCK_MS)
  const counts = new Map<number, number>()
  let pending: DemoEvent[] = []
  let next: number | null = null

  const expected = (block: number) =>
    (busyness(block * BLOCK_MS, options.openedAt, localTime) * eventsPerSecond * BLOCK_MS) / 1000
  const visits = (block: number): number => {
    if (block < opened) return 0
    const known = counts.get(block)
    if (known !== undefined) return known
    const mean = (expected(block) * (1 - ADVERTISING_SHARE)) / EVENTS_PER_VISIT
    const count = randomOf(seed, block, 0).poisson(mean)
    counts.set(block, count)
    return count
  }

  const simulateBlock = (block: number, start: number, into: DemoEvent[]) => {
    const random = randomOf(seed, block, 5)
    for (let visit = 0; visit < visits(block); visit++) {
      const at = (block + random.next()) * BLOCK_MS
      simulateVisit({ seed, block, visit, at, visitor: visitorOf(seed, block, visit, visits) }, into)
    }
    simulateMemberships(seed, block, visits, into)
    simulateBackOffice({ seed, block, opened, localHour: localTime(block * BLOCK_MS).hour }, into)
    // most of all events, and soon over: not made where none of them could still be asked for
    if ((block + 1) * BLOCK_MS + LATEST_CLICK_MS < start) return
    const impressions = (expected(block) * ADVERTISING_SHARE) / EVENTS_PER_IMPRESSION
    simulateAdvertising({ seed, block, impressions, localHour: localTime(block * BLOCK_MS).hour }, into)
  }

  return {
    eventsBetween(from, to) {
      const start = Math.max(from, opened * BLOCK_MS)
      next ??= Math.max(opened, Math.floor((start - LONGEST_CONSEQUENCE_MS) / BLOCK_MS))
      const fresh: DemoEvent[] = []
      for (; next * BLOCK_MS < to; next++) simulateBlock(next, start, fresh)
      // what is before `from` was asked for already, by this storefront or by the one before a restart
      pending = pending.concat(fresh.filter(event => event.event_time >= start))
      const due = pending.filter(event => event.event_time < to)
      pending = pending.filter(event => event.event_time >= to)
      return due.sort(byTime)
    },
  }
}

const byTime = (a: DemoEvent, b: DemoEvent): number =>
  a.event_time - b.event_time || (a.event_id < b.event_id ? -1 : a.event_id > b.event_id ? 1 : 0)
