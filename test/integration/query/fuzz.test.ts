import { connect } from 'node:net'
import { collectorRoutes } from '@kivi/collector'
import { Ajv, type ValidateFunction } from 'ajv'
import fc from 'fast-check'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { OpenApi } from '../../contract/http/document.ts'
import { createWorld } from '../access/world.ts'
import { catalogOf, createQueryFixture, injected, type QueryFixture } from './fixture.ts'
import { type MadeUp, madeUpRequests, TIMES } from './fuzz-requests.ts'

let kivi: QueryFixture
let url: URL

beforeAll(async () => {
  const catalog = await catalogOf({
    'kivi.yaml': 'timezone: Europe/Berlin\ncurrency: EUR\nfiscal_year_start: 04-01\nboard: [ctr, buyers]\n',
    'measures.yaml': `
measures:
  impressions: { event: impression, agg: count, dimensions: [campaign] }
  clicks: { event: click, agg: count, dimensions: [campaign] }
  buyers: { event: purchase, agg: count_distinct, distinct: person, dimensions: [campaign] }
  amounts: { event: purchase, agg: quantile, quantile: 0.9, expr: amount, dimensions: [] }
indicators:
  ctr: { label: { en: Click-through rate }, type: ratio, numerator: clicks, denominator: impressions,
    unit: percent, better: higher, targets: [{ value: 0.02, from: 2026-01-01, reason: plan }] }
references:
  market: { label: Market, unit: count, kind: level, dimensions: [] }
entities:
  person: { key: person, fields: { purchases: { event: purchase, agg: list, expr: amount } } }
funnels:
  checkout: { within: 1d, dimensions: [campaign], steps: [{ name: cart, event: cart }, { name: order, event: purchase }] }
segments:
  value: { entity: person, value: sum(purchases), measured: 'sum(purchases, window_start, window_end)',
    limits: { high: 100, low: 0 }, shares: { high: 0.5, low: 0.5 } }
`,
  })
  // the night after which summer time begins in Berlin
  kivi = await createQueryFixture(catalog, { now: '2026-03-29T12:00:40Z' })
  await kivi.insert([
    { event_time: '2026-03-29T00:30:00Z', event_type: 'impression', campaign: 'spring' },
    { event_time: '2026-03-29T01:30:00Z', event_type: 'click', campaign: 'spring' },
    { event_time: '2026-03-28T23:30:00Z', event_type: 'purchase', amount: 9.5, user_id: 'ann' },
  ])
  await kivi.watermark('2026-03-29T12:00:05Z')
  const { catalog: of, telemetry } = kivi
  const producer = { send: async () => undefined }
  await kivi.service.app.register(
    collectorRoutes({ catalog: () => of, producer, topic: 'events', telemetry, only: null }),
  )
  url = new URL(await kivi.service.start())
  document = (await kivi.get('/openapi.json')).body
})
afterAll(() => kivi?.close())

const LIKELY = {
  window: ['10s', '15m', '1h', '1d', '7d', '90d', '720d', '0s', '-1d', '1d1h', '999999999999d', '1w'],
  from: TIMES,
  to: TIMES,
  at: TIMES,
  until: TIMES,
  as_of: TIMES,
  by: ['campaign', 'campaign,campaign', ''],
  filter: ['campaign:spring', 'campaign:', 'campaign:a,b,%25', ':x', 'campaign'],
  step: ['10s', '15m', '1h', 'day', 'week', 'month', 'quarter', 'year', '1s', '7m', '60'],
  limit: ['0', '-1', '1', '1e9', '1000', '1001', '1.5', 'NaN', '0x10', ' 1'],
  cursor: ['', 'Y3Ry', 'bm9uZQ', '%', 'WzEsImEiXQ'],
  owner: ['', 'sales'],
  query: ['kivi_ctr', 'sum by (campaign) (rate(kivi_clicks[1h]))', 'kivi_ctr{campaign=~".*"} / 0', '1e309', '((((('],
  indicators: ['ctr', 'clicks', 'nope'],
  indicator: ['ctr', 'buyers', 'nope'],
  x: ['ctr', 'clicks'],
  y: ['clicks', 'nope'],
  name: ['market', 'campaign', '__name__', 'nope'],
  id: [
    'ctr',
    'impressions',
    'buyers',
    'amounts',
    'checkout',
    'nope',
    '__proto__',
    'constructor',
    '..',
    'x'.repeat(300),
  ],
  set_by: ['ann'],
  matchers: ['campaign="spring"', 'campaign=~"(a+)+$"', '=', 'x'],
  duration: ['1h', '0s', '999999999999d'],
}

