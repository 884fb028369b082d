import { expect, test } from 'vitest'
import { digitsFor, significant } from './axis-digits.ts'

test.each([
  [1, 0],
  [20, 0],
  [0.5, 1],
  [0.1, 1],
  [0.25, 2],
  [0.05, 2],
  [0.025, 3],
  [0.001, 3],
  [0, 0],
])('values %d apart are told with %d digits after the point', (apart, digits) => {
  expect(digitsFor(apart)).toBe(digits)
})

test('large values are told with as many digits as keep neighbours apart', () => {
  // 1.002, 1.004 million
  expect(significant(1_004_000, 2000)).toBe(4)
  expect(significant(20_000, 5000)).toBe(2)
  expect(significant(100_000, 20_000)).toBeGreaterThanOrEqual(1)
})
