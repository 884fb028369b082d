import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalogOf, createQueryFixture, type QueryFixture } from './fixture.ts'

let kivi: QueryFixture

const KIVI_YAML = `
timezone: UTC
currency: EUR
fiscal_year_start: 01-01
board: [ctr, purchases]
`
const CATALOG = `
measures:
  impressions: { event: impression, agg: count, dimensions: [campaign, channel] }
  clicks: { event: click, agg: count, dimensions: [channel, campaign] }
  purchases: { event: purchase, agg: count_distinct, distinct: order_id, dimensions: [campaign] }
  revenue: { event: purchase, agg: sum, expr: amount, unit: money, dimensions: [campaign] }
indicators:
  ctr:
    label: { en: Click-through rate, zh: 点击率 }
    type: ratio
    numerator: clicks
    denominator: impressions
    unit: percent
    better: higher
    targets: [{ value: 0.02, from: 2026-01-01, reason: business case }]
`

beforeAll(async () => {
  kivi = await createQueryFixture(await catalogOf({ 'kivi.yaml': KIVI_YAML, 'measures.yaml': CATALOG }), {
    now: '2026-03-10T12:00:40Z',
  })
  const at = (time: string, event_type: string, rest: object) => ({
    event_time: `2026-03-10T${time}Z`,
    event_type,
    ...rest,
  })
  await kivi.insert([
    ...Array.from({ length: 50 }, (_, i) =>
      at(`10:00:${String(i).padStart(2, '0')}`, 'impression', { campaign: 'spring', channel: 'web' }),
    ),
    at('10:00:30', 'click', { campaign: 'spring', channel: 'web' }),
    ...Array.from({ length: 10 }, () => at('11:59:59', 'impression', { campaign: 'summer', channel: 'mail' })),
    at('11:59:59.999', 'click', { campaign: 'summer', channel: 'mail' }),
    at('12:00:00', 'click', { campaign: 'summer', channel: 'mail' }),
    at('09:00:00', 'purchase', { campaign: 'spring', order_id: 'a', amount: 0.1 }),
    at('09:00:01', 'purchase', { campaign: 'spring', order_id: 'a', amount: 0.2 }),
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
