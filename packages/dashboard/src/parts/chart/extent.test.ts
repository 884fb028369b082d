import { expect, test } from 'vitest'
import { axisExtent, extentOf, isNear } from './extent.ts'

test('the extent spans what is known of all columns', () => {
  expect(extentOf([3, null, 1], [null, 7])).toEqual([1, 7])
  expect(extentOf([null], [])).toBeNull()
})

test('an axis begins at zero where zero is near, and leaves air above', () => {
  const [low, high] = axisExtent([10, 100])
  expect(low).toBe(0)
  expect(high).toBeGreaterThan(100)
})

test('values far from zero and close to each other fill the height', () => {
  const [low, high] = axisExtent([0.9, 0.95])
  expect(low).toBeGreaterThan(0.85)
  expect(high).toBeLessThan(1)
})

test('values below zero stay on the chart', () => {
  const [low, high] = axisExtent([-20, 40])
  expect(low).toBeLessThan(-20)
  expect(high).toBeGreaterThan(40)
  expect(axisExtent([-40, -10])[1]).toBe(0)
})

test.each([0, 5, -5])('a line that stays at %d lies inside of the axis', value => {
  const [low, high] = axisExtent([value, value])
  expect(low).toBeLessThanOrEqual(value)
  expect(high).toBeGreaterThan(value)
  expect(high - low).toBeGreaterThan(0)
})

test('a target is near unless it would press the line flat', () => {
  expect(isNear([90, 100], [110, 110])).toBe(true)
  expect(isNear([90, 100], [4000, 4000])).toBe(false)
  expect(isNear([0.03, 0.034], [0.02, 0.02])).toBe(true)
  expect(isNear(null, [5, 5])).toBe(true)
})
