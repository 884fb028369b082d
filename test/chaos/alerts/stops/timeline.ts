/** What the shop does, which rules look at it, and when the evaluator is stopped. Times are event time. */
import { MINUTE, SECOND } from '../../../integration/alerts/shop.ts'
import { KEEP, type Schedule, SLICE, WINDOW } from '../schedule.ts'

export const HOUR = 60 * MINUTE
/** of this campaign nobody clicks from SLOW_FROM on, to the end of all */
export const SLOW = 'slow'
export const SLOW_FROM = 5 * MINUTE

/** nor of this one from half an hour before the last stop on */
export const LATE = 'late'
export const LATE_BEFORE = 30 * MINUTE

/** A short `for`, a usual one with keep_firing_for, and one of an hour. */
export const RULES = `
alerts:
  - { alert: Quick, indicator: ctr, by: [campaign], window: 1m, condition: value < 0.1, every: 10s, for: 5s }
  - alert: CtrLow
    indicator: ctr
    by: [campaign]
    window: 1m
    condition: value < 0.1
    every: 10s
    for: 30s
    keep_firing_for: ${KEEP / SECOND}s
  - { alert: Slow, indicator: ctr, by: [campaign], window: 1m, condition: value < 0.1, every: 1m, for: 1h }
`
export const EVERY: Readonly<Record<string, number>> = { Quick: SLICE, CtrLow: SLICE, Slow: MINUTE }

export interface Stop {
  readonly why: string
  readonly from: number
  readonly to: number
}

/** By counting: an outage that begins at `from` is seen when four slices of six are without clicks. */
const SEEN_AFTER = 4 * SLICE

/** Those of the first hour in which something fires and ends. */
export const longOutages = ({ begin, outages }: Pick<Schedule, 'begin' | 'outages'>): Schedule['outages'] =>
  outages.filter(({ from, to }) => to - from >= 2 * WINDOW && to < begin + HOUR)

/**
 * Stops while pending for 5 s, while kept firing and pending for an hour, of two hours, and as many more of a second
 * to half an hour at random moments as are asked for.
 */
export function stopsIn({ begin, outages }: Schedule, more: number, random: () => number): Stop[] {
  const [first, second] = longOutages({ begin, outages })
  if (first === undefined || second === undefined) throw new Error('the schedule has too few outages')
  const stops: Stop[] = [
    { why: 'pending for 5 s', from: first.from + SEEN_AFTER, to: first.from + SEEN_AFTER + SLICE },
    // the window still holds four bad slices two slices after the outage
    { why: 'kept firing, and pending for an hour', from: second.to + 3 * SLICE, to: second.to + 6 * SLICE },
    { why: 'for two hours', from: begin + 75 * MINUTE, to: begin + 195 * MINUTE },
  ]
  let at = begin + 200 * MINUTE
  for (let i = 0; i < more; i++) {
    const from = at + Math.floor(random() * 10 * MINUTE)
    const to = from + Math.floor(SECOND * 1_800 ** random())
    stops.push({ why: 'at random', from, to })
    at = to
  }
  return stops.sort((a, b) => a.from - b.from)
}
