import { expect, it } from 'vitest'
import { planParts } from './plan-parts.ts'

const days = (...loads: ReadonlyArray<readonly [day: number, events: number]>) =>
  loads.map(([day, events]) => ({ day, events }))

it('days go together up to the limit, whatever empty days lie between them', () => {
  expect(planParts(days([1, 40], [2, 40], [9, 20], [10, 1]), 100)).toEqual([
    { from: 1, to: 10, events: 100, pieces: 1 },
    { from: 10, to: 11, events: 1, pieces: 1 },
  ])
})

it('a day beyond the limit stands alone, in pieces', () => {
  expect(planParts(days([1, 10], [2, 250], [3, 10]), 100)).toEqual([
    { from: 1, to: 2, events: 10, pieces: 1 },
    { from: 2, to: 3, events: 250, pieces: 3 },
    { from: 3, to: 4, events: 10, pieces: 1 },
  ])
})

it('days that nobody wants are read along where that saves a statement, and never make one', () => {
  const wanted = (day: number) => day !== 2 && day !== 9
  expect(planParts(days([1, 10], [2, 50], [3, 10], [4, 30], [9, 5]), 100, wanted)).toEqual([
    { from: 1, to: 5, events: 100, pieces: 1 },
  ])
  expect(planParts(days([1, 10], [2, 500], [3, 10]), 100, wanted)).toEqual([
    { from: 1, to: 2, events: 10, pieces: 1 },
    { from: 3, to: 4, events: 10, pieces: 1 },
  ])
})
