import { expect, test } from 'vitest'
import { sparkPath } from './spark-path.ts'

test('the lowest value is at the bottom, the highest at the top, the first left and the last right', () => {
  expect(sparkPath([1, 3, 2], null)).toEqual({
    lines: ['M0.00,37.00 L50.00,3.00 L100.00,20.00'],
    dots: [],
    areas: ['M0.00,40 L0.00,37.00 L50.00,3.00 L100.00,20.00 L100.00,40 Z'],
    target: null,
  })
})

test('unknown values are gaps, and a known one between them a dot', () => {
  const path = sparkPath([1, 1, null, 1, null], null)
  expect(path?.lines).toEqual(['M0.00,20.00 L25.00,20.00'])
  expect(path?.dots).toEqual(['M75.00,20.00 h0'])
})

test.each([[[]], [[null, null]], [[null, 5]]])('through %j there is no line', points => {
  expect(sparkPath(points, 1)).toBeNull()
})

test('a target shares the scale, but one far away does not press the line flat', () => {
  expect(sparkPath([0, 10], 20)?.target).toBe(3)
  expect(sparkPath([0, 10], 20)?.lines).toEqual(['M0.00,37.00 L100.00,20.00'])
  expect(sparkPath([0, 10], 41)?.target).toBeNull()
  expect(sparkPath([0, 10], 41)?.lines).toEqual(['M0.00,37.00 L100.00,3.00'])
})
