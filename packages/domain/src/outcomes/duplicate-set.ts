/**
 * The ids accepted within the last horizon of log time: a record is a duplicate if and only if its id is here.
 *
 * Log time never goes back (see judge.ts), so an id that has left the horizon never comes back into it. Hence
 * one open-addressing table in typed arrays is enough: a slot is [high, low, time]; expired slots stay until the
 * table is full or a horizon has passed, then the living ones are copied into a table of the right size. A
 * lookup touches one place in memory. `npm run bench -- fold` prints what a million ids take: 16 to 24 MB,
 * twice that while a table is being copied.
 */

/** Above this share of used slots the table is rebuilt; at a rebuild this share of living ones is left. */
const FULL = 0.75
const REBUILT = 0.5
const LEAST_CAPACITY = 4096
/** A table is copied for its age at most this often in log time, however short the horizon: ms. */
const LEAST_AGE = 60_000
const LANES = 3

/**
 * Times are kept as unsigned 32-bit ms after a base, plus one: 0 is a free slot. A table lasts one horizon and holds
 * one more, so this is the longest for which exact times fit: 24 of 49 days.
 */
export const LONGEST_HORIZON = 24 * 86_400_000

export interface DuplicateSet {
  /**
   * True where the id was added within the horizon before `now`; otherwise adds it as of `now` and is false.
   * `now` is log time in ms and never less than at the call before.
   */
  seen(high: number, low: number, now: number): boolean
  /** ids kept, expired ones that were not yet dropped included */
  readonly size: number
  /** bytes of the table */
  readonly bytes: number
}

/** @param horizon ms, at most LONGEST_HORIZON */
export function createDuplicateSet(horizon: number): DuplicateSet {
  if (!(horizon >= 0 && horizon <= LONGEST_HORIZON)) {
    throw new RangeError(`The duplicate horizon is ${horizon} ms; it must be between 0 and 24 days.`)
  }
  const age = Math.max(horizon, LEAST_AGE)
  let capacity = LEAST_CAPACITY
  let slots = new Int32Array(capacity * LANES)
  let size = 0
  let base = 0
  let rebuiltAt = Number.NEGATIVE_INFINITY

  function seen(high: number, low: number, now: number): boolean {
    if (size >= capacity * FULL || now - rebuiltAt > age) rebuild(now)
    const time = (now - base + 1) | 0
    let slot = Math.floor((high >>> 0) * (capacity * 2 ** -32)) * LANES
    for (;;) {
      const added = slots[slot + 2] as number
      if (added === 0) break
      if (slots[slot] === high && slots[slot + 1] === low) {
        if (now - base - ((added >>> 0) - 1) <= horizon) return true
        slots[slot + 2] = time
        return false
      }
      slot += LANES
      if (slot === slots.length) slot = 0
    }
    slots[slot] = high
    slots[slot + 1] = low
    slots[slot + 2] = time
    size++
    return false
  }

  /**
   * Copies what is within the horizon. Slots are ordered by the id's high lane but for collisions, so both
   * tables are walked from front to back. Runs at least once a horizon (or minute), so `now - base` stays below TIME_SPAN,
   * and a burst's memory is given back.
   */
  function rebuild(now: number): void {
    // never below −1, the log time before the first stamp
    const since = Math.max(now - horizon, -1)
    const old = slots
    const oldBase = base
    // times are kept from 1 on; what is below this has left the horizon
    const least = Math.max(1, since - oldBase + 1)
    const living = least === 1 ? size : countFrom(old, least)
    const room = Math.max(LEAST_CAPACITY, Math.ceil(living / REBUILT))
    const fresh = new Int32Array(room * LANES)
    const scale = room * 2 ** -32
    const end = fresh.length
    for (let slot = 0; slot < old.length; slot += LANES) {
      const added = (old[slot + 2] as number) >>> 0
      if (added < least) continue
      const high = old[slot] as number
      let to = Math.floor((high >>> 0) * scale) * LANES
      while (fresh[to + 2] !== 0) {
        to += LANES
        if (to === end) to = 0
      }
      fresh[to] = high
      fresh[to + 1] = old[slot + 1] as number
      fresh[to + 2] = (added + oldBase - since) | 0
    }
    capacity = room
    slots = fresh
    size = living
    base = since
    rebuiltAt = now
  }

  return {
    seen,
    get size() {
      return size
    },
    get bytes() {
      return slots.byteLength
    },
  }
}

/** Slots whose time is at least this. */
function countFrom(slots: Int32Array, least: number): number {
  let count = 0
  for (let slot = 2; slot < slots.length; slot += LANES) if ((slots[slot] as number) >>> 0 >= least) count++
  return count
}
