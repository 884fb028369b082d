/** What answers cost: every statement that reaches ClickHouse is counted, whoever sends it. */
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import {
  createClickHouse,
  createMeasureSource,
  createPointStore,
  createPulse,
  createSliceReader,
  createSteeringStore,
} from '@kivi/clickhouse'
import { createZone } from '@kivi/domain'
import { createQueryService, type QueryService } from '@kivi/query-service'
import { createLogger, createTelemetry } from '@kivi/service-kit'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { catalogOf, createQueryFixture, type QueryFixture } from '../query/fixture.ts'

const PULSE = /'partition' AS kind/
let world: QueryFixture
let service: QueryService
let stop: () => Promise<void>
let statements: string[] = []
let now = Date.parse('2026-03-10T12:00:40Z')
/** of the pulse, which goes by a clock of its own */
let clock = 0

const pulses = () => statements.filter(sql => PULSE.test(sql)).length
const others = () => statements.filter(sql => !PULSE.test(sql))
const pass = (ms: number) => {
  now += ms
  clock += ms
}

beforeAll(async () => {
  const catalog = await catalogOf({
    'kivi.yaml': 'timezone: UTC\ncurrency: EUR\nboard: [clicks, ctr, kept]\n',
    'measures.yaml': `
measures:
  impressions: { event: impression, agg: count, dimensions: [campaign] }
  clicks: { event: click, agg: count, dimensions: [campaign] }
indicators:
  ctr: { label: CTR, type: ratio, numerator: clicks, denominator: impressions, better: higher }
  kept: { label: Kept, type: derived, expr: clicks + 1, better: higher, record: { every: 1h } }
`,
  })
  world = await createQueryFixture(catalog, { now: '2026-03-10T12:00:40Z' })
  await world.insert([
    { event_time: '2026-03-10T11:00:00Z', event_type: 'impression', campaign: 'spring' },
    { event_time: '2026-03-10T11:00:00Z', event_type: 'click', campaign: 'spring' },
  ])
  const target = new URL(world.clickhouse.options.url)
  const counting = createServer((incoming, outgoing) => {
    const pieces: Buffer[] = []
    incoming.on('data', piece => pieces.push(piece))
    incoming.on('end', () => {
      const body = Buffer.concat(pieces)
      statements.push(body.toString())
      const { url: path, method, headers } = incoming
      request({ hostname: target.hostname, port: target.port, path, method, headers }, answer => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
      }).end(body)
    })
  })
  await new Promise<void>(resolve => counting.listen(0, '127.0.0.1', resolve))
  const clickhouse = createClickHouse({
    url: `http://127.0.0.1:${(counting.address() as AddressInfo).port}`,
    database: world.clickhouse.database,
  })
  const pulse = createPulse({ clickhouse, maxAgeMs: 1_500, clock: () => clock })
  service = await createQueryService({
    catalog: () => catalog,
    source: createMeasureSource({
      clickhouse,
      pulse,
      slices: createSliceReader(clickhouse, { zone: () => createZone('UTC') }),
      rawRetentionMs: 0,
    }),
    points: createPointStore(clickhouse, { pulse }),
    steering: createSteeringStore(clickhouse, pulse),
    telemetry: createTelemetry(createLogger({ service: 'caching', level: 'silent' }), { defaults: false }),
    http: { host: '127.0.0.1', port: 0 },
    retention: { tenSeconds: Infinity, quarterHour: Infinity, day: Infinity },
    disorderMs: 30_000,
    idleAfterMs: 30_000,
    now: () => now,
  })
  stop = async () => {
    await service.stop()
    await clickhouse.close()
    counting.closeAllConnections()
    counting.close()
  }
})
afterAll(async () => {
  await stop?.()
  await world?.close()
})
beforeEach(async () => {
  // long enough that nothing of a test before is given on
  pass(120_000)
  world.clock(now)
  await world.watermark(new Date(now - 35_000).toISOString())
  statements = []
})

