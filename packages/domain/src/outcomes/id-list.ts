import { endianness } from './lanes.ts'

/** The ids accepted in the open batch, for its ledger entry: appended, taken as a whole. */
export interface IdList {
  add(high: number, low: number, stamp: number): void
  readonly length: number
  /** arrays of exactly the ids added since the last call, the caller's to keep */
  take(): { readonly idHashes: BigUint64Array; readonly idStamps: Float64Array }
}

export function createIdList(): IdList {
  let capacity = 1024
  // pairs of lanes in memory order, so that the same bytes are 64-bit numbers
  let lanes = new Int32Array(2 * capacity)
  let stamps = new Float64Array(capacity)
  let length = 0

  function grow(): void {
    capacity *= 2
    const moreLanes = new Int32Array(2 * capacity)
    moreLanes.set(lanes)
    lanes = moreLanes
    const moreStamps = new Float64Array(capacity)
    moreStamps.set(stamps)
    stamps = moreStamps
  }

  return {
    add(high, low, stamp) {
      if (length === capacity) grow()
      lanes[2 * length + endianness.low] = low
      lanes[2 * length + endianness.high] = high
      stamps[length++] = stamp
    },
    get length() {
      return length
    },
    take() {
      const idHashes = new BigUint64Array(lanes.buffer.slice(0, 8 * length))
      const idStamps = stamps.slice(0, length)
      length = 0
      return { idHashes, idStamps }
    },
  }
}
