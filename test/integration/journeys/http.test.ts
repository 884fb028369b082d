import { createMeasureSource, createSliceReader } from '@kivi/clickhouse'
import { type Catalog, createZone, sumToNumber } from '@kivi/domain'
import { createQueryService, type QueryService } from '@kivi/query-service'
import { createLogger, createTelemetry } from '@kivi/service-kit'
import { Ajv } from 'ajv'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as schemas from '../../../services/query-service/src/analyses/schemas.ts'
import type { SentEvent } from '../../support/derived-store.ts'
import { catalogOf } from '../query/fixture.ts'
import { createJourneyStore, type JourneyStore } from './fixture.ts'

const DAY = 86_400_000
const NOW = Date.parse('2026-03-20T12:00:00Z')
const FILES = {
  'kivi.yaml': `
timezone: UTC
currency: EUR
identity: { link: '*' }
active: { events: [page_view, purchase] }
`,
  'people.yaml': `
entities:
  person:
    key: person
    fields:
      active: { event: active, agg: list }
      purchases: { event: purchase, agg: list, expr: amount }
      signed_up: { event: signup, agg: min, expr: event_time }
      region: { event: signup, agg: first, expr: region }
  order: { key: order_id, event: purchase, fields: { ordered: { agg: min, expr: event_time } } }
funnels:
  checkout:
    label: { en: Checkout, zh: 结账 }
    within: 2d
    dimensions: [channel]
    steps:
      - { name: cart, event: cart, filter: action == 'added' }
      - { name: checkout, label: { en: Pays }, event: checkout }
      - { name: bought, event: purchase }
segments:
  value:
    entity: person
    value: sum(purchases)
    measured: sum(purchases, window_start, window_end)
    limits: { high: 100, low: 0 }
    shares: { high: 0.5, low: 0.5 }
`,
}

let store: JourneyStore
let service: QueryService
let catalog: Catalog

beforeAll(async () => {
  catalog = await catalogOf(FILES)
  store = await createJourneyStore(catalog)
  const zone = createZone('UTC')
  service = await createQueryService({
    catalog: () => catalog,
    source: createMeasureSource({
      clickhouse: store.clickhouse,
      slices: createSliceReader(store.clickhouse, { zone: () => zone }),
    }),
    // as far as the events are known: the derived tables are
    journeys: { ...store.journeys, progress: async () => ({ version: '', watermark: NOW, at: NOW }) },
    rawRetentionMs: 400 * DAY,
    telemetry: createTelemetry(createLogger({ service: 'query-service', level: 'silent' }), { defaults: false }),
    http: { host: '127.0.0.1', port: 0 },
    retention: { tenSeconds: 7 * DAY, quarterHour: 400 * DAY, day: Number.POSITIVE_INFINITY },
    disorderMs: 30_000,
    idleAfterMs: 30_000,
    freshnessMs: 0,
    now: () => NOW,
  })
  await store.send(history())
  await store.clickhouse.command(
    `INSERT INTO partitions (topic, partition, position, high, watermark, at, worker) VALUES
     ('events', 0, 1, 1, ${NOW}, fromUnixTimestamp64Milli(${NOW}, 'UTC'), 'test')`,
  )
})
afterAll(async () => {
  await service?.stop()
  await store?.[Symbol.asyncDispose]()
})

function history(): SentEvent[] {
  const at = (text: string) => Date.parse(text)
  const cart = (who: string, time: string, channel: string): SentEvent => ({
    event_type: 'cart',
    event_time: at(time),
    action: 'added',
    user_id: who,
    channel,
  })
  const event = (event_type: string, who: string, time: string, rest: object = {}): SentEvent => ({
    event_type,
    event_time: at(time),
    user_id: who,
    ...rest,
  })
  return [
    ...['a', 'b', 'c', 'd'].map(who => cart(who, '2026-03-10T10:00:00Z', 'web')),
    cart('e', '2026-03-10T10:00:00Z', 'app'),
    ...['a', 'b', 'e'].map(who => event('checkout', who, '2026-03-10T10:01:00Z', { action: 'started' })),
    event('purchase', 'a', '2026-03-10T10:03:00Z', { amount: 120, order_id: 'o1' }),
    event('purchase', 'e', '2026-03-12T09:59:00Z', { amount: 10.5, order_id: 'o2' }),
    // months of a first purchase
    event('purchase', 'x', '2026-01-31T12:00:00Z', { amount: 5, order_id: 'o3' }),
    event('purchase', 'x', '2026-03-01T12:00:00Z', { amount: 200, order_id: 'o4' }),
    event('purchase', 'y', '2026-02-28T12:00:00Z', { amount: 7, order_id: 'o5' }),
    event('purchase', 'y', '2026-03-15T12:00:00Z', { amount: 8, order_id: 'o6' }),
    // who spoke of what in January and was there in February
    ...Array.from({ length: 80 }, (_, i) => [
      event('page_view', `p${i}`, '2026-01-15T12:00:00Z'),
      event('mention', `p${i}`, '2026-01-20T12:00:00Z', {
        topic: i < 35 ? 'price' : i < 75 ? 'range' : 'staff',
        sentiment: 0,
      }),
      ...(i % 7 < (i < 35 ? 2 : 5) ? [event('page_view', `p${i}`, '2026-02-15T12:00:00Z')] : []),
    ]).flat(),
  ]
}

