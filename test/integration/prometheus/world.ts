import { catalogOf, createQueryFixture, type Fields, type QueryFixture } from '../query/fixture.ts'

const KIVI_YAML = `
timezone: Europe/Berlin
currency: EUR
fiscal_year_start: 01-01
board: [ctr, clicks, net_revenue]
`
const CATALOG = `
measures:
  impressions: { event: impression, agg: count, dimensions: [campaign, channel, properties.policy] }
  clicks: { event: click, agg: count, dimensions: [channel, campaign, properties.policy] }
  revenue: { event: purchase, agg: sum, expr: amount, unit: money, dimensions: [campaign] }
  refunds: { event: refund, agg: sum, expr: amount, unit: money, dimensions: [campaign] }
  buyers: { event: purchase, agg: count_distinct, distinct: person, dimensions: [] }
indicators:
  ctr:
    label: { en: Click-through rate, zh: 点击率 }
    description: { en: 'Clicks per "impression": a \\\\ stays one.' }
    type: ratio
    numerator: clicks
    denominator: impressions
    unit: percent
    better: higher
    targets:
      - { value: 0.02, from: 2026-01-01, reason: business case }
  ctr_1h: { label: { en: CTR of an hour }, type: ratio, numerator: clicks, denominator: impressions, unit: percent, better: higher, window: 1h }
  net_revenue: { label: { en: Net revenue }, type: derived, expr: revenue - refunds, unit: money, better: higher, owner: growth }
  refunded: { label: { en: Refunded }, type: derived, expr: refunds / revenue, unit: percent, better: lower }
`

/** Events of a day and a bit: a campaign that begins late, one that goes on, and events without a campaign. */
export async function createPrometheusWorld(options: { readonly keys?: boolean } = {}): Promise<QueryFixture> {
  const kivi = await createQueryFixture(await catalogOf({ 'kivi.yaml': KIVI_YAML, 'measures.yaml': CATALOG }), {
    now: '2026-03-10T12:00:40Z',
    ...options,
  })
  const events: Fields[] = []
  for (let minute = 0; minute < 60 * 30; minute++) {
    const event_time = new Date(Date.parse('2026-03-09T06:00:00Z') + minute * 60_000).toISOString()
    const campaign = minute % 7 === 0 ? {} : { campaign: minute % 3 === 0 && minute > 900 ? 'summer' : 'spring' }
    const rest = { ...campaign, channel: minute % 2 === 0 ? 'web' : 'mail', properties: { policy: `p${minute % 2}` } }
    for (let count = 0; count <= ((minute * minute) % 7) + Math.floor(minute / 400); count++)
      events.push({ event_time, event_type: 'impression', ...rest })
    if (minute % 4 === 0) events.push({ event_time, event_type: 'click', ...rest })
    if (minute % 30 === 0)
      events.push({
        event_time,
        event_type: 'purchase',
        order_id: `o${minute}`,
        amount: 0.1 + minute / 100,
        user_id: `u${minute % 9}`,
        ...campaign,
      })
  }
  await kivi.insert(events)
  await kivi.watermark('2026-03-10T12:00:05.500Z')
  return kivi
}
