import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalogOf, createQueryFixture, type Fields, type QueryFixture } from './fixture.ts'

let kivi: QueryFixture

const KIVI_YAML = `
timezone: Europe/Berlin
currency: EUR
fiscal_year_start: 01-01
board: [ctr, purchases]
`
const CATALOG = `
measures:
  impressions: { event: impression, agg: count, dimensions: [campaign, channel] }
  clicks: { event: click, agg: count, dimensions: [channel, campaign] }
  purchases: { event: purchase, agg: count_distinct, distinct: order_id, dimensions: [campaign] }
  customers: { event: purchase, agg: count_distinct, distinct: person, dimensions: [campaign] }
  revenue: { event: purchase, agg: sum, expr: amount, unit: money, dimensions: [campaign] }
  refunds: { event: refund, agg: sum, expr: amount, unit: money, dimensions: [campaign] }
  score: { event: survey, agg: mean, expr: score, dimensions: [] }
  smallest: { event: purchase, agg: min, expr: amount, dimensions: [] }
  largest: { event: purchase, agg: max, expr: amount, dimensions: [] }
  amounts: { event: purchase, agg: quantile, quantile: 0.5, expr: amount, dimensions: [] }
indicators:
  ctr:
    label: { en: Click-through rate, zh: 点击率 }
    type: ratio
    numerator: clicks
    denominator: impressions
    unit: percent
    better: higher
    targets:
      - { value: 0.02, from: 2026-01-01, reason: business case }
      - { value: 0.2, from: 2026-01-01, by: { campaign: summer }, reason: summer is short }
  net_revenue: { label: { en: Net revenue }, type: derived, expr: revenue - refunds, unit: money, better: higher }
  refunded: { label: { en: Refunded }, type: derived, expr: refunds / revenue, unit: percent, better: lower }
`

const at = (event_time: string, event_type: string, rest: object = {}): Fields => ({ event_time, event_type, ...rest })
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i))

beforeAll(async () => {
  kivi = await createQueryFixture(await catalogOf({ 'kivi.yaml': KIVI_YAML, 'measures.yaml': CATALOG }), {
    now: '2026-03-10T12:00:40Z',
  })
  const spring = { campaign: 'spring', channel: 'web' }
  const summer = { campaign: 'summer', channel: 'mail' }
  await kivi.insert([
    ...times(50, i => at(`2026-03-10T10:00:${String(i).padStart(2, '0')}Z`, 'impression', spring)),
    at('2026-03-10T10:00:30Z', 'click', spring),
    ...times(10, () => at('2026-03-10T11:59:59Z', 'impression', summer)),
    at('2026-03-10T11:59:59.999Z', 'click', summer),
    // outside the half-open window that ends at 12:00:00
    at('2026-03-10T12:00:00Z', 'click', summer),
    at('2026-03-09T12:00:00Z', 'purchase', { campaign: 'spring', order_id: 'a', amount: 0.1, user_id: 'ann' }),
    at('2026-03-09T12:00:01Z', 'purchase', { campaign: 'spring', order_id: 'a', amount: 0.2, user_id: 'ann' }),
    at('2026-03-10T09:00:00Z', 'purchase', { campaign: 'a,b:c%', order_id: 'b', amount: 9_999_999.99, user_id: 'ann' }),
    at('2026-03-08T11:00:00Z', 'purchase', { order_id: 'c', amount: 100, user_id: 'ben' }),
    at('2026-03-10T09:00:00Z', 'refund', { campaign: 'spring', amount: 0.3 }),
    at('2026-03-10T09:00:00Z', 'survey', { survey: 'rating', score: 4 }),
    at('2026-03-10T09:00:00Z', 'survey', { survey: 'rating', score: 5 }),
    // by the clock of Berlin still the 7th of January, in UTC too; and a month later the 10th
    ...times(300, i =>
      at('2026-01-07T22:30:00Z', 'purchase', { order_id: `j${i}`, amount: 1, user_id: `p${i % 250}` }),
    ),
    ...times(300, i =>
      at('2026-01-07T23:30:00Z', 'purchase', { order_id: `k${i}`, amount: 1, user_id: `p${i % 250}` }),
    ),
  ])
  await kivi.watermark('2026-03-10T12:00:05.500Z')
})
afterAll(() => kivi?.close())

