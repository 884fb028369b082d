/**
 * The 64-bit hash of ids and persons, as two signed 32-bit lanes because JavaScript has no quick 64-bit integers.
 *
 * HalfSipHash-1-3 with a 64-bit result (Aumasson and Bernstein, SipHash, 2012): keyed, so whoever does not know
 * the installation's seed cannot choose ids that collide; 32-bit arithmetic only, about 60 ns for a UUID. Hashed
 * are four bytes that name the space (little endian), then the text's UTF-8 bytes; the four bytes are folded into
 * the initial state once. Stored values depend on every bit of this: hash.test.ts freezes them.
 */

/** What a text names: the same text in two spaces has unrelated hashes (a user's and an anonymous id, say). */
export const HASH_SPACE = { text: 0, user: 1, anonymous: 2 } as const
export type HashSpace = (typeof HASH_SPACE)[keyof typeof HASH_SPACE]

/** A hasher holds the last result in two fields instead of returning an object per hash. Never 0, 0. */
export interface Hasher {
  readonly high: number
  readonly low: number
  /** hashes bytes[start, end) */
  of(bytes: Uint8Array, start: number, end: number, space?: HashSpace): void
  /** the same hash as `of` over the text's UTF-8 bytes; a lone surrogate counts as U+FFFD */
  ofText(text: string, space?: HashSpace): void
}

const SPACES = Object.values(HASH_SPACE)

/** @param seed 64 bits; higher ones are cut off */
export function createHasher(seed: bigint): Hasher {
  return new HalfSipHasher(seed)
}

/** The lanes as the unsigned 64-bit number that ClickHouse stores. */
export function hashToBigInt(high: number, low: number): bigint {
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)
}

class HalfSipHasher implements Hasher {
  high = 0
  low = 0
  /** four words of state per space, after its prefix */
  readonly #initial: Int32Array
  readonly #encoder = new TextEncoder()
  #scratch = new Uint8Array(1024)

  constructor(seed: bigint) {
    const k0 = Number(BigInt.asIntN(32, seed))
    const k1 = Number(BigInt.asIntN(32, seed >> 32n))
    this.#initial = new Int32Array(SPACES.length * 4)
    for (const space of SPACES) this.#initial.set(afterPrefix(k0, k1, space), space * 4)
  }

  of(bytes: Uint8Array, start: number, end: number, space: HashSpace = HASH_SPACE.text): void {
    const initial = this.#initial
    let v0 = initial[space * 4]!
    let v1 = initial[space * 4 + 1]!
    let v2 = initial[space * 4 + 2]!
    let v3 = initial[space * 4 + 3]!
    // one round a word; written out, because a call that returns four numbers would allocate
    const words = start + ((end - start) & ~3)
    let at = start
    for (; at < words; at += 4) {
      const m = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
      v3 ^= m
      v0 = (v0 + v1) | 0
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
      v0 = (v0 << 16) | (v0 >>> 16)
      v2 = (v2 + v3) | 0
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
      v0 = (v0 + v3) | 0
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
      v2 = (v2 + v1) | 0
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
      v2 = (v2 << 16) | (v2 >>> 16)
      v0 ^= m
    }
    // the last word: up to three bytes, and the length (with the prefix's four) in the highest byte
    let m = (end - start + 4) << 24
    if (at + 2 < end) m |= bytes[at + 2]! << 16
    if (at + 1 < end) m |= bytes[at + 1]! << 8
    if (at < end) m |= bytes[at]!
    v3 ^= m
    for (let round = 0; round < 7; round++) {
      v0 = (v0 + v1) | 0
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
      v0 = (v0 << 16) | (v0 >>> 16)
      v2 = (v2 + v3) | 0
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
      v0 = (v0 + v3) | 0
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
      v2 = (v2 + v1) | 0
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
      v2 = (v2 << 16) | (v2 >>> 16)
      if (round === 0) {
        v0 ^= m
        v2 ^= 0xee
      } else if (round === 3) {
        this.low = v1 ^ v3
        v1 ^= 0xdd
      }
    }
    this.high = v1 ^ v3
    // 0, 0 means "none" in columns
    if ((this.high | this.low) === 0) this.low = 1
  }

  ofText(text: string, space: HashSpace = HASH_SPACE.text): void {
    if (text.length * 3 > this.#scratch.length) this.#scratch = new Uint8Array(text.length * 3)
    this.of(this.#scratch, 0, this.#encoder.encodeInto(text, this.#scratch).written, space)
  }
}

function afterPrefix(k0: number, k1: number, space: number): [number, number, number, number] {
  let v0 = k0
  let v1 = k1 ^ 0xee
  let v2 = 0x6c796765 ^ k0
  let v3 = 0x74656462 ^ k1 ^ space
  v0 = (v0 + v1) | 0
  v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
  v0 = (v0 << 16) | (v0 >>> 16)
  v2 = (v2 + v3) | 0
  v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
  v0 = (v0 + v3) | 0
  v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
  v2 = (v2 + v1) | 0
  v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
  v2 = (v2 << 16) | (v2 >>> 16)
  return [v0 ^ space, v1, v2, v3]
}
