import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dragOf, ratioDrivers } from './drivers.ts'

test('a whole that falls while each of its parts rises is told to be mix', () => {
  // both segments convert better, and the one that converts less has grown
  const drivers = ratioDrivers([
    {
      segment: 'app',
      before: { numerator: 80, denominator: 1000 },
      now: { numerator: 45, denominator: 500 },
    },
    {
      segment: 'web',
      before: { numerator: 10, denominator: 1000 },
      now: { numerator: 30, denominator: 2000 },
    },
  ])
  const sum = (part: 'mix' | 'rate' | 'total') => drivers?.reduce((all, driver) => all + driver[part], 0) ?? 0
  expect(sum('total')).toBeCloseTo(75 / 2500 - 90 / 2000, 12)
  expect(sum('rate')).toBeGreaterThan(0)
  expect(sum('mix')).toBeLessThan(0)
  // (0.2 + 0.5) / 2 × (0.09 − 0.08)
  expect(drivers?.[0]?.rate).toBeCloseTo(0.0035, 12)
})

test('mix and rate of all segments add up to the change, whatever the segments are', () => {
  const part = fc.record({ numerator: fc.integer({ min: 0, max: 500 }), denominator: fc.integer({ min: 0, max: 500 }) })
  const segments = fc.array(fc.record({ before: part, now: part }), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(segments, list => {
      // a numerator of a segment without a denominator belongs to no ratio
      const clean = list.map(({ before, now }, index) => ({
        segment: String(index),
        before: before.denominator === 0 ? { numerator: 0, denominator: 0 } : before,
        now: now.denominator === 0 ? { numerator: 0, denominator: 0 } : now,
      }))
      const ratio = (period: 'before' | 'now') =>
        clean.reduce((sum, one) => sum + one[period].numerator, 0) /
        clean.reduce((sum, one) => sum + one[period].denominator, 0)
      const drivers = ratioDrivers(clean)
      if (!Number.isFinite(ratio('before')) || !Number.isFinite(ratio('now'))) expect(drivers).toBeNull()
      else
        expect(drivers?.reduce((sum, driver) => sum + driver.total, 0)).toBeCloseTo(ratio('now') - ratio('before'), 9)
    }),
  )
})

test('the child furthest on the wrong side of its target drags', () => {
  const child = { value: 10, target: null, previous: null, better: 'higher' } as const
  expect(
    dragOf([
      { ...child, id: 'a', target: 11 },
      { ...child, id: 'b', target: 20 },
      { ...child, id: 'c', better: 'lower', target: 9 },
      { ...child, id: 'd', target: 5 },
    ]),
  ).toEqual({ id: 'b', by: -0.5 })
  expect(
    dragOf([
      { ...child, id: 'a', target: 10 },
      { ...child, id: 'b' },
    ]),
  ).toBeNull()
  expect(dragOf([{ ...child, id: 'a', previous: 20 }])).toEqual({ id: 'a', by: -0.5 })
})
