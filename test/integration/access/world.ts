/** A company with two owners and two regions, and keys of every kind. */
import { createKeyStore } from '@kivi/clickhouse'
import type { Role, Scope } from '@kivi/domain'
import { createKey } from '@kivi/service-kit'
import { catalogOf, createQueryFixture, type Fields, injected, type QueryFixture } from '../query/fixture.ts'

const NOW = '2026-06-01T06:00:40Z'

const CATALOG = {
  'kivi.yaml': `
timezone: UTC
currency: EUR
north_star: [{ indicators: [support_cost], from: 2026-01-01, reason: north_star_secret }]
board: [turnover, click_rate, support_cost]
`,
  'shop.yaml': `
measures:
  impressions: { event: impression, agg: count, dimensions: [region, campaign] }
  clicks: { event: click, agg: count, dimensions: [region, campaign] }
  revenue: { event: purchase, agg: sum, expr: amount, unit: money, dimensions: [region] }
  costs: { event: cost, agg: sum, expr: amount, unit: money, dimensions: [] }
  market_size: { reference: market_size, take: end }
indicators:
  turnover:
    label: Turnover
    type: derived
    expr: revenue
    unit: money
    better: higher
    owner: growth
    targets:
      - { value: 70001, per: day, from: 2026-01-01, reason: total_secret }
      - { value: 300, per: day, by: { region: north }, from: 2026-01-01, reason: north }
      - { value: 70002, per: day, by: { region: south }, from: 2026-01-01, reason: south_secret }
  click_rate:
    { label: Click-through, type: ratio, numerator: clicks, denominator: impressions, better: higher, owner: growth, parent: turnover }
  support_cost: { label: support_secret, type: derived, expr: costs, unit: money, better: lower, owner: support, parent: turnover }
references:
  market_size: { label: Market, unit: count, kind: level, dimensions: [] }
entities:
  person: { key: person, fields: { purchases: { event: purchase, agg: list, expr: amount } } }
funnels:
  checkout: { within: 1d, dimensions: [region], steps: [{ name: cart, event: cart }, { name: order, event: purchase }] }
  plain: { within: 1d, dimensions: [], steps: [{ name: cart, event: cart }, { name: order, event: purchase }] }
segments:
  value: { entity: person, value: sum(purchases), measured: 'sum(purchases, window_start, window_end)',
    limits: { high: 100, low: 0 }, shares: { high: 0.5, low: 0.5 } }
`,
  'digests.yaml': `
digests:
  - digest: everything
    title: Everything
    every: month
    indicators: [{ north_star: true }, { indicator: turnover, by: region }, { indicator: click_rate, by: campaign }, support_cost, costs]
  - { digest: care, title: support_secret, every: day, indicators: [support_cost] }
`,
}

const event = (type: string, fields: Omit<Fields, 'event_time'> & { event_time?: string }): Fields => ({
  event_type: type,
  event_time: '2026-05-31T12:00:00Z',
  ...fields,
})

export async function createWorld(options: Omit<Parameters<typeof createQueryFixture>[1], 'now'> = {}): Promise<World> {
  const kivi = await createQueryFixture(await catalogOf(CATALOG), {
    now: NOW,
    keys: true,
    freshnessMs: 500,
    ...options,
  })
  await kivi.insert([
    event('purchase', { amount: 123, region: 'north' }),
    event('purchase', { amount: 88888, region: 'south' }),
    event('cost', { amount: 77777 }),
    event('impression', { region: 'north', campaign: 'a' }),
    event('impression', { region: 'north', campaign: 'b' }),
    event('click', { region: 'north', campaign: 'a' }),
    event('impression', { region: 'south', campaign: 'campaign_of_the_south_secret' }),
    event('click', { region: 'south', campaign: 'campaign_of_the_south_secret' }),
  ])
  await kivi.watermark('2026-06-01T06:00:10Z')
  const store = createKeyStore(kivi.clickhouse)
  return {
    kivi,
    store,
    async key(roles, scope = null, name = 'ann') {
      const { secret, key } = createKey({ name, roles, scope }, Date.parse(NOW))
      await store.add(key)
      return { secret, key }
    },
    async ask(secret, url, method = 'GET', body) {
      const response = await injected(kivi.service.app, {
        method,
        url,
        headers: {
          ...(secret === null ? {} : { authorization: `Bearer ${secret}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      })
      const json = String(response.headers['content-type'] ?? '').includes('json')
      return {
        status: response.statusCode,
        text: response.body,
        headers: response.headers as Record<string, string | undefined>,
        body: json && response.body !== '' ? response.json() : undefined,
      }
    },
  }
}

export interface World {
  readonly kivi: QueryFixture
  readonly store: ReturnType<typeof createKeyStore>
  key(roles: readonly Role[], scope?: Scope | null, name?: string): Promise<ReturnType<typeof createKey>>
  ask(
    secret: string | null,
    path: string,
    method?: 'GET' | 'PUT' | 'POST' | 'HEAD' | 'DELETE',
    body?: unknown,
  ): Promise<{
    status: number
    text: string
    headers: Record<string, string | undefined>
    // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
    body: any
  }>
}
