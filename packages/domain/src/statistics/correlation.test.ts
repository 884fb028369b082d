import { expect, test } from 'vitest'
import { correlateDays, correlateSegments } from './correlation.ts'

/** A plain generator, so that the figures of a run are those of every run. */
function noise(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648
    return state / 2147483648 - 0.5
  }
}

test('a series that follows another three days later is found at that lag', () => {
  const random = noise(7)
  const x = Array.from({ length: 120 }, () => random())
  const y = x.map((_, day) => (day < 3 ? random() : 2 * (x[day - 3] as number) + 0.2 * random()))
  const { best, lags, days } = correlateDays(x, y, 14)
  expect(days).toBe(120)
  expect(lags).toHaveLength(29)
  expect(best?.lag).toBe(3)
  expect(best?.r).toBeGreaterThan(0.9)
  expect(best?.p).toBeLessThan(1e-6)
})

test('two series that only share their weekends do not correlate', () => {
  const [a, b] = [noise(1), noise(2)]
  const weekend = (day: number) => (day % 7 >= 5 ? 100 : 0)
  const x = Array.from({ length: 140 }, (_, day) => weekend(day) + a())
  const y = Array.from({ length: 140 }, (_, day) => weekend(day) + b())
  expect(Math.abs(correlateDays(x, y, 0).best?.r ?? 1)).toBeLessThan(0.3)
})

test('slow series are worth few days', () => {
  const random = noise(3)
  let level = 0
  const slow = Array.from({ length: 200 }, () => (level = 0.95 * level + random()))
  const other = [...slow].reverse()
  const one = correlateDays(slow, other, 0).best
  expect(one?.n).toBe(200)
  expect(one?.effective).toBeLessThan(80)
})

test('fewer than 60 days have no correlation, and a constant has none either', () => {
  const x = Array.from({ length: 59 }, (_, day) => day % 5)
  expect(correlateDays(x, x, 3)).toEqual({ days: 59, lags: [], best: null })
  const constant = Array.from({ length: 90 }, () => 4)
  expect(correlateDays(constant, constant, 2)).toEqual({ days: 90, lags: [], best: null })
})

test('across segments the order counts, with ties shared', () => {
  const x = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
  expect(
    correlateSegments(
      x,
      x.map(value => value ** 3),
    )?.r,
  ).toBeCloseTo(1, 12)
  expect(correlateSegments(x, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1])?.r).toBeCloseTo(-1, 12)
  expect(correlateSegments(x.slice(1), x.slice(1))).toBeNull()
  // 1, 2, 2, 4 …: ranks 1, 2.5, 2.5, 4 …
  const tied = correlateSegments(x, [1, 2, 2, 4, 5, 6, 7, 8, 9, 10])
  expect(tied?.r).toBeCloseTo(1 - 0.5 / 82.5 / 2, 2)
})