const get = (url: string, headers: Record<string, string> = {}) => service.app.inject({ url, headers })
/** until what is made behind an answer's back is there */
const settled = async () => {
  for (let before = -1; before !== statements.length; ) {
    before = statements.length
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

test('however many ask at once, and again, the board costs its statements once', async () => {
  const first = await Promise.all(Array.from({ length: 200 }, () => get('/v1/board')))
  expect(new Set(first.map(({ statusCode }) => statusCode))).toEqual(new Set([200]))
  expect(new Set(first.map(({ body }) => body)).size).toBe(1)
  await settled()
  const cold = statements.length
  expect(pulses()).toBe(1)
  expect(cold).toBeLessThanOrEqual(12)
  await Promise.all(Array.from({ length: 200 }, () => get('/v1/board')))
  expect(statements).toHaveLength(cold)
})

test('while nothing changes, 304s cost one statement a second, which asks whether anything did', async () => {
  const { headers } = await get('/v1/board?window=1d')
  await settled()
  statements = []
  // within one slice of ten seconds
  for (let second = 0; second < 9; second++) {
    for (let n = 0; n < 50; n++) {
      const answer = await get('/v1/board?window=1d', { 'if-none-match': headers['etag'] as string })
      expect(answer.statusCode).toBe(304)
      expect(answer.body).toBe('')
    }
    pass(1_000)
  }
  await settled()
  expect(others()).toEqual([])
  expect(pulses()).toBeGreaterThan(0)
  expect(pulses()).toBeLessThanOrEqual(9)
})

test('while the data change each second, a board that is polled costs at most two statements a second', async () => {
  await get('/v1/board?window=1d')
  await settled()
  statements = []
  const bodies = new Set<string>()
  const SECONDS = 20
  for (let second = 0; second < SECONDS; second++) {
    await world.watermark(new Date(now - 30_000).toISOString())
    for (let poll = 0; poll < 10; poll++) {
      bodies.add((await get('/v1/board?window=1d')).body)
      pass(100)
    }
    await settled()
  }
  expect(bodies.size).toBeGreaterThan(5)
  // an answer that was just made is not held against the data
  expect(pulses()).toBeLessThanOrEqual(0.75 * SECONDS)
  expect(statements.length / SECONDS).toBeLessThanOrEqual(2)
})

test('a question is the same question whatever the order of its parameters', async () => {
  const one = await get('/v1/indicators/ctr/series?window=1d&step=1h&by=campaign')
  await settled()
  statements = []
  const two = await get('/v1/indicators/ctr/series?by=campaign&step=1h&window=1d')
  expect(two.body).toBe(one.body)
  expect(statements).toEqual([])
})

test('what people set through another service is seen within two seconds, and reading it costs nothing until then', async () => {
  await get('/v1/indicators/ctr/value')
  await settled()
  statements = []
  for (let second = 0; second < 5; second++) {
    await get('/v1/indicators/ctr/value')
    pass(1_000)
  }
  expect(statements.filter(sql => /targets_set/.test(sql) && !PULSE.test(sql))).toEqual([])
  const set = await world.send('PUT', '/v1/targets/ctr', { items: [{ value: 0.25 }], reason: 'plan', set_by: 'ann' })
  expect(set.status).toBe(200)
  pass(2_000)
  await get('/v1/indicators/ctr/value')
  const { items } = (await get('/v1/targets/ctr')).json()
  expect(items[0]).toMatchObject({ value: 0.25 })
})

test('a target is seen with the next answer by whoever set it, though the last one is only a moment old', async () => {
  const target = async () => (await get('/v1/indicators/ctr/value?window=1h')).json().target
  const before = await target()
  const { body } = await get('/v1/board?window=1h')
  const set = await service.app.inject({
    ...{ method: 'PUT', url: '/v1/targets/ctr' },
    payload: { items: [{ value: 0.5 }], reason: 'plan', set_by: 'ann' },
  })
  expect(set.statusCode).toBe(200)
  expect(before).not.toBe(0.5)
  expect(await target()).toBe(0.5)
  expect((await get('/v1/board?window=1h')).body).not.toBe(body)
})

const CONTROL: Array<[what: string, path: string, control: string | RegExp]> = [
  ['a window that moves', 'value?window=1d', 'public, no-cache'],
  ['a window whose end is not counted yet', 'value?window=1h&to=2026-03-11T00:00:00Z', 'public, no-cache'],
  ['a past day', 'value?window=1d&to=2026-03-10T12:00:00Z', /^public, max-age=\d+, stale-while-revalidate=\d+$/],
  ['a past series', 'series?from=2026-03-09T00:00:00Z&to=2026-03-10T12:00:00Z', /^public, max-age=\d+/],
  ['a series that goes on', 'series?from=2026-03-09T00:00:00Z', 'public, no-cache'],
]
test.each(CONTROL)('%s says how long it may be kept', async (_what, path, control) => {
  const { headers, statusCode } = await get(`/v1/indicators/clicks/${path}`)
  expect(statusCode).toBe(200)
  expect(headers['cache-control']).toMatch(control)
})

test('an answer in another encoding is the same answer, with a mark of its own', async () => {
  const path = '/v1/indicators/ctr/series?window=1d&step=15m'
  const plain = await get(path)
  expect([plain.headers['content-encoding'], plain.headers['vary']]).toEqual([undefined, 'accept, accept-encoding'])
  const marks = new Set([plain.headers['etag']])
  for (const [accepted, encoding, open] of [
    ['gzip, deflate, br', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
    ['br;q=0.5, gzip;q=0.9', 'gzip', gunzipSync],
  ] as const) {
    const answer = await get(path, { 'accept-encoding': accepted })
    expect(answer.headers['content-encoding']).toBe(encoding)
    expect(open(answer.rawPayload).toString()).toBe(plain.body)
    expect(answer.rawPayload.length).toBeLessThan(plain.rawPayload.length / 3)
    marks.add(answer.headers['etag'])
    const again = await get(path, { 'accept-encoding': accepted, 'if-none-match': String(answer.headers['etag']) })
    expect(again.statusCode).toBe(304)
  }
  expect(marks.size).toBe(3)
  const refused = await get(path, { 'accept-encoding': 'identity, br;q=0, gzip;q=0' })
  expect(refused.headers['content-encoding']).toBeUndefined()
})
