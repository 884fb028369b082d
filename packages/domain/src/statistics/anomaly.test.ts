import { expect, test } from 'vitest'
import { type AnomalyKind, anomalyOf, type Past } from './anomaly.ts'

/** Eight weeks of days; the value of each by its week and its weekday, of which 0 is the one that is judged. */
const weeks = (value: (week: number, day: number) => number, count = 8): Past => {
  const all = Array.from({ length: 7 * count }, (_, i) => {
    const [ago, place] = [Math.floor(i / 7) + 1, (i + 1) % 7]
    return { value: value(ago, place), ago, place }
  })
  return { same: all.filter(({ place }) => place === 0).map(one => one.value), all }
}
/** Numbers between −1 and 1 that look like chance and are always the same. */
const noise = (week: number, day: number): number => ((2 * ((week * 7 + day) * 0.6180339887498949)) % 2) - 1

test('a value is judged by its hour of the week, in deviations of all days', () => {
  // Mondays are busy: 400 are usual then, and 100 on other days
  const past = weeks((week, day) => (day === 0 ? 400 : 100) + 10 * noise(week, day))
  expect(anomalyOf(400, past, 'other', 400)?.expected).toBeCloseTo(400, -1)
  expect(anomalyOf(420, past, 'other', 400)?.anomalous).toBe(false)
  expect(anomalyOf(470, past, 'other', 400)?.anomalous).toBe(true)
  expect(anomalyOf(100, past, 'other', 400)?.anomalous).toBe(true)
})

test('too few weeks say nothing', () => {
  expect(
    anomalyOf(
      200,
      weeks(() => 100, 3),
      'count',
      100,
    ),
  ).toBeNull()
  expect(
    anomalyOf(
      200,
      weeks(() => 100, 4),
      'count',
      100,
    )?.anomalous,
  ).toBe(true)
})

test('two of eight weeks in which something was wrong change nothing', () => {
  const past = weeks((week, day) => (week <= 2 ? 0 : 100 + 5 * noise(week, day)))
  expect(anomalyOf(100, past, 'other', 100)?.score).toBeLessThan(1)
})

test('a trend is carried on where it is one, by a factor for what has a size', () => {
  const growing = weeks((week, day) => 1000 * 0.95 ** week * (1 + 0.01 * noise(week, day)))
  expect(anomalyOf(1000, growing, 'other', 1)?.expected).toBeCloseTo(1000, -2)
  expect(anomalyOf(1000, growing, 'count', 1000)?.score).toBeLessThan(2)
  // 800 was usual a month ago
  expect(anomalyOf(800, growing, 'count', 1000)?.anomalous).toBe(true)
  const flat = weeks((week, day) => 1000 * (1 + 0.01 * noise(week, day)))
  expect(anomalyOf(1000, flat, 'count', 1000)?.expected).toBeCloseTo(1000, -1)
})

test.each<[AnomalyKind, number, number, number, number]>([
  // of ten none is one of 22,000: less than the 3.2 deviations that it seems; and thirty are more than 6.3 seem
  ['count', 10, 0, 10, 3.7],
  ['count', 10, 30, 10, 4.8],
  ['share', 0.02, 0, 1000, 5.4],
  ['share', 0.5, 0.7, 100, 3.7],
  ['mean', 50, 150, 10, 4.2],
])('a %s of %d is as unlikely to be %d as chance says: n = %i', (kind, usual, value, n, score) => {
  const found = anomalyOf(
    value,
    weeks(() => usual),
    kind,
    n,
  )
  expect(found?.score).toBeGreaterThan(score - 0.5)
  expect(found?.score).toBeLessThan(score + 0.5)
})

test('where nothing ever varied and chance has no part, any difference stands out and none does not', () => {
  expect(
    anomalyOf(
      5,
      weeks(() => 5),
      'other',
      1,
    ),
  ).toMatchObject({ score: 0, anomalous: false })
  expect(
    anomalyOf(
      6,
      weeks(() => 5),
      'other',
      1,
    ),
  ).toMatchObject({ score: Number.POSITIVE_INFINITY, anomalous: true })
})

test('some where there were never any are more than chance once they are many', () => {
  const none = weeks(() => 0)
  expect(anomalyOf(1, none, 'count', 0)?.anomalous).toBe(false)
  expect(anomalyOf(20, none, 'count', 0)?.anomalous).toBe(true)
})
