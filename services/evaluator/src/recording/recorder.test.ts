import type { LateSpan } from '@kivi/clickhouse'
import {
  type Catalog,
  KiviError,
  type MeasureQuestion,
  type MeasureSource,
  type Point,
  type PointStore,
  type SliceCell,
} from '@kivi/domain'
import { beforeEach, expect, test } from 'vitest'
import { createLateChecks } from './late.ts'
import { createRecorder } from './recorder.ts'

const HOUR = 3_600_000
const NOON = Date.UTC(2026, 5, 30, 12)

const measure = { id: 'orders', agg: 'count', dimensions: ['region'], events: ['purchase'] }
const indicator = (id: string, version = 'v1') => ({
  id,
  type: 'simple',
  measure: 'orders',
  window: '1d',
  version,
  dimensions: ['region'],
  provisional_while: null,
  interval: null,
  record: { everyMs: HOUR, by: ['region'] },
})
const catalogOf = (...indicators: Array<ReturnType<typeof indicator>>): Catalog =>
  ({
    timezone: 'UTC',
    fiscalYearStart: '01-01',
    measures: new Map([['orders', measure]]),
    derivedMeasures: new Map(),
    indicators: new Map(indicators.map(each => [each.id, each])),
  }) as unknown as Catalog

/** What there is, and what the recorder did. */
interface Shop {
  now: number
  watermark: number
  firstEvent: number
  regions: string[]
  orders: number
  failing: KiviError | null
  late: LateSpan[]
  points: Point[]
  told: string[]
  commits: number
}
let shop: Shop

beforeEach(() => {
  shop = {
    now: NOON + 60_000,
    watermark: NOON + 30_000,
    firstEvent: NOON - 4 * HOUR,
    regions: ['north'],
    orders: 3,
    failing: null,
    late: [],
    points: [],
    told: [],
    commits: 0,
  }
})

const source: MeasureSource = {
  read: async (_, questions) => {
    if (shop.failing !== null) throw shop.failing
    return questions.map(cellsOf)
  },
  progress: async () => [
    {
      topic: 'events',
      partition: 0,
      position: 1,
      high: 1,
      watermark: shop.watermark,
      idleSince: null,
      at: shop.now,
      worker: 'w',
    },
  ],
  derived: async () => ({ version: '', watermark: Number.POSITIVE_INFINITY, at: null }),
  clusters: async () => null,
}

function cellsOf({ ranges, by }: MeasureQuestion): SliceCell[] {
  const groups = by.length === 0 ? [[]] : shop.regions.map(region => [region])
  const parts = { count: shop.orders, sum: 0n, min: 0, max: 0, late: 0, distinct: 0, buckets: new Map() }
  return ranges.flatMap((_, range) => groups.map(group => ({ range, measure: 'orders', group, parts })))
}

const store: PointStore = {
  write: async points => void shop.points.push(...points),
  read: async ({ indicator, version, by, from, to }) =>
    newest(
      shop.points.filter(
        p =>
          p.indicator === indicator && p.version === version && p.to >= from && p.to < to && p.by.length === by.length,
      ),
    ),
  ends: async since => newest(shop.points.filter(point => point.by.length === 0 && point.to >= since)),
}

const newest = (points: readonly Point[]): Point[] => {
  const last = new Map(
    points.map(point => [JSON.stringify([point.indicator, point.version, point.to, point.group]), point]),
  )
  return [...last.values()].sort((a, b) => a.to - b.to)
}

/** A new evaluator. */
function recorder(budgetMs = 10_000) {
  const events = {
    since: async (reader: string) => ({
      spans: reader === 'points:young' ? shop.late : [],
      commit: async () => {
        if (reader === 'points:young') {
          shop.commits++
          shop.late = []
        }
      },
    }),
  }
  return createRecorder({
    source,
    points: store,
    firstEvent: async () => shop.firstEvent,
    late: createLateChecks({ events, youngEveryMs: 300_000, oldEveryMs: HOUR, now: () => shop.now }),
    retention: { tenSeconds: Infinity, quarterHour: Infinity, day: Infinity },
    watermark: { disorder: 30_000, idleAfter: 30_000 },
    budgetMs,
    now: () => shop.now,
    tell: {
      recorded: ({ indicator, why }) => shop.told.push(`${indicator} ${why}`),
      recordingFailed: ({ indicator, pauseMs }) => shop.told.push(`${indicator} failed, again in ${pauseMs}`),
      recordingLag: () => undefined,
      recordingBacklog: ({ jobs }) => shop.told.push(`left ${jobs}`),
    },
  })
}

const never = new AbortController().signal
const totals = () => shop.points.filter(({ by }) => by.length === 0).map(({ to }) => (to - NOON) / HOUR)

