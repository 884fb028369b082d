/** What people set over HTTP, and what follows from it, on real ClickHouse. Figures are worked out beside them. */
import { Ajv } from 'ajv'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalogOf, createQueryFixture, type Fields, type QueryFixture } from '../query/fixture.ts'

const DAY = 86_400_000
const NOW = '2026-06-01T06:00:00Z'
const CATALOG = {
  'kivi.yaml': `
timezone: UTC
currency: EUR
north_star: [{ indicators: [revenue], from: 2026-01-01, reason: plan }]
board: [revenue, ctr]
`,
  'shop.yaml': `
measures:
  impressions: { event: impression, agg: count, dimensions: [campaign] }
  clicks: { event: click, agg: count, dimensions: [campaign] }
  revenue: { event: purchase, agg: sum, expr: amount, unit: money, dimensions: [campaign, region] }
  market_size: { reference: market_size, take: end }
indicators:
  revenue:
    type: simple
    owner: sales
    targets: [{ value: 1000, per: month, from: 2026-01-01, reason: yearly plan }]
  ctr:
    { label: Click-through, type: ratio, numerator: clicks, denominator: impressions, better: higher, parent: revenue,
      targets: [{ value: 0.5, from: 2026-01-01, reason: plan }] }
  share_of_market: { label: Share of the market, type: ratio, numerator: revenue, denominator: market_size, unit: number }
  regional:
    { label: Revenue by region, type: simple, measure: revenue, unit: money, better: higher,
      targets: [{ value: 650, per: month, by: { region: north }, from: 2026-01-01, reason: the north leads }] }
references:
  market_size: { label: Market, unit: count, kind: level, dimensions: [] }
`,
}

let kivi: QueryFixture

const purchase = (time: number, amount: number, region = 'north'): Fields => ({
  event_type: 'purchase',
  event_time: new Date(time).toISOString(),
  event_id: `${time}-${region}`,
  user_id: 'u',
  order_id: `${time}-${region}`,
  amount,
  region,
})

beforeAll(async () => {
  kivi = await createQueryFixture(await catalogOf(CATALOG), { now: NOW })
  const events: Fields[] = []
  // 20 weeks from Monday 5 January: the north rises by 10 a week, and by 50 more from the 13th week on
  const monday = Date.parse('2026-01-05T00:00:00Z')
  for (let week = 0; week < 20; week++) {
    const at = monday + week * 7 * DAY + DAY
    // a wobble that repeats every three weeks, and moves the south as well
    const wobble = [0, 7, -7][week % 3] as number
    events.push(purchase(at, 100 + 10 * week + (week >= 12 ? 50 : 0) + wobble))
    events.push(purchase(at, 40 + wobble, 'south'))
  }
  const show = (day: string, campaign: string, impressions: number, clicks: number) => {
    for (let n = 0; n < impressions; n++)
      events.push({
        event_type: 'impression',
        event_id: `i-${day}-${campaign}-${n}`,
        event_time: `${day}T12:00:00Z`,
        campaign,
      })
    for (let n = 0; n < clicks; n++)
      events.push({
        event_type: 'click',
        event_id: `c-${day}-${campaign}-${n}`,
        event_time: `${day}T12:00:00Z`,
        campaign,
      })
  }
  show('2026-05-30', 'app', 100, 80)
  show('2026-05-30', 'web', 100, 10)
  show('2026-05-31', 'app', 50, 45)
  show('2026-05-31', 'web', 200, 30)
  await kivi.insert(events)
  await kivi.watermark(NOW)
})
afterAll(() => kivi.close())

test('a set target judges from now on; what is over keeps the one that judged it', async () => {
  const month = (to: string) => kivi.get(`/v1/indicators/revenue/value?period=month&to=${to}`)
  expect((await month('2026-05-01T00:00:00Z')).body.target).toBe(1000)
  const set = await kivi.send('PUT', '/v1/targets/revenue', {
    items: [
      { value: 9, per: 'day', reason: 'as before' },
      { value: 2000, per: 'month' },
    ],
    reason: 'second step',
    set_by: 'ann',
  })
  expect(set.status).toBe(200)
  const item = (value: number) => set.body.items.find((one: { value: number }) => one.value === value)
  expect(item(2000)).toMatchObject({ per: 'month', from: '2026-06-01T00:00:00Z', reason: 'second step', origin: 'set' })
  expect(item(9)).toMatchObject({ per: 'day', reason: 'as before', set_by: 'ann' })
  expect(item(1000)).toMatchObject({ set_by: 'sales', origin: 'catalog' })
  expect((await month('2026-05-01T00:00:00Z')).body.target).toBe(1000)
  expect((await kivi.get('/v1/indicators/revenue/value?period=month')).body.target).toBe(2000)
  // the board shows it at once, and so does the indicator
  expect((await kivi.get('/v1/indicators/revenue')).body.target).toMatchObject({ value: 2000 })
})

