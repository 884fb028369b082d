import { describe, expect, it } from 'vitest'
import { createDuplicateSet, LONGEST_HORIZON } from './duplicate-set.ts'

const HOUR = 3_600_000
const START = Date.UTC(2026, 0, 1)

/** A pseudo-random lane that repeats for the same n. */
const lane = (n: number) => Math.imul(n ^ (n >>> 15), 0x2c1b3c6d) ^ Math.imul(n + 0x9e3779b9, 0x85ebca6b)

describe('the duplicate set', () => {
  it('knows an id up to the horizon after it was added, and not a millisecond longer', () => {
    const set = createDuplicateSet(HOUR)
    expect(set.seen(1, 2, START)).toBe(false)
    expect(set.seen(1, 2, START + HOUR)).toBe(true)
    expect(set.seen(1, 2, START + HOUR + 1)).toBe(false)
    expect(set.seen(1, 2, START + 2 * HOUR + 1)).toBe(true)
  })

  it('takes the hash of zeros for an id like any other', () => {
    const set = createDuplicateSet(HOUR)
    expect([set.seen(0, 0, START), set.seen(0, 0, START), set.seen(0, 1, START)]).toEqual([false, true, false])
  })

  it('keeps no more than what two horizons bring, however long the log', () => {
    const set = createDuplicateSet(HOUR)
    const perHorizon = 20_000
    let largest = 0
    let bytes = 0
    for (let n = 0; n < 20 * perHorizon; n++) {
      expect(set.seen(lane(n), n, START + Math.floor((n * HOUR) / perHorizon))).toBe(false)
      largest = Math.max(largest, set.size)
      bytes = Math.max(bytes, set.bytes)
    }
    expect(largest).toBeLessThan(2 * perHorizon + 2)
    expect(bytes / perHorizon).toBeLessThan(60)
  })

  it('gives the memory of a burst back', () => {
    const set = createDuplicateSet(HOUR)
    for (let n = 0; n < 100_000; n++) set.seen(lane(n), n, START)
    const burst = set.bytes
    set.seen(1, 1, START + 2 * HOUR)
    expect(set.bytes).toBeLessThan(burst / 20)
    expect(set.size).toBe(1)
  })

  it('still finds ids that collide at the end of its table, after it has grown', () => {
    const set = createDuplicateSet(HOUR)
    for (let n = 0; n < 20_000; n++) expect(set.seen(-1, n, START)).toBe(false)
    for (let n = 0; n < 20_000; n += 501) expect(set.seen(-1, n, START)).toBe(true)
  })

  it('answers as a Map does while its table is cleaned up again and again, also where ids crowd at its end', () => {
    const set = createDuplicateSet(HOUR)
    const known = new Map<number, number>()
    const answers = { known: 0, unknown: 0, wrong: 0 }
    for (let n = 0; n < 120_000; n++) {
      const now = START + Math.floor((n * HOUR) / 6000)
      // every third id repeats one of the last two horizons; all of them lie in the last quarter of the table
      const id = n % 3 === 0 ? n : n - 1 - ((lane(n) >>> 0) % 12_000)
      const expected = known.has(id) && now - known.get(id)! <= HOUR
      if (!expected) known.set(id, now)
      if (set.seen(-1 - ((lane(id) >>> 0) % 2 ** 30), id, now) !== expected) answers.wrong++
      answers[expected ? 'known' : 'unknown']++
    }
    expect(answers.wrong).toBe(0)
    expect(Math.min(answers.known, answers.unknown)).toBeGreaterThan(20_000)
  })

  it('takes the longest horizon exactly, and refuses a longer one', () => {
    const set = createDuplicateSet(LONGEST_HORIZON)
    set.seen(1, 2, START)
    set.seen(3, 4, START + LONGEST_HORIZON)
    expect(set.seen(1, 2, START + LONGEST_HORIZON)).toBe(true)
    expect(set.seen(3, 4, START + 2 * LONGEST_HORIZON)).toBe(true)
    expect(() => createDuplicateSet(LONGEST_HORIZON + 1)).toThrowError(/between 0 and 24 days/)
  })
})
