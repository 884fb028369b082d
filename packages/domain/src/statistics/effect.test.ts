import { expect, test } from 'vitest'
import { actionEffect } from './effect.ts'
import { leastSquares } from './regression.ts'

const line = (from: number, weeks: number, level: number, slope: number) =>
  Array.from({ length: weeks }, (_, index) => level + slope * (from + index))

test('a step on a rising line is told from the line', () => {
  const before = line(-10, 10, 100, 2)
  const after = line(1, 6, 115, 2)
  const effect = actionEffect({ before, after })
  expect(effect).toMatchObject({ method: 'segmented_regression', weeksBefore: 10, weeksAfter: 6 })
  expect(effect.step).toBeCloseTo(15, 9)
  expect(effect.p).toBeLessThan(1e-6)
  // the means alone would have said 15 + 2 · (3.5 + 5.5) = 33
})

test('what moves the control too is taken out', () => {
  const wobble = (index: number) => 7 * Math.sin(index)
  const before = line(-9, 9, 100, 1).map((value, index) => value + wobble(index))
  const after = line(1, 5, 108, 1).map((value, index) => value + wobble(9 + index))
  const control = {
    before: before.map((_, index) => 50 + wobble(index)),
    after: after.map((_, index) => 50 + wobble(9 + index)),
  }
  const effect = actionEffect({ before, after }, control)
  expect(effect.method).toBe('segmented_regression_with_control')
  expect(effect.step).toBeCloseTo(8, 9)
})

test('fewer weeks give the difference only, marked too early', () => {
  expect(actionEffect({ before: [1, 1, 1, 1, 1, 1, 1], after: [3, 3, 3, 3, 3] })).toEqual({
    method: 'too_early',
    weeksBefore: 7,
    weeksAfter: 5,
    step: 2,
    interval: null,
    p: null,
  })
  expect(actionEffect({ before: [null, 5], after: [] })).toMatchObject({ step: null, weeksBefore: 1, weeksAfter: 0 })
})

test('weeks without a value keep their place in time', () => {
  const before = line(-10, 10, 0, 3).map((value, index) => (index === 4 ? null : value))
  const effect = actionEffect({ before, after: line(1, 4, 5, 3) })
  expect(effect).toMatchObject({ method: 'segmented_regression', weeksBefore: 9 })
  expect(effect.step).toBeCloseTo(5, 9)
})

test('least squares as worked by hand: y = 1, 3, 4 over x = 0, 1, 2', () => {
  const fit = leastSquares(
    [
      [1, 0],
      [1, 1],
      [1, 2],
    ],
    [1, 3, 4],
  )
  expect(fit?.coefficients[0]).toBeCloseTo(7 / 6, 12)
  expect(fit?.coefficients[1]).toBeCloseTo(1.5, 12)
  // residuals −1/6, 2/6, −1/6: their squares 1/6, one degree of freedom, Σ(x − 1)² = 2
  expect(fit?.standardErrors[1]).toBeCloseTo(Math.sqrt(1 / 6 / 2), 12)
  expect(
    leastSquares(
      [
        [1, 1],
        [1, 1],
        [1, 1],
      ],
      [1, 2, 3],
    ),
  ).toBeNull()
})