test.each([
  [{ items: [{ value: 1, per: 'month', from: '2026-05-31T00:00:00Z' }] }, 409, 'would_rewrite_the_past'],
  [{ items: [{ value: 1 }] }, 400, 'invalid_parameter'],
  [{ items: [{ value: 1, per: 'month', window: '30d' }] }, 400, 'conflicting_window'],
  [{ items: [{ value: 1, per: 'month', by: { colour: 'red' } }] }, 400, 'unknown_dimension'],
  [
    {
      items: [
        { value: 1, per: 'month' },
        { value: 2, per: 'month' },
      ],
    },
    400,
    'invalid_parameter',
  ],
  [{ items: [{ value: 'much', per: 'month' }] }, 400, 'invalid_parameter'],
  [{ items: [{ value: 1, per: 'moon' }] }, 400, 'invalid_parameter'],
  [{ items: [{ value: 1, per: 'month', until: '2026-05-01T00:00:00Z' }] }, 400, 'invalid_parameter'],
])('%j is refused', async (body, status, code) => {
  const answer = await kivi.send('PUT', '/v1/targets/revenue', { reason: 'plan', ...body })
  expect(answer).toMatchObject({ status, body: { code } })
  expect(answer.body.detail.length).toBeGreaterThan(20)
})

test('how many whole months attained the target that was in force at their end', async () => {
  const { body } = await kivi.get('/v1/targets/revenue/attainment?per=month&periods=4')
  // north and south of weeks that begin on Tuesdays 6 January + 7 n: February 4, March 5, April 4, May 3 of them
  const north = (week: number) => 100 + 10 * week + (week >= 12 ? 50 : 0)
  const wobble = (week: number) => [0, 7, -7][week % 3] as number
  const sum = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, n) => north(from + n) + 40 + 2 * wobble(from + n)).reduce((a, b) => a + b, 0)
  expect(body.items.map((item: { value: number }) => item.value)).toEqual([
    sum(4, 8),
    sum(8, 13),
    sum(13, 17),
    sum(17, 20),
  ])
  expect(body.items.map((item: { target: number }) => item.target)).toEqual([1000, 1000, 1000, 1000])
  const attained = [sum(4, 8), sum(8, 13), sum(13, 17), sum(17, 20)].map(value => value >= 1000)
  expect(body.items.map((item: { attained: boolean }) => item.attained)).toEqual(attained)
  expect(body.share).toBe(attained.filter(Boolean).length / 4)
})

test('whole months of a segment are judged by its own target', async () => {
  const attainment = async (filter: string) =>
    (await kivi.get(`/v1/targets/regional/attainment?per=month&periods=4${filter}`)).body
  const north = await attainment('&filter=region:north')
  const values = north.items.map((item: { value: number }) => item.value)
  // weeks 4–7, 8–12, 13–16, 17–19 of the north; its wobble is that of the test above
  const of = (week: number) => 100 + 10 * week + (week >= 12 ? 50 : 0) + ([0, 7, -7][week % 3] as number)
  const sum = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, n) => of(from + n)).reduce((a, b) => a + b, 0)
  expect(values).toEqual([sum(4, 8), sum(8, 13), sum(13, 17), sum(17, 20)])
  expect(north.items.map((item: { attained: boolean }) => item.attained)).toEqual(
    values.map((value: number) => value >= 650),
  )
  expect(north).toMatchObject({ periods: 4, share: north.attained / 4 })
  expect(north.attained).toBeGreaterThan(0)
  expect(north.attained).toBeLessThan(4)
  // of the whole, and of the south, no target says anything
  for (const filter of ['', '&filter=region:south'])
    expect(await attainment(filter)).toMatchObject({ periods: 0, share: null })
  expect((await kivi.get('/v1/targets/regional/attainment?filter=channel:x')).status).toBe(400)
})