async function get(path: string, headers: Record<string, string> = {}) {
  const response = await service.app.inject({ method: 'GET', url: path, headers })
  const { statusCode: status, headers: sent, body: text } = response
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  const body = (text === '' ? null : response.json()) as any
  return { status, headers: sent, body }
}

const ajv = new Ajv({ strict: false, formats: { 'date-time': true } })
function expectShape(schema: object, body: unknown): void {
  expect(ajv.validate(schema, body), JSON.stringify(ajv.errors)).toBe(true)
}

describe('/v1/funnels', () => {
  test('lists the funnels of the catalog', async () => {
    const { body } = await get('/v1/funnels')
    expectShape(schemas.funnels, body)
    expect(body.items).toMatchObject([
      {
        id: 'checkout',
        within: '2d',
        dimensions: ['channel'],
        steps: [{ name: 'cart', filter: "action == 'added'" }, {}, {}],
      },
    ])
  })

  test('tell how far persons came, and where it would help most to lose fewer', async () => {
    const { body } = await get('/v1/funnels/checkout?from=2026-03-10T00:00:00Z&to=2026-03-11T00:00:00Z&by=channel')
    expectShape(schemas.funnel, body)
    expect(body).toMatchObject({
      funnel: 'checkout',
      within: '2d',
      complete: true,
      provisional_until: null,
      steps: [
        { name: 'cart', persons: 5, conversion: null, overall: 1, lost: 0, median_seconds: null, leverage: null },
        {
          name: 'checkout',
          label: { en: 'Pays' },
          persons: 3,
          conversion: 0.6,
          overall: 0.6,
          lost: 2,
          median_seconds: 60,
        },
        { name: 'bought', persons: 2, overall: 0.4, lost: 1 },
      ],
      truncated: false,
    })
    // 10 % of two who are lost, of whom two of three would buy; and 10 % of one
    expect(body.steps.map((step: { leverage: number }) => step.leverage)).toEqual([
      null,
      expect.closeTo(0.4 / 3, 12),
      0.1,
    ])
    expect(body.steps.map((step: { first_to_improve: boolean }) => step.first_to_improve)).toEqual([false, true, false])
    expect(
      body.groups.map((group: { by: object; steps: Array<{ persons: number }> }) => [
        group.by,
        group.steps.map(s => s.persons),
      ]),
    ).toEqual([
      [{ channel: 'web' }, [4, 2, 1]],
      [{ channel: 'app' }, [1, 1, 1]],
    ])
  })

  test('of a window whose starts can still go on are provisional; of a filtered one count the filter', async () => {
    const { body } = await get(
      '/v1/funnels/checkout?from=2026-03-10T00:00:00Z&to=2026-03-20T00:00:00Z&filter=channel:app',
    )
    expect(body).toMatchObject({
      provisional_until: '2026-03-22T00:00:00Z',
      steps: [{ persons: 1 }, { persons: 1 }, { persons: 1 }],
    })
    const past = await get(
      '/v1/funnels/checkout?from=2026-03-10T00:00:00Z&to=2026-03-10T11:00:00Z&as_of=2026-03-10T11:00:00Z',
    )
    expect(past.body).toMatchObject({ complete: true, provisional_until: '2026-03-12T11:00:00Z' })
    expect(past.body.steps.map((step: { persons: number }) => step.persons)).toEqual([5, 3, 1])
    const empty = await get('/v1/funnels/checkout?from=2026-03-19T00:00:00Z')
    expectShape(schemas.funnel, empty.body)
    expect(empty.body.steps.map((step: object) => ({ ...step }))).toMatchObject([
      { persons: 0, conversion: null, overall: null, leverage: null, first_to_improve: false },
      { persons: 0, interval: null },
      { persons: 0 },
    ])
  })
})