test('a ratio divides what the window holds, and says how complete it is', async () => {
  const { status, body } = await kivi.get('/v1/indicators/ctr/value')
  expect(status).toBe(200)
  expect(body).toMatchObject({
    indicator: 'ctr',
    from: '2026-03-09T12:00:00Z',
    to: '2026-03-10T12:00:00Z',
    value: 2 / 60,
    parts: { clicks: 2, impressions: 60 },
    n: 60,
    target: 0.02,
    status: 'on_track',
    complete: true,
    watermark: '2026-03-10T12:00:05.500Z',
    revised: false,
  })
})

test('measures of each kind have their value from merged slices', async () => {
  const value = async (id: string) => (await kivi.get(`/v1/indicators/${id}/value`)).body
  expect(await value('purchases')).toMatchObject({ value: 2, n: 2, parts: { purchases: 2 } })
  expect(await value('customers')).toMatchObject({ value: 1 })
  // 0.1 + 0.2 + 9999999.99 in doubles is 10000000.290000001
  expect(await value('revenue')).toMatchObject({ value: 10_000_000.29, n: 3 })
  expect(await value('score')).toMatchObject({ value: 4.5, parts: { sum: 9, count: 2 }, n: 2 })
  expect(await value('smallest')).toMatchObject({ value: 0.1 })
  expect(await value('largest')).toMatchObject({ value: 9_999_999.99 })
  expect((await value('amounts')).value).toBeCloseTo(0.2, 2)
  expect(await value('net_revenue')).toMatchObject({ value: 9_999_999.99, n: 1 })
})

test('a zero denominator and a window without data are null with their reason', async () => {
  const window = 'from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z'
  expect((await kivi.get(`/v1/indicators/ctr/value?${window}`)).body).toMatchObject({
    value: null,
    reason: 'zero_denominator',
    status: 'no_data',
    attainment: null,
    n: 0,
  })
  expect((await kivi.get(`/v1/indicators/refunded/value?${window}`)).body).toMatchObject({ reason: 'zero_denominator' })
  expect((await kivi.get(`/v1/indicators/score/value?${window}`)).body).toMatchObject({
    value: null,
    reason: 'no_data',
  })
  // nothing happened, and that is known
  expect((await kivi.get(`/v1/indicators/purchases/value?${window}`)).body).toMatchObject({ value: 0 })
  // nothing is known of tomorrow
  const future = 'from=2026-03-11T00:00:00Z&to=2026-03-12T00:00:00Z'
  expect((await kivi.get(`/v1/indicators/purchases/value?${future}`)).body).toMatchObject({
    value: null,
    reason: 'no_data',
    complete: false,
  })
})

test('groups come largest first, each judged by the target for it', async () => {
  const { body } = await kivi.get('/v1/indicators/ctr/value?by=campaign,channel')
  expect(body.groups).toMatchObject([
    { by: { campaign: 'spring', channel: 'web' }, value: 0.02, n: 50, target: 0.02, status: 'on_track' },
    {
      by: { campaign: 'summer', channel: 'mail' },
      value: 0.1,
      n: 10,
      target: 0.2,
      status: 'off_track',
      attainment: 0.5,
    },
  ])
  expect(body.truncated).toBe(false)
  const one = await kivi.get('/v1/indicators/ctr/value?by=campaign&order=value&limit=1')
  expect(one.body).toMatchObject({ groups: [{ by: { campaign: 'summer' } }], truncated: true })
})

test('filters hold together, their values alternatively, and a value may hold any character', async () => {
  const value = async (query: string) => (await kivi.get(`/v1/indicators/${query}`)).body.value
  expect(await value('impressions/value?filter=campaign:spring,summer')).toBe(60)
  expect(await value('impressions/value?filter=campaign:spring,summer&filter=channel:mail')).toBe(10)
  expect(await value('impressions/value?filter=campaign:spring&filter=channel:mail')).toBe(0)
  const odd = encodeURIComponent(`campaign:${encodeURIComponent('a,b:c%')}`)
  expect(await value(`purchases/value?filter=${odd}`)).toBe(1)
  // bound, never pasted into the statement
  expect(await value(`purchases/value?filter=${encodeURIComponent("campaign:' OR 1 = 1 --")}`)).toBe(0)
  // events without the dimension are the group ''
  expect(await value('purchases/value?window=3d&filter=campaign:')).toBe(1)
})

