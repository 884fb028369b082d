import { expect, test } from 'vitest'
import { clusteredRatio, npsInterval, riskRatio, wilson } from './intervals.ts'

test('Wilson’s interval keeps within 0 and 1 where the share is at an end', () => {
  const [low, high] = wilson(5, 10) ?? [0, 0]
  expect(low).toBeCloseTo(0.236593, 6)
  expect(high).toBeCloseTo(0.763407, 6)
  expect(wilson(0, 10)).toEqual([0, expect.closeTo(0.277533, 6)])
  expect(wilson(10, 10)).toEqual([expect.closeTo(0.722467, 6), 1])
  expect(wilson(0, 0)).toBeNull()
  expect(wilson(3, 2)).toBeNull()
})

test('the net promoter score’s interval, worked by hand: 5 promoters and 3 detractors of 10', () => {
  const [low, high] = npsInterval(5, 3, 10) ?? [0, 0]
  expect(low).toBeCloseTo(-30.33, 2)
  expect(high).toBeCloseTo(61.1, 2)
  expect(npsInterval(0, 0, 0)).toBeNull()
  // one answer says almost nothing, and still something
  expect(npsInterval(1, 0, 1)).toEqual([expect.closeTo(-48.499, 3), expect.closeTo(98.499, 3)])
})

test('a ratio by cluster: equal users leave no doubt, one user leaves all of it', () => {
  const users = [
    [2, 10],
    [4, 20],
    [6, 30],
  ] as const
  const sums = (pairs: ReadonlyArray<readonly [number, number]>) => ({
    clusters: pairs.length,
    sx: pairs.reduce((sum, [x]) => sum + x, 0),
    sy: pairs.reduce((sum, [, y]) => sum + y, 0),
    sxx: pairs.reduce((sum, [x]) => sum + x * x, 0),
    syy: pairs.reduce((sum, [, y]) => sum + y * y, 0),
    sxy: pairs.reduce((sum, [x, y]) => sum + x * y, 0),
  })
  const [low, high] = clusteredRatio(sums(users)) ?? [0, 1]
  expect(low).toBeCloseTo(0.2, 7)
  expect(high).toBeCloseTo(0.2, 7)
  expect(clusteredRatio(sums([[2, 10]]))).toBeNull()
  expect(
    clusteredRatio(
      sums([
        [2, 0],
        [1, 0],
      ]),
    ),
  ).toBeNull()
  // (x − R·y) of R = 0.5: 1, −1; Σ² = 2, times k/(k−1) = 4; half = 12.706 · 2 ÷ 4, t of one degree of freedom
  const half = (12.706204736174703 * 2) / 4
  expect(
    clusteredRatio(
      sums([
        [2, 2],
        [0, 2],
      ]),
    ),
  ).toEqual([expect.closeTo(0.5 - half, 12), expect.closeTo(0.5 + half, 12)])
})

test('a risk ratio with the interval of its logarithm', () => {
  const result = riskRatio(30, 100, 15, 100)
  expect(result?.ratio).toBeCloseTo(2, 12)
  // sd of ln RR: √(1/30 − 1/100 + 1/15 − 1/100) = 0.28284
  expect(result?.interval[0]).toBeCloseTo(2 * Math.exp(-1.959963984540054 * Math.sqrt(0.08)), 9)
  expect(riskRatio(0, 10, 1, 10)).toBeNull()
})
