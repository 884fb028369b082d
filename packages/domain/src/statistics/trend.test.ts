import { expect, test } from 'vitest'
import { median, theilSen } from './trend.ts'

test('a rising line has its slope, whatever one outlier says', () => {
  const slope = theilSen([1, 2, 3, 4, 5, 60, 7, 8, 9, 10])
  expect(slope?.slope).toBe(1)
  expect(slope?.significant).toBe(true)
})

test('noise, a constant and too few weeks are no trend', () => {
  expect(theilSen([5, 7, 4, 8, 5, 6, 4, 7, 6, 5])?.significant).toBe(false)
  expect(theilSen([3, 3, 3, 3, 3, 3, 3, 3])).toEqual({ slope: 0, z: 0, significant: false })
  expect(theilSen([1, 2, 3, null, 5, 6, 7, 8])).toBeNull()
})

test('the median of an even number lies between the middle two', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5)
})