test('persons of whole local days are counted exactly, also over several days', async () => {
  const value = async (query: string) => (await kivi.get(`/v1/indicators/customers/value?${query}`)).body
  // 22:30 UTC is the 7th in Berlin, 23:30 UTC the 8th
  expect((await value('period=day&to=2026-01-07T23:00:00Z')).value).toBe(250)
  expect((await value('from=2026-01-06T23:00:00Z&to=2026-01-08T23:00:00Z')).value).toBe(250)
  expect(await value('period=month&to=2026-01-31T23:00:00Z')).toMatchObject({
    from: '2025-12-31T23:00:00Z',
    to: '2026-01-31T23:00:00Z',
    value: 250,
  })
})

test('comparison gives the window before, a week or a year ago, and the change', async () => {
  const { body } = await kivi.get('/v1/indicators/purchases/value?window=1d&compare=previous')
  expect(body.previous).toEqual({ from: '2026-03-08T12:00:00Z', to: '2026-03-09T12:00:00Z', value: 0, change: null })
  const day = await kivi.get('/v1/indicators/revenue/value?period=day&compare=previous')
  expect(day.body).toMatchObject({
    from: '2026-03-09T23:00:00Z',
    to: '2026-03-10T12:00:50Z',
    // the same elapsed part of yesterday
    previous: { from: '2026-03-08T23:00:00Z', to: '2026-03-09T12:00:50Z', value: 0.3 },
  })
  expect(day.body.previous.change).toBeCloseTo((9_999_999.99 - 0.3) / 0.3, 6)
  const year = await kivi.get('/v1/indicators/revenue/value?window=1d&compare=year')
  expect(year.body.previous).toMatchObject({ to: '2025-03-10T12:00:00Z', value: 0 })
})

test('late events make a complete answer revised', async () => {
  const window = 'from=2026-03-10T06:00:00Z&to=2026-03-10T07:00:00Z'
  const path = `/v1/indicators/refunds/value?${window}`
  expect((await kivi.get(path)).body).toMatchObject({ value: 0, revised: false })
  await kivi.insert([at('2026-03-10T06:30:00Z', 'refund', { amount: 5 })], { watermarkBefore: '2026-03-10T11:00:00Z' })
  await kivi.watermark('2026-03-10T12:00:06Z')
  expect((await kivi.get(path)).body).toMatchObject({ value: 5, complete: true, revised: true })
})

test('a series has a point a step, and calendar steps follow the zone', async () => {
  const { body } = await kivi.get(
    '/v1/indicators/purchases/series?from=2026-03-08T23:00:00Z&to=2026-03-10T12:00:00Z&step=day',
  )
  expect(body).toMatchObject({
    step: 'day',
    series: [
      {
        by: {},
        points: [
          { t: '2026-03-08T23:00:00Z', value: 1, complete: true, revised: false },
          { t: '2026-03-09T23:00:00Z', value: 1, complete: true },
        ],
      },
    ],
  })
  const grouped = await kivi.get('/v1/indicators/ctr/series?window=3h&step=1h&by=campaign')
  expect(grouped.body.series.map((s: { by: object }) => s.by)).toEqual([{ campaign: 'spring' }, { campaign: 'summer' }])
  expect(grouped.body.series[0].points).toMatchObject([
    { t: '2026-03-10T09:00:00Z', value: null, target: 0.02 },
    { t: '2026-03-10T10:00:00Z', value: 0.02, n: 50, interval: null },
    { t: '2026-03-10T11:00:00Z', value: null },
  ])
})

test('the board has its indicators in their order from one statement', async () => {
  const before = kivi.reads()
  const { body } = await kivi.get('/v1/board')
  expect(kivi.reads() - before).toBe(1)
  expect(body.indicators.map((item: { id: string }) => item.id)).toEqual(['ctr', 'purchases'])
  expect(body.indicators[0]).toMatchObject({ value: 2 / 60, target: 0.02, status: 'on_track', complete: true })
  expect(body.indicators[0].spark).toHaveLength(24)
})