/** An answer that does not come is the worst one. */
const WITHIN_MS = 10_000

let document: OpenApi
const shapes = new Map<string, ValidateFunction>()

/** Asks, and holds what comes to the document: an answer of its shape, or a problem that the asker can mend. */
async function ask(app: FastifyInstance, { method, path, url: address, body }: MadeUp, key: string | null) {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`${method} ${address} has no answer yet`)), WITHIN_MS)
  const answer = await Promise.race([
    injected(app, {
      method: method as 'GET',
      url: address,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': body.type }),
      },
      ...(body === undefined ? {} : { payload: body.text }),
    }),
    late.promise,
  ]).finally(() => clearTimeout(timer))
  const { statusCode: status, headers } = answer
  const type = String(headers['content-type'] ?? '')
  expect(status).toBeLessThan(500)
  // nothing of a request becomes a header
  expect(headers['x-a']).toBeUndefined()
  if (status < 300) {
    const schema =
      document.paths[path]?.[method.toLowerCase()]?.responses[status]?.content?.['application/json']?.schema
    if (schema === undefined || !type.startsWith('application/json')) return { status, text: answer.body }
    const name = `${method} ${path} ${status}`
    const fits = shapes.get(name) ?? new Ajv({ strict: false, validateFormats: false }).compile(schema)
    shapes.set(name, fits)
    expect([name, fits(JSON.parse(answer.body)), fits.errors]).toEqual([name, true, null])
  } else if (path.startsWith('/prometheus/') && type.startsWith('application/json')) {
    expect(JSON.parse(answer.body)).toMatchObject({ status: 'error', error: expect.stringMatching(/.{10}/) })
  } else {
    expect([status, type]).toEqual([status, 'application/problem+json; charset=utf-8'])
    const told = JSON.parse(answer.body)
    expect(told).toMatchObject({ status, code: expect.any(String), detail: expect.stringMatching(/.{15}/) })
  }
  return { status, text: answer.body }
}

/** Of which addresses the document tells, without and with a body. */
function pathsWhere(of: OpenApi['paths'], keep: (method: string, path: string) => boolean): OpenApi['paths'] {
  return Object.fromEntries(
    Object.entries(of).map(([path, methods]) => [
      path,
      Object.fromEntries(Object.entries(methods).filter(([method]) => keep(method, path))),
    ]),
  )
}

/** Asks so many made-up requests: how often each status came, and which addresses answered. */
async function askAll(paths: OpenApi['paths'], numRuns: number) {
  const seen = new Map<number, number>()
  const reached = new Set<string>()
  await fc.assert(
    fc.asyncProperty(madeUpRequests(paths, LIKELY), async request => {
      const { status } = await ask(kivi.service.app, request, null)
      seen.set(status, (seen.get(status) ?? 0) + 1)
      if (status < 300) reached.add(`${request.method} ${request.path}`)
    }),
    { numRuns },
  )
  return { seen, reached }
}

