import { readFile } from 'node:fs/promises'
import { KiviError, type MeasureSource } from '@kivi/domain'
import { createQueryService } from '@kivi/query-service'
import { createLogger, createTelemetry } from '@kivi/service-kit'
import { Ajv } from 'ajv'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PROBLEMS } from '../../../services/query-service/src/http/problems.ts'
import * as schemas from '../../../services/query-service/src/http/schemas.ts'
import { catalogOf, createQueryFixture, type QueryFixture } from './fixture.ts'

let kivi: QueryFixture
let api: string
/** while set, ClickHouse is away */
let outage = false
/** while set, answers wait for it */
let gate: Promise<void> | null = null

beforeAll(async () => {
  const catalog = await catalogOf({
    'kivi.yaml': 'timezone: UTC\ncurrency: EUR\nfiscal_year_start: 01-01\nboard: [ctr, purchases]\n',
    'journeys.yaml': `
entities:
  person: { key: person, fields: { purchases: { event: purchase, agg: list, expr: amount } } }
funnels:
  checkout: { within: 1d, dimensions: [channel], steps: [{ name: cart, event: cart }, { name: order, event: purchase }] }
segments:
  value: { entity: person, value: sum(purchases), measured: 'sum(purchases, window_start, window_end)',
    limits: { high: 100, low: 0 }, shares: { high: 0.5, low: 0.5 } }
`,
    'measures.yaml': `
measures:
  impressions: { event: impression, agg: count, dimensions: [campaign] }
  clicks: { event: click, agg: count, dimensions: [campaign] }
  purchases: { event: purchase, agg: count, dimensions: [] }
  scores: { event: survey, agg: mean, expr: score, dimensions: [] }
indicators:
  ctr: { label: { en: Click-through rate, zh: 点击率 }, type: ratio, numerator: clicks, denominator: impressions,
    unit: percent, better: higher, targets: [{ value: 0.02, from: 2026-01-01, reason: plan }] }
`,
  })
  kivi = await createQueryFixture(catalog, {
    now: '2026-03-10T12:00:40Z',
    source: (reader): MeasureSource => ({
      ...reader,
      progress: () => (outage ? Promise.reject(new KiviError('store_unreachable', 'away')) : reader.progress()),
      read: async (asked, questions) => {
        await gate
        return reader.read(asked, questions)
      },
    }),
  })
  await kivi.insert([
    { event_time: '2026-03-10T11:00:00Z', event_type: 'impression', campaign: '=1+1' },
    { event_time: '2026-03-10T11:00:00Z', event_type: 'impression', campaign: 'spring' },
    { event_time: '2026-03-10T11:00:00Z', event_type: 'click', campaign: 'spring' },
  ])
  await kivi.watermark('2026-03-10T12:00:05Z')
  api = await readFile(new URL('../../../docs/api.md', import.meta.url), 'utf8')
})
afterAll(() => kivi?.close())

test('every example of docs/api.md is answered', async () => {
  const examples = [...api.matchAll(/```http\nGET (.+)\n```/g)].map(match => match[1] as string)
  expect(examples.length).toBeGreaterThan(8)
  for (const path of examples) expect([path, (await kivi.get(path)).status]).toEqual([path, 200])
})

test('docs/api.md lists the problems as they are', () => {
  const listed = [...api.matchAll(/^\| `(\w+)` \| (\d+) \| (.+) \|$/gm)].map(([, code, status, title]) => ({
    code,
    status: Number(status),
    title,
  }))
  expect(listed).toEqual(Object.entries(PROBLEMS).map(([code, { status, title }]) => ({ code, status, title })))
})

