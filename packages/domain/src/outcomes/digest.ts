/**
 * A 64-bit digest of rows (offset, stamp, outcome), to tell whether a range of the log that is read again gives
 * the same outcomes. It guards against accidents (compaction, retention, a changed decoder), not against forgery.
 */
export interface Digest {
  add(offset: number, stamp: number, outcome: number): void
  /** 16 hex digits over the rows added since the last reset; they depend on the rows' order */
  hex(): string
  reset(): void
}

const LOW = 2 ** 32

export function createDigest(): Digest {
  let high = 0x6b697669
  let low = 0x64696773

  /** two murmur-like lanes, each fed with the other, so that both depend on every word */
  function mix(word: number): void {
    let k = Math.imul(word, 0xcc9e2d51)
    k = Math.imul((k << 15) | (k >>> 17), 0x1b873593)
    high ^= k
    high = (Math.imul((high << 13) | (high >>> 19), 5) + low) | 0
    low = Math.imul(low ^ (low >>> 15) ^ word, 0x2c1b3c6d) + high
    low ^= low >>> 12
  }

  function add(offset: number, stamp: number, outcome: number): void {
    mix(offset | 0)
    // the high parts of both fit one word with the outcome's bits: offset < 2^53, |stamp| < 2^53
    mix(Math.floor(offset / LOW) | (outcome << 24))
    mix(stamp | 0)
    mix(Math.floor(stamp / LOW))
  }

  function reset(): void {
    high = 0x6b697669
    low = 0x64696773
  }

  return { add, reset, hex: () => finish(high, low) }
}

function finish(high: number, low: number): string {
  const a = avalanche(high ^ Math.imul(low, 0x85ebca6b))
  const b = avalanche(low ^ Math.imul(a, 0xc2b2ae35))
  return hex8(a) + hex8(b)
}

function avalanche(word: number): number {
  let x = word
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return x ^ (x >>> 16)
}

const hex8 = (word: number): string => (word >>> 0).toString(16).padStart(8, '0')
