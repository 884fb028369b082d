import { connect } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalogOf, createQueryFixture, type QueryFixture } from './fixture.ts'

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
  url = new URL(await kivi.service.start())
})
afterAll(() => kivi?.close())

const PLAIN: Record<string, readonly string[]> = {
  window: ['10s', '15m', '1h', '1d', '7d', '90d', '720d', '0s', '-1d', '1d1h', '999999999999d', '1w'],
  from: ['2026-03-29T00:00:00Z', '2026-03-29T01:00:00+01:00', '2026-03-29T02:30:00+02:00', '1970-01-01T00:00:00Z'],
  to: ['2026-03-29T00:00:00Z', '2026-03-29T12:00:00Z', '2026-10-25T02:30:00+02:00', '2105-12-31T00:00:00Z'],
  as_of: ['2026-03-29T12:00:00Z', '2026-03-29T00:00:00Z', '2105-12-31T00:00:00Z', '1970-01-01T00:00:00Z'],
  by: ['campaign', 'campaign,campaign', ''],
  filter: ['campaign:spring', 'campaign:', 'campaign:a,b,%25', ':x', 'campaign'],
  step: ['10s', '15m', '1h', 'day', 'week', 'month', 'quarter', 'year', '1s', '7m'],
  limit: ['0', '-1', '1', '1e9', '1000', '1001', '1.5', 'NaN', '0x10', ' 1'],
  cursor: ['', 'Y3Ry', 'bm9uZQ', '%'],
  owner: ['', 'sales'],
  id: ['ctr', 'impressions', 'buyers', 'amounts', 'nope', '__proto__', 'constructor', '%00', '..', 'x'.repeat(300)],
}
const TIMES = [
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '2026-02-30T00:00:00Z',
  '2026-03-29 02:30:00Z',
  '2026-13-01T00:00:00Z',
  '2200-01-01T00:00:00+24:00',
]
const strange = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }).map(text => encodeURIComponent(text.toWellFormed())),
  fc.constantFrom(
    '%',
    '%zz',
    '%00',
    '%ff%fe',
    '',
    'null',
    'undefined',
    '[]',
    '{}',
    "'",
    '%27%20OR%201',
    '1e309',
    ...TIMES,
  ),
)
const ordinary = (name: string, schema: { enum?: readonly string[] }) =>
  fc.constantFrom(...(schema.enum ?? PLAIN[name] ?? ['']), ...TIMES.slice(0, 2)).map(encodeURIComponent)

interface Parameter {
  readonly in: string
  readonly name: string
  readonly schema: { enum?: readonly string[] }
}

/** Requests of every route of the OpenAPI document, with parameters that are mostly near to what it describes. */
async function requests(): Promise<fc.Arbitrary<string>> {
  const { body } = await kivi.get('/openapi.json')
  // Prometheus's own API tells errors in its own way
  const routes = Object.entries(body.paths as Record<string, { get: { parameters?: Parameter[] } }>).filter(
    ([path]) => path.startsWith('/v1/'),
  )
  const ofRoute = ([path, { get }]: (typeof routes)[number]) => {
    const parameters = (get.parameters ?? []).filter(parameter => parameter.in === 'query')
    const pair = fc.oneof(
      {
        weight: 12,
        arbitrary:
          parameters.length === 0
            ? fc.constant('')
            : fc
                .constantFrom(...parameters)
                .chain(({ name, schema }) =>
                  fc.oneof({ weight: 4, arbitrary: ordinary(name, schema) }, strange).map(value => `${name}=${value}`),
                ),
      },
      { weight: 1, arbitrary: fc.tuple(strange, strange).map(([name, value]) => `${name}=${value}`) },
    )
    const id = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('ctr', 'buyers', 'amounts') },
      ordinary('id', {}),
      strange,
    )
    return fc
      .tuple(id, fc.array(pair, { maxLength: 4 }))
      .map(([name, pairs]) => `${path.replace('{id}', name.replaceAll('?', ''))}?${pairs.filter(Boolean).join('&')}`)
  }
  return fc.oneof(...routes.map(ofRoute))
}

test('whatever is asked, the answer is an answer or a problem that the asker can mend', async () => {
  const seen = new Map<number, number>()
  await fc.assert(
    fc.asyncProperty(await requests(), async path => {
      const { status, headers, body } = await kivi.get(path)
      seen.set(status, (seen.get(status) ?? 0) + 1)
      if (status === 200) return
      expect(status).toBeGreaterThanOrEqual(400)
      expect(status).toBeLessThan(500)
      expect(headers['content-type']).toBe('application/problem+json; charset=utf-8')
      expect(body).toMatchObject({ status, code: expect.any(String), detail: expect.stringMatching(/.{15}/) })
    }),
    { numRuns: 500 },
  )
  // neither all refused nor all let through
  expect(seen.get(200)).toBeGreaterThan(50)
  expect(seen.get(400)).toBeGreaterThan(50)
}, 60_000)

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
  for (const method of ['OPTIONS', 'PUT', 'DELETE'] as const) {
    const answer = await ask(method)
    expect([answer.statusCode, answer.headers['allow'], answer.json().code]).toEqual([
      405,
      'GET, HEAD',
      'method_not_allowed',
    ])
  }
  expect((await ask('PUT', '/nothing')).json().code).toBe('not_found')
})
