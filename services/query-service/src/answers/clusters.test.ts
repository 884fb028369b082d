import { setImmediate } from 'node:timers/promises'
import {
  type Catalog,
  type ClusterGroups,
  type ClusterMoments,
  type ClusterQuestion,
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

/** Residuals of two persons that are `spread` and −`spread`: half the width is t(1) · √(2 · 2 · spread²) ÷ 4. */
const moments = (spread: number): ClusterMoments => ({
  clusters: 2,
  sx: 2,
  sy: 4,
  sxx: 2 * (1 + spread ** 2),
  syy: 8,
  sxy: 4,
})
const half = (spread: number) => (12.706204736174703 * 2 * spread) / 4

/** Everybody, as ClickHouse tells them. */
const all = (moments: ClusterMoments): ClusterGroups => ({ groups: [{ group: [], moments }], truncated: false })

function deskAt(now: number, clusters: () => Promise<ClusterGroups | null>): Desk {
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
    return all(moments(spread))
  }
  const ask = async (now: number) =>
    (await intervals.around(deskAt(now, clusters), ctr, moving(now), [], []))(0.5, []).interval
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
  const clusters = async () => all(moments(spread))
  const low = async (now: number, from: number) =>
    (await intervals.around(deskAt(now, clusters), ctr, rangeWindow(from, settled.to), [], []))(0.5, []).interval?.[0]
  expect(await low(NOW, settled.from)).toBeCloseTo(0.5 - half(1), 9)
  spread = 0.5
  expect(await low(NOW, settled.from - DAY)).toBeCloseTo(0.5 - half(0.5), 9)
  expect(await low(NOW + 1000, settled.from)).toBeCloseTo(0.5 - half(1), 9)
  // late events may have changed it
  expect(await low(NOW + 61_000, settled.from)).toBeCloseTo(0.5 - half(0.5), 9)
})

test('each group has its own width, all from one reading, and never that of a question by something else', async () => {
  const intervals = createClusteredIntervals()
  const asked: Array<readonly string[]> = []
  const desk: Desk = {
    ...deskAt(NOW, async () => null),
    source: {
      clusters: async (_: Catalog, { by }: ClusterQuestion) => {
        asked.push(by)
        if (by.length === 0) return all(moments(1))
        const groups = [1, 0.5].map(spread => ({ group: [String(spread)], moments: moments(spread) }))
        return { groups: [...groups, { group: ['one'], moments: { ...moments(1), clusters: 1 } }], truncated: true }
      },
    },
  } as unknown as Desk
  const [total, groups] = await Promise.all([
    intervals.around(desk, ctr, settled, [], []),
    intervals.around(desk, ctr, settled, ['campaign'], []),
  ])
  expect(asked).toEqual([[], ['campaign']])
  expect(total(0.5, []).interval?.[1]).toBeCloseTo(0.5 + half(1), 9)
  expect(groups(0.5, ['1']).interval?.[1]).toBeCloseTo(0.5 + half(1), 9)
  expect(groups(0.4, ['0.5']).interval?.[1]).toBeCloseTo(0.4 + half(0.5), 9)
  expect(groups(0.4, ['one'])).toEqual({ interval: null, interval_reason: 'too_few' })
  expect(groups(0.4, ['of the many small ones'])).toEqual({ interval: null, interval_reason: 'too_costly' })
  await intervals.around(desk, ctr, settled, ['campaign'], [])
  expect(asked).toHaveLength(2)
})

test('widths of many groups are kept no longer than there is room for them', async () => {
  const intervals = createClusteredIntervals(4)
  let reads = 0
  const clusters = async () => {
    reads++
    const groups = ['a', 'b', 'c'].map(name => ({ group: [name], moments: moments(1) }))
    return { groups, truncated: false }
  }
  const ask = (from: number) =>
    intervals.around(deskAt(NOW, clusters), ctr, rangeWindow(from, settled.to), ['campaign'], [])
  await ask(settled.from)
  await ask(settled.from)
  expect(reads).toBe(1)
  await ask(settled.from - DAY)
  await ask(settled.from - DAY)
  expect(reads).toBe(2)
  await ask(settled.from)
  expect(reads).toBe(3)
})

test('raw events that are too many or gone cost the interval, never the value; an outage is told', async () => {
  const failing = (code: 'question_too_large' | 'store_unreachable') => () => Promise.reject(new KiviError(code, 'no'))
  const ask = async (clusters: () => Promise<ClusterGroups | null>, intervals = createClusteredIntervals()) =>
    (await intervals.around(deskAt(NOW, clusters), ctr, settled, [], []))(0.5, [])
  expect(await ask(failing('question_too_large'))).toEqual({ interval: null, interval_reason: 'too_costly' })
  expect(await ask(async () => null)).toEqual({ interval: null, interval_reason: 'raw_events_gone' })
  const intervals = createClusteredIntervals()
  await expect(ask(failing('store_unreachable'), intervals)).rejects.toThrow('no')
  expect((await ask(async () => all(moments(1)), intervals)).interval).not.toBeNull()
})

test('as of an instant of the past, and of an indicator with another kind of interval, there is none', async () => {
  const desk = deskAt(NOW, async () => all(moments(1)))
  const intervals = createClusteredIntervals()
  const past = { ...desk, basis: { ...desk.basis, asOf: NOW - DAY } }
  const around = await intervals.around(past, ctr, settled, [], [])
  expect(around(0.5, [])).toEqual({ interval: null, interval_reason: 'as_of_the_past' })
  const plain = await intervals.around(desk, { ...ctr, interval: null }, settled, [], [])
  expect(plain(0.5, [])).toEqual({ interval: null })
})
