/** Timers are instants of the wall clock in the log's records, so that they outlive whoever set them. */

/** A timer after the clock was put back: never further ahead than it was when it was set. */
export const clamped = (at: number, now: number, interval: number): number => Math.min(at, now + interval)

const SHORTEST_BACKOFF_MS = 1_000
export const LONGEST_BACKOFF_MS = 5 * 60_000
/** What a receiver may ask for with Retry-After. */
export const LONGEST_RETRY_AFTER_MS = 3_600_000
/** So long an answer is waited for; afterwards no copy of a request can be on its way any more. */
export const REQUEST_TIMEOUT_MS = 10_000
/** A receiver that takes nothing for so long is given up: what waited for it is dropped, and told elsewhere. */
export const GIVE_UP_AFTER_MS = 24 * 3_600_000

/** How long to wait after the nth failure in a row. */
export const backoff = (attempts: number): number =>
  Math.min(LONGEST_BACKOFF_MS, SHORTEST_BACKOFF_MS * 2 ** Math.min(20, attempts - 1))
