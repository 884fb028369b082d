/**
 * The ids accepted within the last horizon of log time: a record is a duplicate if and only if its id is here.
 *
 * Log time never goes back (see judge.ts), so an id that has left the horizon never comes back into it. Hence
 * one open-addressing table in typed arrays is enough: a slot is [high, low, time]; expired slots stay until the
 * table is full or a horizon has passed, then they are dropped, and where the living ones want a table of another
 * size, they are copied into it. A lookup touches one place in memory. `npm run bench -- fold` prints what a million ids take: 16 to 32 MB,
 * twice that while a table is being copied.
 */

/** Above this share of used slots the table is rebuilt; at a rebuild this share of living ones is left. */
const FULL = 0.75
const REBUILT = 0.375
const LEAST_CAPACITY = 4096
/** A table is kept while it is at most this many times what a new one would be. */
const ROOMY = 2
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
  /**
   * Reads the places of ids that will be asked for soon. A look-up waits for memory, and what is asked next depends on
   * its answer; reads that do not depend on each other are waited for at the same time.
   */
  approach(high: Int32Array, first: number, last: number): void
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
  /** what `approach` read: written here, so that the reads are not optimised away */
  const touched = new Int32Array(1)

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

  function approach(high: Int32Array, first: number, last: number): void {
    const table = slots
    const scale = capacity * 2 ** -32
    let all = 0
    for (let i = first; i < last; i++) {
      all |= table[Math.floor(((high[i] as number) >>> 0) * scale) * LANES + 2] as number
    }
    touched[0] = all
  }

  /**
   * Drops what has left the horizon. Runs at least once a horizon (or minute), so that times fit, and a burst's memory
   * is given back.
   */
  function rebuild(now: number): void {
    // never below −1, the log time before the first stamp
    const since = Math.max(now - horizon, -1)
    // times are kept from 1 on; what is below this has left the horizon
    const least = Math.max(1, since - base + 1)
    const shift = since - base
    const living = least === 1 ? size : countFrom(slots, least)
    const room = Math.max(LEAST_CAPACITY, Math.ceil(living / REBUILT))
    if (room <= capacity && capacity <= room * ROOMY) compact(least, shift)
    else copy(room, least, shift)
    size = living
    base = since
    rebuiltAt = now
  }

  /** Slots are ordered by the id's high lane but for collisions, so both tables are walked from front to back. */
  function copy(room: number, least: number, shift: number): void {
    const old = slots
    const fresh = new Int32Array(room * LANES)
    const scale = room * 2 ** -32
    for (let slot = 0; slot < old.length; slot += LANES) {
      const added = (old[slot + 2] as number) >>> 0
      if (added >= least) place(fresh, scale, old[slot] as number, old[slot + 1] as number, (added - shift) | 0)
    }
    capacity = room
    slots = fresh
  }

  /**
   * The same within the table, as nothing has to be allocated then. The walk begins behind a free slot: whatever it
   * takes out finds its place between its home and where it was.
   */
  function compact(least: number, shift: number): void {
    const scale = capacity * 2 ** -32
    const end = slots.length
    let slot = 0
    while (slots[slot + 2] !== 0) slot += LANES
    const free = slot
    do {
      slot = slot + LANES === end ? 0 : slot + LANES
      const added = (slots[slot + 2] as number) >>> 0
      if (added === 0) continue
      slots[slot + 2] = 0
      if (added >= least) place(slots, scale, slots[slot] as number, slots[slot + 1] as number, (added - shift) | 0)
    } while (slot !== free)
  }

  return {
    seen,
    approach,
    get size() {
      return size
    },
    get bytes() {
      return slots.byteLength
    },
  }
}

/** Puts an id that is not there into the first free slot from its home on. */
function place(slots: Int32Array, scale: number, high: number, low: number, time: number): void {
  let slot = Math.floor((high >>> 0) * scale) * LANES
  while (slots[slot + 2] !== 0) {
    slot += LANES
    if (slot === slots.length) slot = 0
  }
  slots[slot] = high
  slots[slot + 1] = low
  slots[slot + 2] = time
}

/** Slots whose time is at least this. */
function countFrom(slots: Int32Array, least: number): number {
  let count = 0
  for (let slot = 2; slot < slots.length; slot += LANES) if ((slots[slot] as number) >>> 0 >= least) count++
  return count
}