test('the newest instant first, then the missed ones; each with its groups, version and how far the data were', async () => {
  await recorder().pass(catalogOf(indicator('orders')), never)
  expect(totals()).toEqual([0, -4, -3, -2, -1])
  const [group, total] = shop.points
  expect(total).toEqual({
    indicator: 'orders',
    version: 'v1',
    window: '1d',
    by: [],
    group: [],
    from: NOON - 24 * HOUR,
    to: NOON,
    value: 3,
    reason: null,
    n: 3,
    parts: { orders: 3 },
    interval: null,
    complete: true,
    provisional: false,
    provisionalUntil: null,
    known: NOON + 30_000,
    computedAt: shop.now,
  })
  expect(group).toEqual({ ...total, by: ['region'], group: ['north'] })
})

test('nothing is computed twice, by this evaluator or the next', async () => {
  const first = recorder()
  await first.pass(catalogOf(indicator('orders')), never)
  shop.told = []
  await first.pass(catalogOf(indicator('orders')), never)
  await recorder().pass(catalogOf(indicator('orders')), never)
  expect(shop.told).toEqual(['left 0', 'left 0'])
})

test('after an outage each pass computes what is due at once, and of the rest as much as there is time for', async () => {
  const none = recorder(-1)
  await none.pass(catalogOf(indicator('orders'), indicator('again')), never)
  expect(shop.told).toEqual(['orders due', 'again due', 'left 8'])
})

test('a changed definition is recorded anew; the old points stay as they are', async () => {
  await recorder().pass(catalogOf(indicator('orders')), never)
  shop.orders = 4
  await recorder().pass(catalogOf(indicator('orders', 'v2')), never)
  expect(shop.points.filter(({ by }) => by.length === 0).map(({ version, value }) => `${version} ${value}`)).toEqual([
    ...Array(5).fill('v1 3'),
    ...Array(5).fill('v2 4'),
  ])
})

test('late events change the points whose windows they fall into, once, and only those', async () => {
  const evaluator = recorder()
  await evaluator.pass(catalogOf(indicator('orders')), never)
  shop.points = shop.points.filter(({ to }) => to !== NOON - HOUR)
  shop.now += 600_000
  shop.late = [{ from: NOON - 3 * HOUR, to: NOON - 2 * HOUR }]
  shop.orders = 5
  shop.told = []
  await evaluator.pass(catalogOf(indicator('orders')), never)
  // the missed one is not late as well
  expect(shop.told).toEqual(['orders late', 'orders late', 'orders missed', 'left 0'])
  expect(newest(shop.points.filter(({ by }) => by.length === 0)).map(({ value }) => value)).toEqual([3, 3, 5, 5, 5])
  shop.told = []
  await evaluator.pass(catalogOf(indicator('orders')), never)
  expect(shop.told).toEqual(['left 0'])
  expect(shop.commits).toBe(2)
})

test('late events that could not all be dealt with are not forgotten', async () => {
  await recorder().pass(catalogOf(indicator('orders')), never)
  const commits = shop.commits
  shop.now += 600_000
  shop.late = [{ from: NOON - 3 * HOUR, to: NOON - 2 * HOUR }]
  await recorder(-1).pass(catalogOf(indicator('orders')), never)
  expect(shop.commits).toBe(commits)
  await recorder().pass(catalogOf(indicator('orders')), never)
  expect(shop.told.filter(line => line === 'orders late')).toHaveLength(3)
  expect(shop.commits).toBe(commits + 1)
})

test('a group that has nothing any more is said to have nothing', async () => {
  const evaluator = recorder()
  await evaluator.pass(catalogOf(indicator('orders')), never)
  shop.now += 600_000
  shop.late = [{ from: NOON - HOUR, to: NOON }]
  shop.regions = ['south']
  await evaluator.pass(catalogOf(indicator('orders')), never)
  const groups = newest(shop.points.filter(({ to, by }) => to === NOON && by.length === 1))
  expect(groups.map(({ group, value, reason }) => [group[0], value, reason])).toEqual([
    ['north', null, 'no_data'],
    ['south', 3, null],
  ])
})

test('an indicator that cannot be computed rests ever longer and does not hold up the others', async () => {
  const evaluator = recorder()
  shop.failing = new KiviError('question_too_large', 'too much')
  await evaluator.pass(catalogOf(indicator('orders'), indicator('again')), never)
  await evaluator.pass(catalogOf(indicator('orders')), never)
  shop.now += 10_000
  await evaluator.pass(catalogOf(indicator('orders')), never)
  expect(shop.told).toEqual([
    'orders failed, again in 10000',
    'again failed, again in 10000',
    'left 0',
    'left 0',
    'orders failed, again in 20000',
    'left 0',
  ])
})

test('a store that is away ends the pass', async () => {
  shop.failing = new KiviError('store_unreachable', 'away')
  await expect(recorder().pass(catalogOf(indicator('orders')), never)).rejects.toThrow('away')
})

test('before the first event there is nothing to record', async () => {
  shop.watermark = -1
  await recorder().pass(catalogOf(indicator('orders')), never)
  expect(shop.told).toEqual([])
})