test('/v1/cohorts/retention gives the triangle with what is not over, and the pooled rates of what is', async () => {
  const { body } = await get('/v1/cohorts/retention?from=2026-01-10T00:00:00Z&periods=3')
  expectShape(schemas.retention, body)
  expect(body).toMatchObject({
    entity: 'person',
    period: 'month',
    rule: 'on',
    timezone: 'UTC',
    from: '2026-01-01T00:00:00Z',
    to: '2026-04-01T00:00:00Z',
    complete: false,
  })
  const cell = (retained: number, rate: number, partial = false) => ({ retained, rate, partial })
  expect(
    body.cohorts.map(({ persons, partial, cells }: Record<string, unknown>) => ({ persons, partial, cells })),
  ).toEqual([
    { persons: 1, partial: false, cells: [cell(1, 1), cell(0, 0), cell(1, 1, true), null] },
    { persons: 1, partial: false, cells: [cell(1, 1), cell(1, 1, true), null, null] },
    { persons: 2, partial: true, cells: [cell(2, 1, true), null, null, null] },
  ])
  expect(body.pooled.map(({ persons, retained, rate }: Record<string, unknown>) => [persons, retained, rate])).toEqual([
    [2, 2, 1],
    [1, 0, 0],
    [0, 0, null],
    [0, 0, null],
  ])
  const days = await get(
    '/v1/cohorts/retention?period=day&from=2026-03-10T00:00:00Z&to=2026-03-11T00:00:00Z&periods=2&rule=on_or_after&first=purchases&again=active',
  )
  // e bought on the 12th for the first time
  expect(days.body.cohorts).toMatchObject([{ persons: 1, cells: [cell(1, 1), cell(0, 0), cell(0, 0)] }])
})

test('/v1/segments/value tells what each segment brought, and what those brought who are new', async () => {
  const { body } = await get('/v1/segments/value?from=2026-03-05T00:00:00Z&to=2026-03-20T00:00:00Z')
  expectShape(schemas.segments, body)
  expect(body).toMatchObject({
    segments_of: 'value',
    method: 'limits',
    complete: true,
    segments: [
      { segment: 'high', persons: 1, sum: 0, share_of_persons: 0.5, limit: 100, share: null, lowest: 205, median: 0 },
      { segment: 'low', persons: 1, sum: 8, mean: 8, limit: 0, lowest: 7 },
    ],
    new: { persons: 2, sum: 130.5, mean: 65.25, median: 65.25 },
    total: { persons: 4, sum: 138.5 },
  })
  expect(body.segments[1].share_of_sum).toBeCloseTo(8 / 138.5, 12)
  const quantiles = await get('/v1/segments/value?segments=value&method=quantiles&from=2026-03-05T00:00:00Z')
  expect(quantiles.body.segments).toMatchObject([{ persons: 1, limit: null, share: 0.5 }, { persons: 1 }])
  const none = await get('/v1/segments/value?period=month&to=2025-02-01T00:00:00Z')
  expectShape(schemas.segments, none.body)
  expect(none.body.segments[0]).toMatchObject({
    persons: 0,
    mean: null,
    median: null,
    share_of_sum: null,
    lowest: null,
  })
  expect(sumToNumber(0n)).toBe(none.body.total.sum)
})

