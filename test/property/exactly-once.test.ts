import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ALL_PROTECTIONS, type Protections, World } from './exactly-once-world.ts'

/** mulberry32: a small seeded generator, so that a failing walk can be repeated by its seed */
function generator(seed: number): (below: number) => number {
  let a = seed | 0
  return below => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below) | 0
  }
}

function walk(seed: number, protections: Protections, faults: number, ids: readonly number[]): string | null {
  const random = generator(seed)
  // ClickHouse's window of tokens has to cover the inserts that may be in flight, not more
  const world = new World({ ids, protections, faults, random, window: 12 })
  try {
    for (let i = 0; i < 150; i++) {
      world.act()
      const wrong = world.violation(false)
      if (wrong !== null) return report(world, wrong)
    }
    world.settle()
    const wrong = world.violation(true)
    return wrong === null ? null : report(world, wrong)
  } catch (error) {
    return report(world, String(error))
  }
}
const report = (world: World, wrong: string) => `${wrong}\n  ${world.trace.join('\n  ')}`

const ids = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 8 })

describe('the exactly-once protocol', () => {
  it('counts each distinct event once through crashes, zombies, lost answers and late requests', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 12 }), ids, (seed, faults, records) => {
        expect(walk(seed, ALL_PROTECTIONS, faults, records)).toBeNull()
      }),
      { numRuns: 20_000 },
    )
  })

  // that the walks above can fail: each protection taken away alone is noticed
  for (const name of Object.keys(ALL_PROTECTIONS) as (keyof Protections)[])
    it(`fails without ${name}`, () => {
      const without = { ...ALL_PROTECTIONS, [name]: false }
      let found: string | null = null
      for (let seed = 0; seed < 60_000 && found === null; seed++) found = walk(seed, without, 6, [0, 1, 0, 2, 1])
      expect(found).not.toBeNull()
    })
})
