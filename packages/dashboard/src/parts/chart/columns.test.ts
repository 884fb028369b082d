import { expect, test } from 'vitest'
import { lonePlaces, runsOf, toColumns } from './columns.ts'
import type { ChartData, ChartPoint } from './model.ts'

const point = (t: number, value: number | null, rest: Partial<ChartPoint> = {}): ChartPoint => ({
  t,
  value,
  target: null,
  interval: null,
  complete: true,
  partial: false,
  provisional: false,
  revised: false,
  ...rest,
})

const chart = (points: readonly ChartPoint[], rest: Partial<ChartData> = {}): ChartData => ({
  main: { label: 'main', unit: 'count', points },
  to: (points.at(-1)?.t ?? 0) + 10,
  previous: null,
  second: null,
  ...rest,
})

test('a line over complete points is settled, and what leads to an open point is its tail', () => {
  const columns = toColumns(
    chart([point(0, 1), point(10, 2), point(20, 3, { complete: false }), point(30, 4, { complete: false })]),
  )
  expect(columns.x).toEqual([0, 10, 20, 30, 40])
  expect(columns.settled).toEqual([1, 2, null, null, null])
  expect(columns.tail).toEqual([null, 2, 3, 4, null])
})

test('a point that became open between complete ones is reached from both sides', () => {
  const columns = toColumns(chart([point(0, 1), point(10, 2, { complete: false }), point(20, 3)]))
  expect(columns.settled).toEqual([1, null, 3, null])
  expect(columns.tail).toEqual([1, 2, 3, null])
})

test('a step that is not over is open, however complete', () => {
  const columns = toColumns(chart([point(0, 1), point(10, 2), point(20, 1, { partial: true })]))
  expect(columns.settled).toEqual([1, 2, null, null])
  expect(columns.tail).toEqual([null, 2, 1, null])
})

test('what has no value is a gap, in every column', () => {
  const columns = toColumns(chart([point(0, 1), point(10, null, { complete: false }), point(20, 3)]))
  expect(columns.settled[1]).toBeNull()
  expect(columns.tail[1]).toBeNull()
})

test('the target of the last step reaches to its end', () => {
  const columns = toColumns(chart([point(0, 1, { target: 5 }), point(10, 1, { target: 7 })]))
  expect(columns.target).toEqual([5, 7, 7])
})

test('an interval is a band between two columns, and there is none where it is not told', () => {
  const columns = toColumns(chart([point(0, 1, { interval: [0.5, 1.5] }), point(10, 1)]))
  expect(columns.low).toEqual([0.5, null, null])
  expect(columns.high).toEqual([1.5, null, null])
})

test('an earlier time lies step over step, whatever its own times are', () => {
  const previous = { label: 'before', points: [point(-700, 8), point(-690, null)] }
  const columns = toColumns(chart([point(0, 1), point(10, 2), point(20, 3)], { previous }))
  expect(columns.previous).toEqual([8, null, null, null])
  expect(columns.previousTimes).toEqual([-700, -690, null, null])
})

test('a second line keeps its own times, and nothing of the first is lost', () => {
  const second = { label: 'second', unit: 'percent', points: [point(5, 50), point(10, 60)] }
  const columns = toColumns(chart([point(0, 1), point(10, 2)], { second }))
  expect(columns.x).toEqual([0, 5, 10, 20])
  expect(columns.second).toEqual([null, 50, 60, null])
  expect(columns.settled).toEqual([1, null, 2, null])
  expect(columns.points.map(one => one?.t ?? null)).toEqual([0, null, 10, null])
})

test('nothing at all is an empty chart', () => {
  const columns = toColumns(chart([], { to: 0 }))
  expect(columns.x).toEqual([])
  expect(columns.points).toEqual([])
})

test('runs are told from their first to their last place', () => {
  const points = [0, 1, 2, 3, 4].map(t => point(t, 1, { provisional: t === 1 || t === 2 || t === 4 }))
  expect(runsOf(points, one => one.provisional)).toEqual([
    [1, 2],
    [4, 4],
  ])
})

test('a point between two gaps stands alone', () => {
  expect(lonePlaces([1, null, 2, null, 3, 4, null])).toEqual([0, 2])
})

test('a hundred thousand points are columns in a moment', () => {
  const points = Array.from({ length: 100_000 }, (_, index) => point(index * 10, index))
  const begun = performance.now()
  const columns = toColumns(chart(points))
  expect(columns.settled).toHaveLength(100_001)
  // some 50 ms; a quadratic step would take minutes
  expect(performance.now() - begun).toBeLessThan(5000)
})
