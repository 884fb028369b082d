import { expect, test } from 'vitest'
import {
  betaI,
  gammaP,
  gammaQ,
  normalCdf,
  normalScore,
  student95,
  studentCdf,
  studentQuantile,
  studentTwoSided,
} from './distributions.ts'

test('the normal distribution, against printed tables', () => {
  expect(normalCdf(0)).toBe(0.5)
  expect(normalCdf(1.959963984540054)).toBeCloseTo(0.975, 12)
  expect(normalCdf(-3)).toBeCloseTo(0.0013498980316301, 13)
  expect(normalCdf(0.5)).toBeCloseTo(0.691462461274013, 12)
})

test('Student’s distribution, against printed tables and its closed forms', () => {
  expect(studentQuantile(0.975, 10)).toBeCloseTo(2.2281388519649, 9)
  expect(studentQuantile(0.975, 1)).toBeCloseTo(12.7062047361747, 8)
  expect(studentQuantile(0.025, 30)).toBeCloseTo(-2.0422724563012, 9)
  // one degree of freedom is Cauchy's distribution, two have an algebraic form
  for (const t of [-4, -0.3, 0, 1, 7]) {
    expect(studentCdf(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 12)
    expect(studentCdf(t, 2)).toBeCloseTo(0.5 + t / (2 * Math.sqrt(2 + t * t)), 12)
  }
  expect(studentTwoSided(2.2281388519649, 10)).toBeCloseTo(0.05, 10)
  expect(studentTwoSided(Number.POSITIVE_INFINITY, 4)).toBe(0)
})

test('t of 95 % is the exact one, and the expansion goes on where it ends', () => {
  for (const df of [1, 2, 10, 200]) expect(student95(df)).toBeCloseTo(studentQuantile(0.975, df), 12)
  for (const df of [201, 1000, 50_000]) expect(student95(df)).toBeCloseTo(studentQuantile(0.975, df), 8)
  expect(student95(1e9)).toBeCloseTo(1.959963984540054, 8)
})

test('tails of Poisson and binomial counts are those of their sums', () => {
  const poisson = (mean: number, count: number) =>
    Array.from({ length: count }, (_, k) => k).reduce(
      ({ sum, term }, k) => ({ sum: sum + term, term: (term * mean) / (k + 1) }),
      { sum: 0, term: Math.exp(-mean) },
    ).sum
  expect(gammaQ(4, 10)).toBeCloseTo(poisson(10, 4), 14)
  expect(gammaP(4, 10)).toBeCloseTo(1 - poisson(10, 4), 12)
  expect([gammaP(0, 3), gammaQ(0, 3), gammaP(3, 0), gammaQ(3, 0)]).toEqual([1, 0, 0, 1])
  // small tails keep their digits
  expect(gammaQ(1, 200) / Math.exp(-200)).toBeCloseTo(1, 10)
  // at least 3 of 5 at a half
  expect(betaI(3, 3, 0.5)).toBeCloseTo(0.5, 12)
  expect(betaI(5, 1, 0.5)).toBeCloseTo(1 / 32, 12)
  expect([betaI(0, 5, 0.2), betaI(6, 0, 0.2)]).toEqual([1, 0])
})

test('a score is as unlikely as what it stands for', () => {
  expect(normalScore(0.025)).toBeCloseTo(1.959963984540054, 8)
  expect(normalScore(0.5)).toBeCloseTo(0, 8)
  expect(normalScore(0.9986501019683699)).toBeCloseTo(-3, 8)
  expect(normalScore(1e-20)).toBeCloseTo(9.26234, 4)
})
