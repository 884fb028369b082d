import { expect, test } from 'vitest'
import { sampling } from './sampling.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const steps = (from: number, step: number, count: number) =>
  Array.from({ length: count }, (_, index) => from + index * step)

test('a step takes the newest sample that is not after it', () => {
  expect(sampling([12_345, 20_000], null, 400)).toEqual({
    grid: 10_000,
    coarsened: false,
    instants: [[10_000], [20_000]],
  })
})

test('a range holds at most 60 samples on the clock, without its beginning', () => {
  const { grid, instants } = sampling([2 * HOUR], HOUR, 400)
  expect(grid).toBe(MINUTE)
  expect(instants[0]).toEqual(steps(HOUR + MINUTE, MINUTE, 60))
})

test('samples of overlapping ranges are the same ones', () => {
  const { instants } = sampling(steps(0, MINUTE, 60), HOUR, 400)
  expect(new Set(instants.flat()).size).toBe(119)
})

test('too many samples are taken at larger distances, and it is told', () => {
  const { grid, coarsened, instants } = sampling(steps(0, 15 * SECOND, 5000), null, 400)
  expect([grid, coarsened]).toEqual([5 * MINUTE, true])
  expect(new Set(instants.flat()).size).toBeLessThanOrEqual(400)
  expect(instants.every(([instant], index) => index * 15 * SECOND - (instant as number) < 5 * MINUTE)).toBe(true)
})

test('large steps need no finer samples than they have', () => {
  expect(sampling(steps(0, HOUR, 300), null, 400)).toMatchObject({ grid: 10_000, coarsened: false })
})

test('a range in which no sample lies has the one before it', () => {
  const times = steps(7 * SECOND, 10 * SECOND, 2000)
  const { grid, instants } = sampling(times, 10 * SECOND, 100)
  expect(grid).toBeGreaterThan(10 * SECOND)
  expect(instants.every((held, index) => held.length === 1 && (held[0] as number) <= (times[index] as number))).toBe(
    true,
  )
})

test('what is recorded every hour is sampled on the hour', () => {
  expect(sampling([90 * MINUTE], null, 400, HOUR)).toMatchObject({ grid: HOUR, instants: [[HOUR]] })
  expect(sampling(steps(0, HOUR, 4000), null, 400, HOUR).grid).toBe(12 * HOUR)
})