test('an action’s effect is the step beyond the trend; the control takes out what both share', async () => {
  const action = await kivi.send('POST', '/v1/actions', {
    label: 'Free delivery in the north',
    indicators: ['revenue'],
    by: { region: 'north' },
    at: '2026-03-25T10:00:00Z',
    until: '2026-05-25T00:00:00Z',
    set_by: 'ann',
  })
  expect(action.status).toBe(201)
  expect((await kivi.get(action.headers['location'] as string)).body).toEqual(action.body)
  expect(action.body.status).toBe('done')
  const plain = (await kivi.get(`/v1/actions/${action.body.id}/effect`)).body.effects[0]
  // 25 March lies in week 11 from 5 January on: 11 weeks before it, 8 after it while it lasted
  expect(plain).toMatchObject({ method: 'segmented_regression', weeks_before: 11, weeks_after: 8, good: true })
  expect(plain.step).toBeGreaterThan(40)
  expect(plain.step).toBeLessThan(60)
  const held = (await kivi.get(`/v1/actions/${action.body.id}/effect?control=region:south`)).body.effects[0]
  expect(held.method).toBe('segmented_regression_with_control')
  // with the wobble gone the line and the step are exact
  expect(held.step).toBeCloseTo(50, 6)
  expect(held.p).toBeLessThan(plain.p)

  const changed = await kivi.send('POST', '/v1/actions', {
    ...action.body,
    set_at: undefined,
    until: undefined,
    status: 'cancelled',
  })
  expect(changed).toMatchObject({ status: 200, body: { id: action.body.id, status: 'cancelled' } })
  const { items } = (await kivi.get('/v1/actions?indicator=revenue')).body
  expect(items).toHaveLength(1)
  expect((await kivi.get('/v1/actions?indicator=ctr')).body.items).toEqual([])
  expect(await kivi.get('/v1/actions/none/effect')).toMatchObject({ status: 404 })
})

test('an action that is two weeks old is too early to tell', async () => {
  const action = await kivi.send('POST', '/v1/actions', {
    label: 'New page',
    indicators: ['revenue'],
    at: '2026-05-12T10:00:00Z',
  })
  const [effect] = (await kivi.get(`/v1/actions/${action.body.id}/effect`)).body.effects
  expect(effect).toMatchObject({ method: 'too_early', interval: null, p: null, good: null })
})

test('why the ratio fell: its mix, although each campaign rose', async () => {
  const { body } = await kivi.get('/v1/drivers/ctr?from=2026-05-31T00:00:00Z&to=2026-06-01T00:00:00Z')
  expect(body.value).toBeCloseTo(75 / 250, 12)
  expect(body.previous.value).toBeCloseTo(90 / 200, 12)
  const [campaigns] = body.segments
  expect(campaigns).toMatchObject({ dimension: 'campaign', method: 'mix_and_rate', truncated: false })
  const sum = (part: string) =>
    campaigns.items.reduce((all: number, item: Record<string, number>) => all + (item[part] ?? 0), 0)
  expect(sum('total')).toBeCloseTo(75 / 250 - 90 / 200, 12)
  // app: (0.5 + 0.2) / 2 × (0.9 − 0.8); web: (0.5 + 0.8) / 2 × (0.15 − 0.1)
  expect(sum('rate')).toBeCloseTo(0.35 * 0.1 + 0.65 * 0.05, 12)
  expect(sum('mix')).toBeLessThan(-0.2)
})

test('a parent shows its children, and the one that drags', async () => {
  const { body } = await kivi.get('/v1/drivers/revenue?from=2026-05-31T00:00:00Z&to=2026-06-01T00:00:00Z&by=region')
  expect(body.children).toEqual([expect.objectContaining({ id: 'ctr', value: 0.3, target: 0.5, status: 'off_track' })])
  expect(body.drag).toEqual({ id: 'ctr', by: expect.closeTo(-0.4, 12) })
  expect(body.segments[0].method).toBe('contribution')
})

