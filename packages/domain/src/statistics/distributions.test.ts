import { expect, test } from 'vitest'
import { normalCdf, student95, studentCdf, studentQuantile, studentTwoSided } from './distributions.ts'

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
