/** Values that the evaluator recorded are answered as they were recorded; what was not is computed. */
import type { Point, PointStore } from '@kivi/domain'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { catalogOf, createQueryFixture, HOUR, type QueryFixture } from './fixture.ts'

let kivi: QueryFixture
let recorded: Point[] = []
let stored: Partial<Point>

const points: PointStore = {
  write: async () => undefined,
  ends: async () => [],
  read: async question =>
    recorded.filter(
      point =>
        point.indicator === question.indicator &&
        point.version === question.version &&
        point.window === question.window &&
        point.to >= question.from &&
        point.to < question.to,
    ),
}
const point = (to: string, value: number, rest: Partial<Point> = {}): Point => ({
  indicator: 'monthly_visitors',
  version: '',
  window: '720h',
  by: [],
  group: [],
  from: Date.parse(to) - 720 * HOUR,
  to: Date.parse(to),
  value,
  reason: null,
  n: value,
  parts: { visitors: value },
  interval: null,
  complete: true,
  provisional: false,
  provisionalUntil: null,
  known: Date.parse(to),
  computedAt: Date.parse(to) + 5000,
  ...stored,
  ...rest,
})

beforeAll(async () => {
  const catalog = await catalogOf({
    'kivi.yaml': 'timezone: UTC\ncurrency: EUR\nfiscal_year_start: 01-01\nboard: [monthly_visitors]\n',
    'measures.yaml': `
measures:
  visitors: { event: page_view, agg: count_distinct, distinct: person, dimensions: [channel] }
indicators:
  monthly_visitors: { label: { en: Visitors }, type: simple, measure: visitors, better: higher, window: 720h, rolling: true,
    record: { every: 1h }, targets: [{ value: 100, from: 2026-01-01, window: 30d, reason: plan }] }
`,
  })
  stored = { version: catalog.indicators.get('monthly_visitors')!.version }
  kivi = await createQueryFixture(catalog, { now: '2026-03-10T12:00:40Z', points })
  await kivi.insert([
    { event_time: '2026-03-01T10:00:00Z', event_type: 'page_view', user_id: 'ann', channel: 'web' },
    { event_time: '2026-03-02T10:00:00Z', event_type: 'page_view', user_id: 'bob', channel: 'app' },
  ])
  await kivi.watermark('2026-03-10T12:00:05Z')
})
afterAll(() => kivi?.close())
// answers are kept while the data do not change: they have to
let changes = 0
const change = () => kivi.watermark(new Date(Date.parse('2026-03-10T12:00:05Z') + 100 * ++changes).toISOString())
beforeEach(change)

const value = async (query = '') => (await kivi.get(`/v1/indicators/monthly_visitors/value${query}`)).body

test('without a point everything is computed', async () => {
  const answer = await value()
  expect(answer).toMatchObject({ value: 2, to: '2026-03-10T12:00:00Z' })
  expect(answer).not.toHaveProperty('recorded_at')
})

test('a value that was recorded a moment ago is the answer, judged by the targets of now', async () => {
  recorded = [point('2026-03-10T11:00:00Z', 120)]
  expect(await value()).toMatchObject({
    to: '2026-03-10T11:00:00Z',
    value: 120,
    target: 100,
    status: 'on_track',
    recorded_at: '2026-03-10T11:00:05Z',
    watermark: '2026-03-10T11:00:00Z',
    complete: true,
  })
  const board = (await kivi.get('/v1/board')).body
  expect(board.indicators).toMatchObject([{ value: 120, recorded_at: '2026-03-10T11:00:05Z' }])
})

test('a series takes the points that there are and computes the others', async () => {
  recorded = [point('2026-03-09T00:00:00Z', 110), point('2026-03-10T00:00:00Z', 115)]
  const { body } = await kivi.get(
    '/v1/indicators/monthly_visitors/series?from=2026-03-07T00:00:00Z&to=2026-03-10T00:00:00Z&step=day',
  )
  // asked for bounds, each day's point is of the indicator's own window
  expect(body.rolling).toBe('30d')
  expect(body.series[0].points.map((one: { value: number }) => one.value)).toEqual([2, 110, 115])
})

test.each<[string, Partial<Point>, string]>([
  ['of an older definition', { version: 'older' }, ''],
  ['of another window', { window: '7d' }, ''],
  ['that is too old for its schedule', { to: Date.parse('2026-03-10T09:00:00Z') }, ''],
  ['of all, where groups are asked for', {}, '?filter=channel:web'],
  ['that was not complete', { complete: false, known: Date.parse('2026-03-10T10:50:00Z') }, ''],
])('a point %s is not taken', async (_, rest, query) => {
  recorded = [point('2026-03-10T11:00:00Z', 120, rest)]
  expect((await value(query)).value).toBeLessThan(3)
})

test('a point that waited for a follow-up which has ended since is computed anew', async () => {
  const waiting = { provisional: true, provisionalUntil: Date.parse('2026-03-10T11:30:00Z') }
  recorded = [point('2026-03-10T11:00:00Z', 120, waiting)]
  expect(await value()).toMatchObject({ value: 2, provisional: false })
  const ahead = { provisional: true, provisionalUntil: Date.parse('2026-03-12T00:00:00Z') }
  await change()
  recorded = [point('2026-03-10T11:00:00Z', 120, ahead)]
  expect(await value()).toMatchObject({
    value: 120,
    provisional_until: '2026-03-12T00:00:00Z',
    status: 'provisional',
  })
})
