/** Indicators of every type over event measures, on slices in a real ClickHouse. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalogOf, createQueryFixture, type Fields, type QueryFixture } from './fixture.ts'

let kivi: QueryFixture

const CATALOG = `
measures:
  visitors: { event: page_view, agg: count_distinct, distinct: person, dimensions: [channel] }
  page_views: { event: page_view, agg: count, dimensions: [channel] }
  revenue: { event: purchase, agg: sum, expr: amount, unit: money, dimensions: [channel] }
  orders: { event: purchase, agg: count_distinct, distinct: order_id, dimensions: [channel] }
  shipping_costs: { event: cost, agg: sum, expr: amount, filter: "kind == 'shipping'", unit: money, dimensions: [] }
  csi_score: { event: survey, agg: mean, expr: score, filter: "survey == 'csi'", dimensions: [topic] }
  promoters: { event: survey, agg: count, filter: "survey == 'nps' && score >= 9", dimensions: [] }
  detractors: { event: survey, agg: count, filter: "survey == 'nps' && score <= 6", dimensions: [] }
  answers: { event: survey, agg: count, filter: "survey == 'nps'", dimensions: [] }
indicators:
  sales_growth: { label: { en: Growth }, type: growth, of: revenue, against: previous, unit: percent, better: higher,
    targets: [{ value: 0.1, from: 2026-01-01, per: month, reason: plan }] }
  yearly_growth: { label: { en: Growth in a year }, type: growth, of: revenue, against: year, unit: percent, better: higher }
  gained: { label: { en: Gained }, type: growth, of: revenue, against: previous, as: difference, unit: money, better: higher }
  channel_share: { label: { en: Share }, type: share, of: page_views, by: channel, unit: percent, better: higher }
  wau: { label: { en: WAU }, type: cumulative, of: visitors, days: 7, better: higher,
    targets: [{ value: 3, from: 2026-01-01, window: 7d, reason: plan }] }
  rolling_views: { label: { en: Views of two days }, type: cumulative, of: page_views, window: 2d, better: higher }
  month_to_date: { label: { en: To date }, type: cumulative, of: revenue, grain_to_date: month, unit: money, better: higher,
    targets: [{ value: 500, from: 2026-01-01, per: month, reason: plan }] }
  ever: { label: { en: Ever }, type: cumulative, of: revenue, ever: true, unit: money, better: higher }
  shipping: { label: { en: Shipping }, type: mean, of: shipping_costs, per: month, unit: money, better: lower }
  csi: { label: { en: CSI }, type: weighted, of: csi_score, by: topic, weights: { price: 2 }, better: higher }
  nps: { label: { en: NPS }, type: derived, expr: 100 * (promoters - detractors) / answers, better: higher,
    interval: nps, targets: [{ value: 50, from: 2026-01-01, reason: plan }] }
  daily_revenue: { label: { en: A day }, type: derived, expr: revenue / window_days, unit: money, better: higher,
    targets: [{ change: 0.2, baseline: 10, from: 2026-01-01, reason: a fifth more than last year }] }
  against_last_week: { label: { en: To last week }, type: derived, expr: revenue - last_week, unit: money, better: higher,
    offsets: { last_week: { of: revenue, against: week } } }
  buying_share: { label: { en: Buyers }, type: ratio, numerator: orders, denominator: visitors, unit: percent, better: higher,
    benchmarks: [{ label: { en: Shops }, value: 0.02, upper: 0.03, source: a survey of shops }], source: the business case }
`

const view = (event_time: string, user_id: string, channel = 'web'): Fields => ({
  event_time,
  event_type: 'page_view',
  user_id,
  channel,
})
const bought = (event_time: string, amount: number, channel = 'web'): Fields => ({
  event_time,
  event_type: 'purchase',
  order_id: event_time,
  amount,
  user_id: 'ann',
  channel,
})
const survey = (kind: string, score: number, topic = ''): Fields => ({
  event_time: '2026-03-05T10:00:00Z',
  event_type: 'survey',
  survey: kind,
  score,
  topic,
})

beforeAll(async () => {
  kivi = await createQueryFixture(
    await catalogOf({
      'kivi.yaml':
        'timezone: UTC\ncurrency: EUR\nfiscal_year_start: 01-01\nboard: [wau, month_to_date, sales_growth]\n',
      'measures.yaml': CATALOG,
    }),
    { now: '2026-03-10T12:00:40Z' },
  )
  await kivi.insert([
    bought('2025-03-05T10:00:00Z', 200),
    bought('2026-02-03T10:00:00Z', 100),
    bought('2026-02-20T10:00:00Z', 150, 'app'),
    bought('2026-03-03T10:00:00Z', 90),
    bought('2026-03-09T10:00:00Z', 60.5, 'app'),
    view('2026-03-03T10:00:00Z', 'ann'),
    view('2026-03-04T10:00:00Z', 'ann'),
    view('2026-03-04T11:00:00Z', 'bob', 'app'),
    view('2026-03-09T11:00:00Z', 'cid', 'app'),
    view('2026-03-09T11:30:00Z', 'cid', 'app'),
    { event_time: '2026-01-10T10:00:00Z', event_type: 'cost', kind: 'shipping', amount: 30 },
    { event_time: '2026-02-10T10:00:00Z', event_type: 'cost', kind: 'shipping', amount: 50 },
    { event_time: '2026-03-02T10:00:00Z', event_type: 'cost', kind: 'shipping', amount: 999 },
    survey('csi', 5, 'price'),
    survey('csi', 2, 'taste'),
    survey('csi', 4, 'taste'),
    ...[10, 9, 8, 6].map(score => survey('nps', score)),
  ])
  await kivi.watermark('2026-03-10T12:00:05Z')
})
afterAll(() => kivi?.close())

const value = async (id: string, query = '') => {
  const { status, body } = await kivi.get(`/v1/indicators/${id}/value${query}`)
  expect(body.detail ?? status).toBe(200)
  return body
}
const TO_THE_10TH = '?period=month&to=2026-03-10T00:00:00Z'

test('growth of a running month is against as much of the month before, and judged as provisional', async () => {
  expect(await value('sales_growth', TO_THE_10TH)).toMatchObject({
    value: 0.505,
    parts: { revenue: 150.5, previous: 100 },
    target: 0.1,
    attainment: null,
  })
  expect((await value('sales_growth', '?period=month&to=2026-03-01T00:00:00Z')).reason).toBe('previous_not_positive')
  expect((await value('yearly_growth', TO_THE_10TH)).value).toBe(-0.2475)
  expect((await value('gained', TO_THE_10TH)).value).toBe(50.5)
})

test('growth is told by group, and compared with the growth before', async () => {
  const { groups, previous } = await value('sales_growth', `${TO_THE_10TH}&by=channel&compare=previous`)
  expect(groups).toMatchObject([
    { by: { channel: 'web' }, value: -0.1 },
    // the app had sold nothing up to the 10th of February
    { by: { channel: 'app' }, value: null, reason: 'previous_not_positive' },
  ])
  expect(previous).toMatchObject({ from: '2026-02-01T00:00:00Z', to: '2026-02-10T00:00:00Z', value: null })
})

test('shares of all groups add up to one, whatever is asked for of them', async () => {
  const window = '?window=7d&to=2026-03-10T00:00:00Z'
  const { groups } = await value('channel_share', `${window}&by=channel`)
  expect(groups.map((group: { by: object; value: number }) => [group.by, group.value])).toEqual([
    [{ channel: 'app' }, 0.6],
    [{ channel: 'web' }, 0.4],
  ])
  expect((await value('channel_share', `${window}&filter=channel:web`)).value).toBe(0.4)
})

test('a cumulative indicator goes by its own length, and so does its target', async () => {
  const day = '?period=day&to=2026-03-10T00:00:00Z'
  expect(await value('wau', day)).toMatchObject({ value: 3, target: 3, status: 'on_track', parts: { visitors: 3 } })
  // the day’s own visitor and no more
  expect((await value('visitors', day)).value).toBe(1)
  expect((await value('rolling_views', '?window=1d&to=2026-03-05T00:00:00Z')).value).toBe(3)
  expect(await value('month_to_date', day)).toMatchObject({ value: 150.5, target: 500, status: 'provisional' })
  const february = await value('month_to_date', '?period=day&to=2026-03-01T00:00:00Z')
  expect(february).toMatchObject({ value: 250, status: 'off_track', attainment: 0.5 })
  expect((await value('ever', day)).value).toBe(600.5)
})

test('a series of a cumulative indicator tells at each step what it was then', async () => {
  const { body } = await kivi.get(
    '/v1/indicators/month_to_date/series?from=2026-02-01T00:00:00Z&to=2026-03-04T00:00:00Z&step=week',
  )
  expect(body.series[0].points.map((point: { value: number }) => point.value)).toEqual([0, 100, 100, 250, 0, 90])
})

test('a long series of windows that overlap is read at once, and one that is too long says so', async () => {
  const day = '/v1/indicators/rolling_views/series?to=2026-03-10T10:00:00Z'
  const { body } = await kivi.get(`${day}&from=2026-03-06T07:00:00Z&step=15m`)
  const { points } = body.series[0]
  expect(points).toHaveLength(396)
  expect(body.rolling).toBe('2d')
  // both views of the 9th, from the one’s quarter of an hour on
  expect(
    points.slice(300, 306).map((point: { t: string; value: number }) => [point.t.slice(5, 16), point.value]),
  ).toEqual([
    ['03-09T10:00', 0],
    ['03-09T10:15', 0],
    ['03-09T10:30', 0],
    ['03-09T10:45', 0],
    ['03-09T11:00', 1],
    ['03-09T11:15', 1],
  ])
  const tooMany = await kivi.get(`${day}&from=2026-03-05T07:00:00Z&step=15m`)
  expect([tooMany.status, tooMany.body.code]).toEqual([400, 'too_many_points'])
})

test('a mean is that of the complete months', async () => {
  const window = '?from=2026-01-01T00:00:00Z&to=2026-03-10T00:00:00Z'
  expect((await value('shipping', window)).value).toBe(40)
  expect(await value('shipping', '?window=7d')).toMatchObject({ value: null, reason: 'too_few' })
})

test('a weighted mean weighs groups, not answers', async () => {
  const window = '?window=30d&to=2026-03-10T00:00:00Z'
  expect(await value('csi', window)).toMatchObject({ value: expect.closeTo(13 / 3, 12), n: 3 })
  expect((await value('csi', `${window}&filter=topic:taste`)).value).toBe(3)
})

test('a net share has its interval, the answers as its n, and no attainment', async () => {
  const answer = await value('nps', '?window=30d&to=2026-03-10T00:00:00Z')
  expect(answer).toMatchObject({ value: 25, n: 4, attainment: null, status: 'off_track', parts: { promoters: 2 } })
  // (2.75 − 1.75) ÷ 7 ± 1.96 · √((4.5 ÷ 7 − (1 ÷ 7)²) ÷ 7)
  const half = 195.9963984540054 * Math.sqrt((4.5 / 7 - 1 / 49) / 7)
  expect(answer.interval).toEqual([expect.closeTo(100 / 7 - half, 9), expect.closeTo(100 / 7 + half, 9)])
})

test('an expression has the length of its window and the same a week before', async () => {
  expect((await value('daily_revenue', TO_THE_10TH)).value).toBeCloseTo(150.5 / 9, 12)
  const week = '?from=2026-03-09T00:00:00Z&to=2026-03-11T00:00:00Z'
  expect(await value('against_last_week', week)).toMatchObject({
    value: -29.5,
    parts: { revenue: 60.5, last_week: 90 },
  })
})

test('the board shows every type, with a spark line of whole windows where the length matters', async () => {
  const { body } = await kivi.get('/v1/board')
  expect(body.indicators.map((item: { id: string }) => item.id)).toEqual(['wau', 'month_to_date', 'sales_growth'])
  const [wau] = body.indicators
  expect(wau).toMatchObject({ value: 3, provisional: false })
  expect(wau.spark.every((point: number) => point === 3 || point === 2)).toBe(true)
})

test('an indicator’s page tells its formula, measures, benchmarks and where it comes from', async () => {
  const { body } = await kivi.get('/v1/indicators/buying_share')
  expect(body).toMatchObject({
    type: 'ratio',
    formula: 'orders / visitors',
    source: 'the business case',
    benchmarks: [{ label: { en: 'Shops', zh: 'Shops' }, value: 0.02, upper: 0.03, source: 'a survey of shops' }],
    measures: [
      { id: 'visitors', kind: 'event', distinct: 'person', events: ['page_view'] },
      { id: 'orders', kind: 'event', distinct: 'order_id' },
    ],
  })
  // a target that was told as a change says from what
  expect((await kivi.get('/v1/indicators/daily_revenue')).body.targets).toMatchObject([
    { value: 12, baseline: { change: 0.2, value: 10 } },
  ])
  const formula = async (id: string) => (await kivi.get(`/v1/indicators/${id}`)).body.formula
  expect(await formula('sales_growth')).toBe('revenue / (revenue in the period before) - 1')
  expect(await formula('wau')).toBe('visitors in the 7 local days that end with the window’s last')
  expect(await formula('csi')).toBe('mean of csi_score over topic, weighted price 2, others 1')
  expect(await formula('against_last_week')).toBe('revenue - last_week; last_week: revenue a week before')
})

test('as of an instant before the window’s end nothing can be told', async () => {
  const { status, body } = await kivi.get(
    '/v1/indicators/revenue/value?to=2026-03-10T00:00:00Z&as_of=2026-03-09T00:00:00Z',
  )
  expect([status, body.code, body.parameter]).toEqual([400, 'invalid_parameter', 'as_of'])
  const then = await value('revenue', '?window=1d&as_of=2026-03-10T00:00:00Z')
  expect(then).toMatchObject({
    to: '2026-03-10T00:00:00Z',
    value: 60.5,
    watermark: '2026-03-10T00:00:00Z',
    complete: true,
  })
})
