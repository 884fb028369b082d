import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ALL_PROTECTIONS, type Protections, World, type WorldOptions } from './alerts-world.ts'

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

type Shape = Pick<WorldOptions, 'series' | 'forInstants' | 'keepInstants' | 'faults'>

function walk(seed: number, protections: Protections, shape: Shape): string | null {
  const world = new World({ ...shape, protections, random: generator(seed) })
  const report = (wrong: string) => `${wrong}\n  ${world.trace.join('\n  ')}`
  for (let i = 0; i < 120; i++) {
    world.act()
    const wrong = world.violation(false)
    if (wrong !== null) return report(wrong)
  }
  world.settle()
  const wrong = world.violation(true)
  return wrong === null ? null : report(wrong)
}

const instants = 12
const series = fc.array(fc.constantFrom(true, true, false, false, null), { minLength: instants, maxLength: instants })
const shapes = fc.record({
  series: fc.array(series, { minLength: 1, maxLength: 3 }),
  forInstants: fc.integer({ min: 0, max: 3 }),
  keepInstants: fc.integer({ min: 0, max: 3 }),
  faults: fc.integer({ min: 0, max: 10 }),
})

describe('alerts', () => {
  it('are told, each firing and each end, under one key, whoever dies and whatever is lost', () => {
    fc.assert(
      fc.property(fc.integer(), shapes, (seed, shape) => {
        expect(walk(seed, ALL_PROTECTIONS, shape)).toBeNull()
      }),
      { numRuns: 1_000 },
    )
  })

  const flapping: Shape = {
    series: [0, 1].map(group => Array.from({ length: instants }, (_, i) => (i + group) % 4 < 2)),
    ...{ forInstants: 1, keepInstants: 0, faults: 8 },
  }
  // that the walks above can fail: each protection taken away alone is noticed
  it.each(Object.keys(ALL_PROTECTIONS) as (keyof Protections)[])('are told wrong without %s', name => {
    const without = { ...ALL_PROTECTIONS, [name]: false }
    let found: string | null = null
    for (let seed = 0; seed < 1_000 && found === null; seed++) found = walk(seed, without, flapping)
    expect(found).not.toBeNull()
  })
})