test('docs/api.md names every metric of the service', async () => {
  const metrics = [...(await kivi.get('/metrics')).text.matchAll(/^# TYPE (\w+)/gm)].map(match => match[1] as string)
  expect(metrics.length).toBeGreaterThan(3)
  for (const metric of metrics) expect(api).toContain(`\`${metric}\``)
})

const VALUE = '/v1/indicators/ctr/value'
const problems: Array<[path: string, status: number, code: string, parameter?: string]> = [
  [`${VALUE}?widnow=1d`, 400, 'unknown_parameter', 'widnow'],
  [`${VALUE}?window=1d&window=2d`, 400, 'repeated_parameter', 'window'],
  [`${VALUE}?window=1d&from=2026-03-01T00:00:00Z`, 400, 'conflicting_window', 'from'],
  [`${VALUE}?period=day&from=2026-03-01T00:00:00Z`, 400, 'conflicting_window', 'from'],
  [`${VALUE}?window=1d&period=day`, 400, 'conflicting_window', 'period'],
  [`${VALUE}?window=1w`, 400, 'invalid_parameter', 'window'],
  [`${VALUE}?window=15s`, 400, 'invalid_parameter', 'window'],
  [`${VALUE}?period=decade`, 400, 'invalid_parameter', 'period'],
  [`${VALUE}?from=yesterday`, 400, 'invalid_parameter', 'from'],
  [`${VALUE}?from=2026-02-30T00:00:00Z`, 400, 'invalid_parameter', 'from'],
  [`${VALUE}?from=2026-03-10T00:00:00Z&to=2026-03-09T00:00:00Z`, 400, 'invalid_parameter', 'from'],
  [`${VALUE}?to=1970-01-01T00:00:00Z`, 400, 'invalid_parameter', 'from'],
  [`${VALUE}?from=2026-03-10T00:00:05Z`, 400, 'bound_too_fine', 'from'],
  [`${VALUE}?from=2026-01-10T00:05:00Z&to=2026-01-11T00:00:00Z`, 400, 'bound_too_fine', 'from'],
  [`${VALUE}?by=country`, 400, 'unknown_dimension', 'by'],
  [`${VALUE}?filter=country:de`, 400, 'unknown_dimension', 'filter'],
  [`${VALUE}?filter=campaign`, 400, 'invalid_parameter', 'filter'],
  [`${VALUE}?filter=campaign:%25zz`, 400, 'invalid_parameter', 'filter'],
  [`${VALUE}?by=campaign,campaign`, 400, 'invalid_parameter', 'by'],
  [`${VALUE}?by=campaign&limit=1001`, 400, 'invalid_parameter', 'limit'],
  [`${VALUE}?compare=decade`, 400, 'invalid_parameter', 'compare'],
  ['/v1/indicators/ctr/series?window=30d&step=10s', 400, 'too_many_points', 'step'],
  ['/v1/indicators/ctr/series?from=1980-01-01T00:00:00Z&step=day', 400, 'too_many_points', 'step'],
  ['/v1/indicators/ctr/series?from=2026-02-01T00:00:00Z&step=10m', 400, 'bound_too_fine', 'step'],
  ['/v1/indicators?cursor=nonsense', 400, 'invalid_parameter', 'cursor'],
  ['/v1/indicators/nope/value', 404, 'unknown_indicator', 'id'],
  ['/v1/indicators/nope', 404, 'unknown_indicator', 'id'],
  ['/v2/board', 404, 'not_found'],
]

test.each(problems)('%s is a problem: %i %s', async (path, status, code, parameter) => {
  const answer = await kivi.get(path)
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
  expect(answer.body).toMatchObject({ status, code, title: PROBLEMS[code as keyof typeof PROBLEMS].title })
  expect([answer.status, answer.body.parameter]).toEqual([status, parameter])
  expect(answer.body.detail.length).toBeGreaterThan(20)
})

const meant: Array<[path: string, detail: string]> = [
  [
    '/v1/indicators/crt/value',
    'The catalog has no indicator or measure "crt". Did you mean ctr? GET /v1/indicators lists them all.',
  ],
  ['/v1/drivers/purchase', 'Did you mean purchases?'],
  ['/v1/targets/impresions', 'Did you mean impressions?'],
  ['/v1/correlations?x=ctr&y=click', 'y: the catalog has no indicator or measure "click". Did you mean clicks?'],
  ['/v1/actions?indicator=Ctr', 'Did you mean ctr?'],
  [`${VALUE}?by=campain`, 'ctr is not kept by "campain". Did you mean campaign?'],
  [`${VALUE}?filter=Campaign:a`, 'Did you mean campaign?'],
  [`${VALUE}?by=country`, 'ctr is not kept by "country". Known are campaign.'],
  ['/v1/indicators/scores/value?by=country', 'There are none here.'],
  ['/v1/funnels/chekout', 'The catalog has no funnel "chekout". Did you mean checkout?'],
  ['/v1/references/market', 'The catalog has no reference "market". There are none here.'],
  ['/v1/segments/value?segments=values', 'The catalog has no segments "values". Did you mean value?'],
  ['/v1/cohorts/retention?entity=persons', 'Did you mean person?'],
  [`${VALUE}?widnow=1d`, 'There is no parameter "widnow" here. Did you mean window?'],
]

test.each(meant)('%s is told what was meant', async (path, detail) => {
  const { status, body } = await kivi.get(path)
  expect([status, body.detail]).toEqual([
    expect.toSatisfy((code: number) => code === 400 || code === 404),
    expect.stringContaining(detail),
  ])
})

test('an address that is nearly one of the API is told, and its methods without asking it', async () => {
  const detail = async (path: string) => (await kivi.get(path)).body.detail
  expect(await detail('/v1/indicator/ctr')).toContain('Did you mean /v1/indicators/ctr?')
  expect(await detail('/v1/board/')).toContain('Did you mean /v1/board?')
  expect(await detail('/v1/something/else')).toBe('There is nothing at /v1/something/else. /docs lists the addresses.')
  const options = await kivi.service.app.inject({ method: 'OPTIONS', url: '/v1/actions' })
  expect([options.statusCode, options.headers['allow'], options.body]).toEqual([204, 'GET, HEAD, POST', ''])
})

test('what is missing or wrong in a request is told in words', async () => {
  const said = async (body: unknown) => (await kivi.send('POST', '/v1/actions', body)).body.detail
  expect((await kivi.get('/v1/correlations')).body).toMatchObject({
    detail: 'x is missing: the address needs it.',
    parameter: 'x',
  })
  expect((await kivi.get('/v1/indicators?limit=ten')).body.detail).toBe('limit is "ten": it must be a whole number.')
  expect(await said({ label: '', indicators: ['ctr'], at: 'x' })).toBe('label of the body must not be empty.')
  expect(await said({ label: 5, indicators: ['ctr'], at: 'x' })).toBe('label of the body must be a text.')
  expect(await said([])).toBe('The body must be a JSON object, with content-type: application/json.')
  const as = (type: string, payload: string) =>
    kivi.service.app.inject({ method: 'POST', url: '/v1/actions', headers: { 'content-type': type }, payload })
  expect((await as('application/xml', '<a/>')).json()).toMatchObject({ status: 415, code: 'media_type_unknown' })
  expect((await as('application/json', `"${'x'.repeat(70_000)}"`)).json()).toMatchObject({
    status: 413,
    code: 'body_too_large',
  })
})

test.each([null, true, '', '0.02', [0.02]])('%j is no number: nothing is set by it', async value => {
  const sent = { items: [{ value, per: 'day' }], reason: 'a mistake' }
  const { status, body } = await kivi.send('PUT', '/v1/targets/ctr', sent)
  expect([status, body.detail]).toEqual([400, 'items/0/value of the body must be a number.'])
  expect((await kivi.get('/v1/targets/ctr')).body.items).toHaveLength(1)
})

test('what is near to nothing is told without a guess', async () => {
  const { body } = await kivi.get('/v1/indicators/latency_of_pages')
  expect(body.detail).toBe(
    'The catalog has no indicator or measure "latency_of_pages". GET /v1/indicators lists them all.',
  )
})

test('a bound that is too fine is answered with the nearest ones that can be asked for', async () => {
  const { body } = await kivi.get(`${VALUE}?from=2026-01-10T00:05:00Z&to=2026-01-11T00:00:00Z`)
  expect(body.allowed).toEqual(['2026-01-10T00:00:00Z', '2026-01-10T00:15:00Z'])
  for (const from of body.allowed)
    expect((await kivi.get(`${VALUE}?from=${from}&to=2026-01-11T00:00:00Z`)).status).toBe(200)
})

test('another method or format than offered is a problem that names the offered ones', async () => {
  const posted = await kivi.service.app.inject({ method: 'POST', url: VALUE })
  expect([posted.statusCode, posted.json().code, posted.headers['allow']]).toEqual([
    405,
    'method_not_allowed',
    'GET, HEAD',
  ])
  const xml = await kivi.get(VALUE, { accept: 'application/xml' })
  expect([xml.status, xml.body.code, xml.body.allowed]).toEqual([
    406,
    'not_acceptable',
    ['application/json', 'text/csv'],
  ])
  const page = await kivi.get('/v1/indicators/ctr', { accept: 'text/csv' })
  expect([page.status, page.body.allowed]).toEqual([406, ['application/json']])
})

test('another host name than this machine’s is not answered', async () => {
  const answer = await kivi.get('/v1/board', { host: 'evil.example' })
  expect([answer.status, answer.body.code]).toEqual([421, 'forbidden_host'])
})

test('unchanged data cost no statement, and changed data one', async () => {
  const path = '/v1/board?window=1h'
  const first = await kivi.get(path)
  const before = kivi.reads()
  const again = await kivi.get(path, { 'if-none-match': String(first.headers['etag']) })
  expect([again.status, again.text, kivi.reads() - before]).toEqual([304, '', 0])
  await kivi.insert([{ event_time: '2026-03-10T11:30:00Z', event_type: 'purchase', amount: 1 }])
  await kivi.watermark('2026-03-10T12:00:06Z')
  const changed = await kivi.get(path, { 'if-none-match': String(first.headers['etag']) })
  expect([changed.status, kivi.reads() - before]).toEqual([200, 1])
  expect(changed.headers['etag']).not.toBe(first.headers['etag'])
})

test('equal questions that come at once cost one statement', async () => {
  await kivi.watermark('2026-03-10T12:00:07Z')
  const before = kivi.reads()
  const opened = Promise.withResolvers<void>()
  gate = opened.promise
  const asked = Array.from({ length: 50 }, () => kivi.get('/v1/board?window=15m'))
  opened.resolve()
  gate = null
  const answers = await Promise.all(asked)
  expect(new Set(answers.map(answer => answer.text)).size).toBe(1)
  expect(kivi.reads() - before).toBe(1)
})

test('without ClickHouse the service says so, when to come back, and recovers by itself', async () => {
  outage = true
  const answer = await kivi.get('/v1/board')
  expect([answer.status, answer.body.code, answer.headers['retry-after']]).toEqual([503, 'store_unavailable', '2'])
  expect((await kivi.get('/readyz')).body).toEqual({ ready: false, checks: { clickhouse: 'away' } })
  expect((await kivi.get('/healthz')).status).toBe(200)
  outage = false
  expect((await kivi.get('/v1/board')).status).toBe(200)
  expect((await kivi.get('/readyz')).body.ready).toBe(true)
})

test('CSV cells are never formulas', async () => {
  const { text, headers } = await kivi.get('/v1/indicators/impressions/series?window=2h&step=1h&by=campaign', {
    accept: 'text/csv',
  })
  expect(headers['content-type']).toBe('text/csv; charset=utf-8')
  expect(text.split('\r\n')).toEqual([
    'campaign,t,value,n,interval,target,complete,revised,provisional',
    "'=1+1,2026-03-10T10:00:00Z,0,0,,,true,false,false",
    "'=1+1,2026-03-10T11:00:00Z,1,1,,,true,false,false",
    'spring,2026-03-10T10:00:00Z,0,0,,,true,false,false',
    'spring,2026-03-10T11:00:00Z,1,1,,,true,false,false',
    '',
  ])
})

test('pages of indicators hold each one once', async () => {
  const ids: string[] = []
  let path: string | null = '/v1/indicators?limit=2'
  while (path !== null) {
    const { body } = await kivi.get(path)
    ids.push(...body.items.map((item: { id: string }) => item.id))
    path = body.next === null ? null : `/v1/indicators?limit=2&cursor=${body.next}`
  }
  expect(ids).toEqual([...kivi.catalog.indicators.keys()])
})

test('answers are what the OpenAPI document says', async () => {
  const { body: document } = await kivi.get('/openapi.json')
  expect(document.openapi).toBe('3.1.0')
  const ajv = new Ajv({ strict: false, validateFormats: false })
  const asked: Record<string, string> = {
    '/v1/indicators': '/v1/indicators',
    '/v1/indicators/{id}': '/v1/indicators/ctr',
    '/v1/indicators/{id}/value': `${VALUE}?by=campaign&compare=previous`,
    '/v1/indicators/{id}/series': '/v1/indicators/ctr/series?by=campaign',
    '/v1/board': '/v1/board',
    '/v1/access': '/v1/access',
    '/healthz': '/healthz',
    '/readyz': '/readyz',
  }
  // what people set, and analyses, are held to the document in test/integration/steering and …/journeys; what machines
  // read has no shape of ours
  const elsewhere =
    /^\/(metrics|prometheus|openapi)|^\/v1\/(audit|system|stream|actions|churn-reasons|cohorts|correlations|digests|drivers|funnels|north-star|references|segments|targets)/
  const here = Object.keys(document.paths).filter(path => !elsewhere.test(path))
  expect(here.sort()).toEqual(Object.keys(asked).sort())
  for (const [path, url] of Object.entries(asked)) {
    const schema = document.paths[path].get.responses['200'].content['application/json'].schema
    const validate = ajv.compile(schema)
    expect([path, validate((await kivi.get(url)).body), validate.errors]).toEqual([path, true, null])
  }
  // the mean of nothing: nulls inside the parts of a mean
  const validate = ajv.compile(schemas.value)
  expect([validate((await kivi.get('/v1/indicators/scores/value')).body), validate.errors]).toEqual([true, null])
})

/** Paths of every number of a schema that may be null. */
function nullableNumbers(schema: unknown, path: string[] = []): string[][] {
  if (typeof schema !== 'object' || schema === null) return []
  const { type, properties, items } = schema as {
    type?: unknown
    properties?: Record<string, unknown>
    items?: unknown
  }
  if (Array.isArray(type) && type.includes('number')) return [path]
  return [
    ...Object.entries(properties ?? {}).flatMap(([name, inner]) => nullableNumbers(inner, [...path, name])),
    ...(items === undefined ? [] : nullableNumbers(items, [...path, '0'])),
  ]
}

/** A service without routes asked yet, to which a test can add its own. */
async function freshApp() {
  const { app } = await createQueryService({
    catalog: () => kivi.catalog,
    source: {
      progress: async () => [],
      read: async (_, questions) => questions.map(() => []),
      derived: async () => ({ version: '', watermark: null, at: null }),
      clusters: async () => null,
    },
    telemetry: createTelemetry(createLogger({ service: 'query-service', level: 'silent' }), { defaults: false }),
    http: { host: '127.0.0.1', port: 0 },
    retention: { tenSeconds: Infinity, quarterHour: Infinity, day: Infinity },
    disorderMs: 0,
    idleAfterMs: 0,
  })
  return app
}

test('where no keys are needed everybody may do everything, and is told so', async () => {
  const everybody = {
    protected: false,
    name: null,
    key: null,
    roles: ['ingest', 'read', 'steer', 'admin'],
    scope: null,
  }
  for (const headers of [{}, { authorization: 'Bearer of something else' }] as Array<Record<string, string>>) {
    const { status, body } = await kivi.get('/v1/access', headers)
    expect([status, body]).toEqual([200, everybody])
  }
})

test('null in a numeric field stays null on its way out', async () => {
  const app = await freshApp()
  const asked = {
    value: { schema: schemas.value, url: `${VALUE}?by=campaign&compare=previous` },
    series: { schema: schemas.series, url: '/v1/indicators/ctr/series' },
    board: { schema: schemas.board, url: '/v1/board' },
    detail: { schema: schemas.indicatorDetail, url: '/v1/indicators/ctr' },
  }
  const answers: Record<string, { schema: object; body: unknown }> = {}
  for (const [name, { schema, url }] of Object.entries(asked)) {
    answers[name] = { schema, body: (await kivi.get(url)).body }
    app.get(`/${name}`, { schema: { response: { 200: schema } } }, async () => answers[name]?.body)
  }
  let checked = 0
  for (const [name, { schema, body }] of Object.entries(answers))
    for (const path of nullableNumbers(schema)) {
      let holder = body as Record<string, unknown>
      for (const step of path.slice(0, -1)) holder = holder?.[step] as Record<string, unknown>
      if (holder === undefined || holder === null) continue
      holder[path.at(-1) as string] = null
      let sent = (await app.inject(`/${name}`)).json()
      for (const step of path) sent = sent[step]
      expect([name, path.join('.'), sent]).toEqual([name, path.join('.'), null])
      checked++
    }
  expect(checked).toBeGreaterThan(15)
  await app.close()
})
