import { expect, test } from 'vitest'
import { trendOf } from './trend.ts'

test('the slope is the median change per step, untouched by an outlier', () => {
  const points = [1, 2, 3, 4, 500, 6, 7, 8, 9, 10]
  expect(trendOf(points, 'higher')).toEqual({ slope: 1, direction: 'up', good: true })
  expect(trendOf(points, 'lower')).toEqual({ slope: 1, direction: 'up', good: false })
})

test('a missing point keeps its place in time', () => {
  expect(trendOf([0, null, 4, 6, 8, null, 12, 14, 16, 18], 'higher')?.slope).toBe(2)
})

test('noise is flat and a constant too', () => {
  expect(trendOf([5, 7, 4, 8, 5, 6, 4, 7, 6, 5], 'higher')).toMatchObject({ direction: 'flat', good: null })
  expect(trendOf([3, 3, 3, 3, 3, 3, 3, 3], 'higher')).toEqual({ slope: 0, direction: 'flat', good: null })
})

test('fewer than eight values have no trend', () => {
  expect(trendOf([1, 2, 3, 4, 5, 6, 7, null, null], 'higher')).toBeNull()
})