test('/v1/churn-reasons sets topics of those who left beside those who stayed, and hides what too few spoke of', async () => {
  const { body } = await get('/v1/churn-reasons?period=month&to=2026-03-01T00:00:00Z')
  expectShape(schemas.churn, body)
  const people = Array.from({ length: 80 }, (_, i) => ({
    stays: i % 7 < (i < 35 ? 2 : 5),
    topic: i < 35 ? 'price' : i < 75 ? 'range' : 'staff',
  }))
  const count = (stays: boolean, topic?: string) =>
    people.filter(person => person.stays === stays && (topic === undefined || person.topic === topic)).length
  // x bought in January and not in February, and spoke of nothing
  expect(body).toMatchObject({
    preceding: { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' },
    said_from: '2025-11-03T00:00:00Z',
    churned: { persons: count(false) + 1, with_topic: count(false) },
    stayed: { persons: count(true), with_topic: count(true) },
    hidden: { topics: 1, persons: 5, fewest: 30 },
  })
  expect(body.topics.map((topic: { topic: string }) => topic.topic)).toEqual(['price', 'range'])
  const [a, n, b, m] = [count(false, 'price'), count(false), count(true, 'price'), count(true)]
  const half = 1.959963984540054 * Math.sqrt(1 / a - 1 / n + 1 / b - 1 / m)
  const ratio = a / n / (b / m)
  expect(body.topics[0]).toMatchObject({ churned: a, stayed: b, share_of_churned: a / n, share_of_stayed: b / m })
  expect(body.topics[0].ratio).toBeCloseTo(ratio, 12)
  expect(body.topics[0].interval[0]).toBeCloseTo(ratio / Math.exp(half), 12)
  expect(body.topics[0].interval[1]).toBeCloseTo(ratio * Math.exp(half), 12)
})

test('what is not understood is a problem that says what there is', async () => {
  const problems: ReadonlyArray<readonly [path: string, status: number, code: string, detail: string]> = [
    ['/v1/funnels/none', 404, 'not_found', 'checkout'],
    ['/v1/funnels/checkout?by=region', 400, 'unknown_dimension', 'channel'],
    ['/v1/funnels/checkout?window=1d&from=2026-03-01T00:00:00Z', 400, 'conflicting_window', 'window'],
    ['/v1/funnels/checkout?from=2024-01-01T00:00:00Z', 400, 'bound_too_fine', 'KIVI_RETENTION_RAW'],
    [
      '/v1/funnels/checkout?from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z&as_of=2026-03-01T12:00:00Z',
      400,
      'invalid_parameter',
      'as_of',
    ],
    ['/v1/cohorts/retention?entity=order', 400, 'invalid_parameter', 'person'],
    ['/v1/cohorts/retention?first=region', 400, 'invalid_parameter', 'signed_up, active, purchases'],
    ['/v1/cohorts/retention?again=signed_up', 400, 'invalid_parameter', 'active, purchases'],
    ['/v1/cohorts/retention?period=hour', 400, 'invalid_parameter', 'month'],
    ['/v1/cohorts/retention?from=2026-04-25T00:00:00Z', 400, 'invalid_parameter', 'before'],
    ['/v1/cohorts/retention?period=day&from=2000-01-01T00:00:00Z', 400, 'too_many_points', 'periods'],
    ['/v1/cohorts/retention?period=day&from=2025-01-01T00:00:00Z&periods=400', 400, 'too_many_points', 'cells'],
    ['/v1/cohorts/retention?periods=401', 400, 'invalid_parameter', '400'],
    ['/v1/segments/value?segments=none', 400, 'invalid_parameter', 'value'],
    ['/v1/segments/value?method=guess', 400, 'invalid_parameter', 'limits, quantiles'],
    ['/v1/churn-reasons?from=2025-02-20T00:00:00Z&to=2025-03-01T00:00:00Z', 400, 'bound_too_fine', 'gone'],
    ['/v1/churn-reasons?days=30', 400, 'unknown_parameter', 'period'],
  ]
  for (const [path, status, code, detail] of problems) {
    const { body, headers } = await get(path)
    expect([path, body.status, body.code]).toEqual([path, status, code])
    expect([path, body.detail]).toEqual([path, expect.stringContaining(detail)])
    expect(headers['content-type']).toContain('application/problem+json')
  }
  expect((await get('/v1/funnels/checkout', { accept: 'text/html' })).status).toBe(406)
})

test('an answer that a client has is not sent again, and every route is described', async () => {
  const first = await get('/v1/churn-reasons?period=month&to=2026-03-01T00:00:00Z')
  const again = await get('/v1/churn-reasons?period=month&to=2026-03-01T00:00:00Z', {
    'if-none-match': String(first.headers['etag']),
  })
  expect([again.status, again.body]).toEqual([304, null])
  const { body } = await get('/openapi.json')
  for (const path of [
    '/v1/funnels',
    '/v1/funnels/{id}',
    '/v1/cohorts/retention',
    '/v1/segments/value',
    '/v1/churn-reasons',
  ])
    expect(Object.keys(body.paths[path].get.responses), path).toContain('200')
})
