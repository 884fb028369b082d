import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createHasher, HASH_SPACE, type HashSpace, hashToBigInt } from './hash.ts'

const SEED = 0x0706050403020100n

function hash(bytes: Uint8Array, space: HashSpace = HASH_SPACE.text, seed = SEED): bigint {
  const hasher = createHasher(seed)
  hasher.of(bytes, 0, bytes.length, space)
  return hashToBigInt(hasher.high, hasher.low)
}

/** HalfSipHash-c-d with 64-bit output as its authors write it, state in an array: slow and plain. */
function halfSipHash(seed: bigint, message: Uint8Array, c: number, d: number): bigint {
  const k0 = Number(BigInt.asIntN(32, seed))
  const k1 = Number(BigInt.asIntN(32, seed >> 32n))
  const v = new Int32Array([k0, k1 ^ 0xee, 0x6c796765 ^ k0, 0x74656462 ^ k1])
  const rotate = (i: number, by: number) => {
    v[i] = (v[i]! << by) | (v[i]! >>> (32 - by))
  }
  const add = (i: number, j: number, by: number) => {
    v[i]! += v[j]!
    rotate(j, by)
    v[j]! ^= v[i]!
  }
  const rounds = (count: number) => {
    for (let round = 0; round < count; round++) {
      add(0, 1, 5)
      rotate(0, 16)
      add(2, 3, 8)
      add(0, 3, 7)
      add(2, 1, 13)
      rotate(2, 16)
    }
  }
  const padded = new Uint8Array((message.length & ~3) + 4)
  padded.set(message)
  padded[padded.length - 1] = message.length & 0xff
  const view = new DataView(padded.buffer)
  for (let at = 0; at < padded.length; at += 4) {
    const m = view.getInt32(at, true)
    v[3]! ^= m
    rounds(c)
    v[0]! ^= m
  }
  v[2]! ^= 0xee
  rounds(d)
  const low = v[1]! ^ v[3]!
  v[1]! ^= 0xdd
  rounds(d)
  return hashToBigInt(v[1]! ^ v[3]!, low)
}

const utf8 = (text: string) => new TextEncoder().encode(text)

describe('the 64-bit hash', () => {
  test('the plain form it is checked against gives the published vectors of HalfSipHash-2-4', () => {
    const bytes = (count: number) => Uint8Array.from({ length: count }, (_, i) => i)
    const published = ['218d1f59b9b83cc8', 'be552412f8387315', '064f39ef7c50eb57']
    for (const [length, hex] of published.entries()) {
      const swapped = Buffer.from(hex, 'hex').readBigUInt64LE()
      expect(halfSipHash(SEED, bytes(length), 2, 4)).toBe(swapped)
    }
  })

  test('equals HalfSipHash-1-3 over the space and the bytes, for any seed, bytes and space', () => {
    const spaces = Object.values(HASH_SPACE)
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        fc.uint8Array({ maxLength: 600 }),
        fc.constantFrom(...spaces),
        (seed, bytes, space) => {
          expect(hash(bytes, space, seed)).toBe(halfSipHash(seed, Uint8Array.from([space, 0, 0, 0, ...bytes]), 1, 3))
        },
      ),
      { numRuns: 500 },
    )
  })

  test('stays what it was: these values are stored in ClickHouse', () => {
    const values = (text: string) => [
      hash(utf8(text)),
      hash(utf8(text), HASH_SPACE.user),
      hash(utf8(text), HASH_SPACE.anonymous),
    ]
    expect(values('')).toMatchInlineSnapshot(`
      [
        9186130866148249215n,
        1403111613656199089n,
        15259231014632088928n,
      ]
    `)
    expect(values('u000001')).toMatchInlineSnapshot(`
      [
        2653570819797002892n,
        75258735459134060n,
        2661145839038388577n,
      ]
    `)
    expect(values('3f2504e0-4f89-41d3-9a0c-0305e82c3301')).toMatchInlineSnapshot(`
      [
        8182081053153410724n,
        4976588183135028822n,
        14367419310930072829n,
      ]
    `)
    expect(values('用户-é')).toMatchInlineSnapshot(`
      [
        9524310010296681941n,
        2241831662026408976n,
        14173752451490291065n,
      ]
    `)
  })

  test('a text and its UTF-8 bytes agree, wherever the bytes lie', () => {
    const hasher = createHasher(42n)
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 2000 }),
        fc.nat(9),
        fc.constantFrom(0, 1, 2),
        (text, before, space) => {
          const bytes = new Uint8Array(before + utf8(text).length + 3).fill(7)
          bytes.set(utf8(text), before)
          hasher.of(bytes, before, bytes.length - 3, space as HashSpace)
          const expected = hashToBigInt(hasher.high, hasher.low)
          hasher.ofText(text, space as HashSpace)
          expect(hashToBigInt(hasher.high, hasher.low)).toBe(expected)
        },
      ),
    )
  })

  test('seeds and spaces are unrelated', () => {
    const text = utf8('u000001')
    const all = [0n, 1n, 1n << 32n, 1n << 63n].flatMap(seed =>
      [0, 1, 2].map(space => hash(text, space as HashSpace, seed)),
    )
    expect(new Set(all).size).toBe(12)
    expect(hash(text, 0, 5n)).toBe(hash(text, 0, 5n + (1n << 64n)))
  })

  test('consecutive ids spread evenly over every byte of the hash, without collisions in either pair of lanes', () => {
    const hasher = createHasher(1n)
    const ids = 65_536
    const buckets = Array.from({ length: 8 }, () => new Int32Array(256))
    const seen = new Set<bigint>()
    for (let i = 0; i < ids; i++) {
      hasher.ofText(`u${String(i).padStart(6, '0')}`, HASH_SPACE.user)
      const value = hashToBigInt(hasher.high, hasher.low)
      seen.add(value)
      for (let byte = 0; byte < 8; byte++) buckets[byte]![Number((value >> BigInt(8 * byte)) & 255n)]!++
    }
    expect(seen.size).toBe(ids)
    for (const counts of buckets) {
      // chi-square with 255 degrees of freedom: 255 ± 22.6; beyond 400 is no accident
      const chi = counts.reduce((sum, count) => sum + (count - ids / 256) ** 2 / (ids / 256), 0)
      expect(chi).toBeLessThan(400)
    }
  })

  test('one changed bit changes about half of the bits', () => {
    let flipped = 0
    let pairs = 0
    for (let i = 0; i < 500; i++) {
      const bytes = utf8(`event-${i}-${i * 7919}`)
      const before = hash(bytes)
      const bit = (i * 31) % (bytes.length * 8)
      bytes[bit >> 3]! ^= 1 << (bit & 7)
      flipped += [...(before ^ hash(bytes)).toString(2)].filter(digit => digit === '1').length
      pairs++
    }
    expect(flipped / pairs).toBeGreaterThan(31)
    expect(flipped / pairs).toBeLessThan(33)
  })
})
