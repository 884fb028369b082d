/**
 * A 64-bit digest of rows (offset, stamp, outcome), to tell whether a range of the log that is read again gives
 * the same outcomes. It guards against accidents (compaction, retention, a changed decoder), not against forgery.
 */
export interface Digest {
  add(offset: number, stamp: number, outcome: number): void
  /** `add` of rows [first, last) */
  addRows(offset: Float64Array, stamp: Float64Array, outcome: Uint8Array, first: number, last: number): void
  /** 16 hex digits over the rows added since the last reset; they depend on the rows' order */
  hex(): string
  reset(): void
}

const LOW = 2 ** 32

export function createDigest(): Digest {
  let high = 0x6b697669
  let low = 0x64696773

  const words = new Int32Array(4)

  /** two murmur-like lanes, each fed with the other, so that both depend on every word */
  function addRows(offset: Float64Array, stamp: Float64Array, outcome: Uint8Array, first: number, last: number): void {
    // locals: variables that closures share lie in memory
    let a = high
    let b = low
    for (let i = first; i < last; i++) {
      const at = offset[i] as number
      const when = stamp[i] as number
      words[0] = at
      // the high parts of both fit one word with the outcome's bits: offset < 2^53, |stamp| < 2^53
      words[1] = Math.floor(at / LOW) | ((outcome[i] as number) << 24)
      words[2] = when
      words[3] = Math.floor(when / LOW)
      for (let w = 0; w < 4; w++) {
        const word = words[w] as number
        const k = Math.imul(word, 0xcc9e2d51)
        a ^= Math.imul((k << 15) | (k >>> 17), 0x1b873593)
        a = (Math.imul((a << 13) | (a >>> 19), 5) + b) | 0
        b = (Math.imul(b ^ (b >>> 15) ^ word, 0x2c1b3c6d) + a) | 0
        b ^= b >>> 12
      }
    }
    high = a
    low = b
  }

  function add(offset: number, stamp: number, outcome: number): void {
    addRows(Float64Array.of(offset), Float64Array.of(stamp), Uint8Array.of(outcome), 0, 1)
  }

  function reset(): void {
    high = 0x6b697669
    low = 0x64696773
  }

  return { add, addRows, reset, hex: () => finish(high, low) }
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