test('whatever is asked, the answer is what the document says, or a problem that the asker can mend', async () => {
  const statements = vi.spyOn(kivi.clickhouse, 'rows')
  const { seen, reached } = await askAll(
    pathsWhere(document.paths, method => method === 'get'),
    600,
  )
  // neither all refused nor all let through
  expect(seen.get(200)).toBeGreaterThan(100)
  expect(seen.get(400)).toBeGreaterThan(100)
  expect(reached.size).toBeGreaterThan(20)

  // no statement over data that grow was without its limits
  const growing = statements.mock.calls.filter(([sql]) =>
    /\b(FROM|JOIN) (`?\w+`?\.)?`?(slices|events|points|ledger|audit|entity_\w+)\b/.test(sql),
  )
  expect(growing.length).toBeGreaterThan(15)
  for (const [sql, , options] of growing) {
    const { max_execution_time: time, max_result_rows: rows, max_memory_usage: memory } = options?.settings ?? {}
    expect([sql.slice(0, 400), Number(time) <= 10, Number(rows) <= 1_000_000, Number(memory) <= 2 ** 31]).toEqual([
      sql.slice(0, 400),
      true,
      true,
      true,
    ])
  }
}, 180_000)

test('whatever is sent, it is taken or refused with what to do about it', async () => {
  const { seen, reached } = await askAll(
    pathsWhere(document.paths, (method, path) => method !== 'get' && path.startsWith('/v1/')),
    250,
  )
  expect((seen.get(200) ?? 0) + (seen.get(201) ?? 0)).toBeGreaterThan(3)
  expect(seen.get(400)).toBeGreaterThan(50)
  expect(reached.size).toBeGreaterThan(1)
})

test('with keys of every kind it is the same, and a limited one is told nothing beyond its part', async () => {
  const world = await createWorld()
  try {
    const secrets: Array<readonly [secret: string | null, hidden: RegExp | null]> = [
      [null, null],
      ['kivi_not-a-key', null],
    ]
    const limits = [
      { scope: { owner: 'growth', dimensions: {} }, hidden: /support_secret|north_star_secret/ },
      { scope: { owner: null, dimensions: { region: ['north'] } }, hidden: /secret/ },
    ]
    for (const role of ['ingest', 'read', 'steer', 'admin'] as const)
      secrets.push([(await world.key([role], null, role)).secret, null])
    for (const [index, { scope, hidden }] of limits.entries())
      secrets.push([(await world.key(['read'], scope, `limited ${index}`)).secret, hidden])
    world.kivi.clock('2026-06-01T06:00:50Z')
    const { body } = await world.ask(null, '/openapi.json')
    const { paths } = body as OpenApi
    const likely = {
      ...LIKELY,
      id: ['turnover', 'click_rate', 'support_cost'],
      indicators: ['turnover'],
      by: ['region'],
    }
    const statuses = new Set<number>()
    await fc.assert(
      fc.asyncProperty(
        madeUpRequests(paths, likely),
        fc.constantFrom(...secrets),
        async (request, [secret, hidden]) => {
          const { status, text } = await ask(world.kivi.service.app, request, secret)
          statuses.add(status)
          if (hidden !== null && status === 200) expect(text).not.toMatch(hidden)
        },
      ),
      { numRuns: 300 },
    )
    for (const status of [200, 400, 401, 403]) expect(statuses).toContain(status)
  } finally {
    await world.kivi.close()
  }
}, 180_000)

test('the first instant that there is can be asked for', async () => {
  expect(await kivi.get('/v1/indicators/ctr/series?from=1970-01-01T00:00:00Z&step=year')).toMatchObject({ status: 200 })
})

/** Status line, headers and body of what a socket answers to these bytes. */
function raw(request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(Number(url.port), url.hostname, () => socket.write(request, 'latin1'))
    socket.setEncoding('utf8').on('data', chunk => (text += chunk))
    socket.on('close', () => resolve(text)).on('error', reject)
  })
}

test.each([
  ['a NUL byte', 'GET /v1/board?level=\0 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', 400],
  [
    'a broken escape in the path',
    'GET /v1/indicators/%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    400,
  ],
  ['no HTTP', 'HELLO\r\n\r\n', 400],
  ['an address that never ends', `GET /v1/board?level=${'x'.repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, 431],
  ['a method that nobody knows', 'BREW /v1/board HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', 400],
  ['a long id', `GET /v1/indicators/${'x'.repeat(300)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`, 404],
])('bytes that are no request for an answer end as a problem: %s', async (_what, request, status) => {
  const answer = await raw(request)
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(answer.toLowerCase()).toContain('content-type: application/problem+json')
  expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))).toMatchObject({ status, code: expect.any(String) })
})

test('HEAD is answered like GET without a body; other methods are told what is allowed', async () => {
  const ask = (method: 'HEAD' | 'OPTIONS' | 'PUT' | 'DELETE' | 'GET', path = '/v1/board') =>
    kivi.service.app.inject({ method, url: path })
  const [head, got] = [await ask('HEAD'), await ask('GET')]
  expect([head.statusCode, head.body, head.headers['etag']]).toEqual([200, '', got.headers['etag']])
  const options = await ask('OPTIONS')
  expect([options.statusCode, options.headers['allow'], options.body]).toEqual([204, 'GET, HEAD', ''])
  for (const method of ['PUT', 'DELETE'] as const) {
    const answer = await ask(method)
    expect([answer.statusCode, answer.headers['allow'], answer.json().code]).toEqual([
      405,
      'GET, HEAD',
      'method_not_allowed',
    ])
  }
  expect((await ask('PUT', '/nothing')).json().code).toBe('not_found')
})