test('an indicator that moves with itself does so at lag 0; few days are told to be few', async () => {
  const { body } = await kivi.get(
    '/v1/correlations?x=revenue&y=revenue&from=2026-01-05T00:00:00Z&to=2026-05-25T00:00:00Z',
  )
  expect(body.best).toMatchObject({ lag: 0, n: 140 })
  expect(body.best.r).toBeCloseTo(1, 9)
  const few = await kivi.get('/v1/correlations?x=revenue&y=clicks&window=30d')
  expect(few.body).toMatchObject({ reason: 'too_few', best: null, lags: [] })
  const segments = await kivi.get('/v1/correlations?x=clicks&y=impressions&by=campaign&window=7d')
  expect(segments.body).toMatchObject({ method: 'spearman_segments', n: 2, reason: 'too_few', segments: null })
  expect(await kivi.get('/v1/correlations?x=revenue&y=clicks&by=region')).toMatchObject({
    status: 400,
    body: { code: 'unknown_dimension', allowed: ['campaign'] },
  })
})

test('the North Star has a history, and what led stays told', async () => {
  const set = await kivi.send('PUT', '/v1/north-star', { indicators: ['ctr'], reason: 'reach first', set_by: 'board' })
  expect(set.body.indicators).toEqual(['ctr'])
  expect(set.body.history.map((entry: { indicators: string[] }) => entry.indicators)).toEqual([['ctr'], ['revenue']])
  expect((await kivi.get('/v1/board')).body.north_star).toEqual(['ctr'])
  expect(
    await kivi.send('PUT', '/v1/north-star', { indicators: ['ctr'], reason: 'x', from: '2026-05-01T00:00:00Z' }),
  ).toMatchObject({ status: 409 })
  expect(await kivi.send('PUT', '/v1/north-star', { indicators: ['none'], reason: 'x' })).toMatchObject({
    status: 404,
    body: { parameter: 'indicators/0' },
  })
})

test('reference values come as JSON and as CSV; a missing one makes the indicator null with the reason', async () => {
  const share = () => kivi.get('/v1/indicators/share_of_market/value?from=2026-05-01T00:00:00Z&to=2026-05-02T00:00:00Z')
  expect((await share()).body).toMatchObject({ value: null, reason: 'reference_missing' })
  const posted = await kivi.send('POST', '/v1/references/market_size', {
    items: [{ value: 1_000_000, from: '2026-01-01T00:00:00Z' }],
  })
  expect(posted.body.items).toEqual([{ value: 1_000_000, from: '2026-01-01T00:00:00Z', until: null, by: {} }])
  expect((await share()).body.value).toBe(0)
  const csv = await kivi.send('POST', '/v1/references/market_size', 'from,value\n2026-04-01T00:00:00Z,500\n')
  expect(csv.body.items).toHaveLength(2)
  expect((await share()).body.parts.market_size).toBe(500)
  expect(
    await kivi.send('POST', '/v1/references/market_size', 'from,value\n2026-04-01T00:00:00Z,many\n'),
  ).toMatchObject({
    status: 400,
    body: { parameter: 'items/0/value' },
  })
  expect(await kivi.get('/v1/references/none')).toMatchObject({ status: 404, body: { allowed: ['market_size'] } })
})

test('answers are what the OpenAPI document says', async () => {
  const { body: document } = await kivi.get('/openapi.json')
  const [action] = (await kivi.get('/v1/actions')).body.items
  const asked: Record<string, string> = {
    '/v1/actions': '/v1/actions',
    '/v1/actions/{id}/effect': `/v1/actions/${action.id}/effect?control=region:south`,
    '/v1/correlations': '/v1/correlations?x=revenue&y=clicks&window=90d',
    '/v1/drivers/{id}': '/v1/drivers/revenue?window=7d',
    '/v1/north-star': '/v1/north-star',
    '/v1/references/{name}': '/v1/references/market_size',
    '/v1/targets/{id}': '/v1/targets/revenue',
    '/v1/targets/{id}/attainment': '/v1/targets/ctr/attainment?per=day&periods=3',
  }
  const ajv = new Ajv({ strict: false, validateFormats: false })
  for (const [path, url] of Object.entries(asked)) {
    const schema = document.paths[path].get.responses['200'].content['application/json'].schema
    const validate = ajv.compile(schema)
    const { status, body } = await kivi.get(url)
    expect([path, status, validate(body), validate.errors]).toEqual([path, 200, true, null])
  }
})
