import { setImmediate } from 'node:timers/promises'
import {
  type Catalog,
  type ClusterMoments,
  createZone,
  type Indicator,
  KiviError,
  lengthWindow,
  rangeWindow,
} from '@kivi/domain'
import { expect, test } from 'vitest'
import { createClusteredIntervals } from './clusters.ts'
import type { Desk } from './desk.ts'

const DAY = 86_400_000
const NOW = Date.parse('2026-03-10T12:00:00Z')
const measure = (id: string) => ({ id, agg: 'count', dimensions: [] })
const simple = (id: string) => ({ id, type: 'simple', measure: id, dimensions: [] })
const ctr = {
  id: 'ctr',
  type: 'ratio',
  numerator: 'clicks',
  denominator: 'impressions',
  interval: 'clustered',
  version: '1',
  provisional_while: null,
} as unknown as Indicator
const catalog = {
  measures: new Map(['clicks', 'impressions'].map(id => [id, measure(id)])),
  derivedMeasures: new Map(),
  indicators: new Map<string, unknown>([
    ...['clicks', 'impressions'].map(id => [id, simple(id)] as const),
    ['ctr', ctr],
  ]),
} as unknown as Catalog

/** Residuals of two persons that are `spread` and −`spread`: half the width is 1.96 · √(2 · 2 · spread²) ÷ 4. */
const moments = (spread: number): ClusterMoments => ({
  clusters: 2,
  sx: 2,
  sy: 4,
  sxx: 2 * (1 + spread ** 2),
  syy: 8,
  sxy: 4,
})
const half = (spread: number) => (1.959963984540054 * 2 * spread) / 4

function deskAt(now: number, clusters: () => Promise<ClusterMoments | null>): Desk {
  return {
    catalog,
    source: { clusters },
    basis: {
      now,
      watermark: now,
      newest: now,
      derived: () => null,
      asOf: null,
      calendar: { zone: createZone('UTC'), fiscalYearStart: '01-01' },
      retention: { tenSeconds: DAY, quarterHour: DAY, day: DAY },
    },
  } as unknown as Desk
}
const moving = (now: number) => lengthWindow(now - DAY, now)
const settled = rangeWindow(NOW - 10 * DAY, NOW - 9 * DAY)

test('a window that moves is measured once a minute, and its last width is told meanwhile', async () => {
  const intervals = createClusteredIntervals()
  let reads = 0
  let spread = 1
  const clusters = async () => {
    reads++
    return moments(spread)
  }
  const ask = (now: number) => intervals.around(0.5, deskAt(now, clusters), ctr, moving(now), [])
  expect(await ask(NOW)).toEqual([expect.closeTo(0.5 - half(1), 9), expect.closeTo(0.5 + half(1), 9)])
  await ask(NOW + 59_000)
  expect(reads).toBe(1)
  spread = 0.5
  // told at once, measured behind its back
  expect(await ask(NOW + 61_000)).toEqual([expect.closeTo(0.5 - half(1), 9), expect.any(Number)])
  expect(reads).toBe(2)
  // what is under way ends, as nothing in it waits for a clock
  await setImmediate()
  expect(await ask(NOW + 62_000)).toEqual([expect.closeTo(0.5 - half(0.5), 9), expect.any(Number)])
  // after an hour without a question it is waited for again
  spread = 0.25
  expect(await ask(NOW + 3_700_000)).toEqual([expect.closeTo(0.5 - half(0.25), 9), expect.any(Number)])
})

test('a window of the past has its own width, never that of another one', async () => {
  const intervals = createClusteredIntervals()
  let spread = 1
  const clusters = async () => moments(spread)
  const ask = (now: number, from: number) =>
    intervals.around(0.5, deskAt(now, clusters), ctr, rangeWindow(from, settled.to), [])
  expect((await ask(NOW, settled.from))?.[0]).toBeCloseTo(0.5 - half(1), 9)
  spread = 0.5
  expect((await ask(NOW, settled.from - DAY))?.[0]).toBeCloseTo(0.5 - half(0.5), 9)
  expect((await ask(NOW + 1000, settled.from))?.[0]).toBeCloseTo(0.5 - half(1), 9)
  // late events may have changed it
  expect((await ask(NOW + 61_000, settled.from))?.[0]).toBeCloseTo(0.5 - half(0.5), 9)
})

test('raw events that are too many or gone cost the interval, never the value; an outage is told', async () => {
  const failing = (code: 'question_too_large' | 'store_unreachable') => () => Promise.reject(new KiviError(code, 'no'))
  const ask = (clusters: () => Promise<ClusterMoments | null>, intervals = createClusteredIntervals()) =>
    intervals.around(0.5, deskAt(NOW, clusters), ctr, settled, [])
  expect(await ask(failing('question_too_large'))).toBeNull()
  expect(await ask(async () => null)).toBeNull()
  const intervals = createClusteredIntervals()
  await expect(ask(failing('store_unreachable'), intervals)).rejects.toThrow('no')
  expect(await ask(async () => moments(1), intervals)).not.toBeNull()
})

test('without a value, or as of an instant of the past, there is none', async () => {
  const desk = deskAt(NOW, async () => moments(1))
  const intervals = createClusteredIntervals()
  expect(await intervals.around(null, desk, ctr, settled, [])).toBeNull()
  const past = { ...desk, basis: { ...desk.basis, asOf: NOW - DAY } }
  expect(await intervals.around(0.5, past, ctr, settled, [])).toBeNull()
})
