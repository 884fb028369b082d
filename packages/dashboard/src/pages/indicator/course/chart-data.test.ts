import { expect, test } from 'vitest'
import type { Series } from '../answers.ts'
import { chartData, lineOf } from './chart-data.ts'

type Point = Series['series'][number]['points'][number]
const ZONE = 'Europe/Berlin'

const point = (t: string, value: number | null, n = value === null ? 0 : 1): Point => ({
  t,
  value,
  n,
  interval: null,
  target: null,
  complete: true,
  provisional: false,
  revised: false,
})
const series = (points: readonly Point[], rest: Partial<Series> = {}): Series => ({
  indicator: 'ctr',
  from: points[0]?.t ?? '',
  to: '2026-03-10T11:00:00Z',
  step: 'day',
  unit: 'percent',
  rolling: null,
  watermark: null,
  series: [{ by: {}, points }],
  ...rest,
})
const drawn = (main: Series, previous: Series | null = null, second: Series | null = null) =>
  chartData({
    timezone: ZONE,
    isHistory: true,
    main: { series: main, label: 'now' },
    previous: previous === null ? null : { series: previous, label: 'before' },
    second: second === null ? null : { series: second, label: 'second' },
  })

test('a day that is not over is a part of one, and a window that ends with it still moves', () => {
  const points = [point('2026-03-08T23:00:00Z', 1), point('2026-03-09T23:00:00Z', 1)]
  expect(lineOf(series(points), '', ZONE).points.map(({ partial }) => partial)).toEqual([false, true])
  expect(lineOf(series(points, { rolling: '30d' }), '', ZONE).points.map(({ partial }) => partial)).toEqual([
    false,
    true,
  ])
  expect(lineOf(series(points, { to: '2026-03-10T23:00:00Z' }), '', ZONE).points.some(({ partial }) => partial)).toBe(
    false,
  )
})

const days = (values: ReadonlyArray<number | null>, month: string) =>
  values.map((value, index) =>
    point(`2026-${month}-${String(index + 1).padStart(2, '0')}T00:00:00Z`, value, value ?? 0),
  )

test('a history begins where something was there, and what is laid over it moves with it', () => {
  const main = series(days([0, null, 0, 0, 5, 6, 7, 8, 9, 1, 2, 3], '03'))
  const other = series(days([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], '03'), { unit: 'count' })
  const data = drawn(main, null, other)
  expect(data.main.points[0]?.value).toBe(5)
  expect(data.second?.points).toHaveLength(data.main.points.length)
  const earlier = series(days([0, 0, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4], '02'))
  const compared = drawn(main, earlier)
  expect(compared.main.points[0]?.t).toBe(Date.parse('2026-03-03T00:00:00Z'))
  expect(compared.previous?.points[0]?.t).toBe(Date.parse('2026-02-03T00:00:00Z'))
})

test('a chosen window is drawn as it is, and so is one without anything', () => {
  const main = series(days([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7], '03'))
  expect(drawn(main).main.points).toHaveLength(8)
  const empty = series(days([null, null, null], '03'))
  expect(drawn(empty).main.points).toHaveLength(3)
  expect(
    chartData({ timezone: ZONE, isHistory: false, main: { series: main, label: '' }, previous: null, second: null })
      .main.points,
  ).toHaveLength(12)
})

test('an earlier time of which nothing is known is not told', () => {
  const main = series(days([1, 2], '03'))
  expect(drawn(main, series(days([null, null], '02'))).previous).toBeNull()
})
