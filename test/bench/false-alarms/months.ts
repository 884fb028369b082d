/**
 * One stretch of the shop's time, told several times: two months of history, and then a month as it would have been
 * without a fault, with one fault of hours after the other, and with each fault of weeks.
 */
import type { Catalog, Target } from '@kivi/domain'
import type { DemoEvent } from '../../../services/standalone/src/demo/event.ts'
import { randomOf } from '../../../services/standalone/src/demo/random.ts'
import { localTimeIn } from '../../../services/standalone/src/demo/rhythm.ts'
import { openStorefront } from '../../../services/standalone/src/demo/storefront.ts'
import { drawLong, drawShort, type Fault, withFaults } from './faults.ts'
import { createRecorder, type Recorded, type Recorder } from './recorder.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const MINUTE = 60_000
const PIECE_MS = 12 * HOUR
/** Its customers did not all come on the first day that is looked at. */
const OPEN_BEFORE_MS = 45 * DAY

/** January and February are history: anomalies look back at eight weeks. */
const HISTORY = Date.UTC(2026, 0, 1)
export const MONTH = { from: Date.UTC(2026, 2, 1), to: Date.UTC(2026, 2, 31) } as const

/** Records of the log, by minute since the epoch: all, and those that nobody understands. */
export interface Minutes {
  readonly all: Map<number, number>
  readonly setAside: Map<number, number>
}

/** Plain data, so that it can be kept in a file. */
export interface Variant {
  readonly recorded: Recorded
  readonly minutes: Minutes
}

export interface Months {
  readonly events: number
  /** net revenue of February, by the catalog's currency */
  readonly earned: number
  /** of `drawMonth`, after the one in which nothing is wrong */
  readonly variants: readonly Variant[]
}

/** None; the faults of hours; then each of those of weeks. */
export function drawMonth(seed: number): Fault[][] {
  const random = randomOf(seed, 20_260_301)
  return [[], drawShort(random, MONTH.from, MONTH.to), ...drawLong(random, MONTH.from).map(fault => [fault])]
}

/** Events of [from, to) as the storefront makes them, piece by piece. */
export function* storefrontOf(seed: number, eventsPerSecond: number, timezone: string): Generator<DemoEvent[]> {
  const shop = openStorefront({
    ...{ seed, eventsPerSecond, localTime: localTimeIn(timezone), openedAt: HISTORY - OPEN_BEFORE_MS },
  })
  for (let at = HISTORY; at < MONTH.to; at += PIECE_MS) yield shop.eventsBetween(at, Math.min(MONTH.to, at + PIECE_MS))
}

export function recordMonths(catalog: Catalog, seed: number, eventsPerSecond: number): Months {
  const stories = drawMonth(seed)
  let earned = 0
  let events = 0
  const history = createRecorder(catalog, HISTORY, MONTH.to)
  const before = minutes()
  let told: Array<{ recorder: Recorder; harm: ReturnType<typeof withFaults>; minutes: Minutes }> | null = null
  for (const piece of storefrontOf(seed, eventsPerSecond, catalog.timezone)) {
    events += piece.length
    for (const event of piece) earned += earnedBy(event)
    if ((piece[0]?.event_time ?? 0) < MONTH.from) {
      for (const event of piece) take(history, before, event)
      continue
    }
    told ??= stories.map(faults => ({
      ...{ recorder: history.fork(), harm: withFaults(faults) },
      minutes: { all: new Map(before.all), setAside: new Map(before.setAside) },
    }))
    for (const { recorder, harm, minutes } of told) for (const event of harm(piece)) take(recorder, minutes, event)
  }
  return {
    ...{ events, earned },
    variants: (told ?? []).map(({ recorder, minutes }) => ({ recorded: recorder.finish(), minutes })),
  }
}

const minutes = (): Minutes => ({ all: new Map(), setAside: new Map() })

/** What has no type is a record that nobody understands. */
function take(recorder: Recorder, { all, setAside }: Minutes, event: DemoEvent): void {
  const minute = Math.floor(event.event_time / MINUTE)
  all.set(minute, (all.get(minute) ?? 0) + 1)
  if (event.event_type === '') setAside.set(minute, (setAside.get(minute) ?? 0) + 1)
  else recorder.add(event)
}

/** Of (from, to]: records, and how many of them nobody understood. */
export function recordsOf({ all, setAside }: Minutes, from: number, to: number): { all: number; setAside: number } {
  const sum = (of: ReadonlyMap<number, number>) => {
    let total = 0
    for (let minute = Math.floor(from / MINUTE); minute < to / MINUTE; minute++) total += of.get(minute) ?? 0
    return total
  }
  return { all: sum(all), setAside: sum(setAside) }
}

/** Net revenue of February. */
function earnedBy({ event_type, event_time, amount }: DemoEvent): number {
  if (new Date(event_time).getUTCMonth() !== 1) return 0
  return event_type === 'purchase' ? Number(amount) : event_type === 'refund' ? -Number(amount) : 0
}

/** March is to bring as much a day as February did: less than a shop that grows brings. */
export function withPlan(catalog: Catalog, earned: number): Catalog {
  const revenue = catalog.indicators.get('net_revenue')
  if (revenue === undefined) return catalog
  const target: Target = {
    ...{ value: (earned / 28) * 31, from: MONTH.from, until: null, by: {}, per: 'month', window: null },
    ...{ reason: 'plan', set_by: 'bench', set_at: '' },
  }
  return {
    ...catalog,
    indicators: new Map([...catalog.indicators, ['net_revenue', { ...revenue, targets: [target] }]]),
  }
}
