import { connect, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createAlertRing } from '../../../services/query-service/src/live/alert-ring.ts'
import { catalogOf, createQueryFixture, type Fields, type QueryFixture } from '../query/fixture.ts'
import { openStream as open, type TestStream } from './stream.ts'

let kivi: QueryFixture
let url: string
/** while set, ClickHouse is away */
let outage = false
let now = Date.parse('2026-03-10T12:00:40Z')
const alerts = createAlertRing({ capacity: 5 })
const opened: TestStream[] = []

async function openStream(...asked: Parameters<typeof open>): Promise<TestStream> {
  const stream = await open(...asked)
  opened.push(stream)
  return stream
}

beforeAll(async () => {
  const catalog = await catalogOf({
    'kivi.yaml': 'timezone: UTC\ncurrency: EUR\nboard: [clicks]\n',
    'measures.yaml': 'measures: { clicks: { event: click, agg: count, dimensions: [campaign] } }\n',
  })
  kivi = await createQueryFixture(catalog, {
    now: new Date(now).toISOString(),
    live: { everyMs: 20, streams: 40, boards: 5, heartbeatMs: 200, stalledMs: 1_000 },
    alerts,
    source: reader => ({
      ...reader,
      progress: () => (outage ? Promise.reject(new Error('away')) : reader.progress()),
    }),
  })
  await kivi.insert([click('2026-03-10T11:00:00Z')])
  await kivi.watermark('2026-03-10T12:00:05Z')
  url = `${await kivi.service.start()}/v1/stream`
})
afterAll(() => kivi?.close())
// what one test leaves open is not counted by the next
afterEach(async () => {
  for (const stream of opened.splice(0)) stream.close()
  await gone()
})

const click = (time: string): Fields => ({ event_time: time, event_type: 'click', campaign: 'spring' })

/** The next slice of ten seconds is complete, with a click in it. */
async function nextSlice(): Promise<void> {
  now += 10_000
  kivi.clock(now)
  await kivi.insert([click(new Date(now - 40_000).toISOString())])
  await kivi.watermark(new Date(now - 30_000).toISOString())
}
let position = 0
const publish = (name: string) =>
  alerts.publish({ position: ++position, indicator: 'clicks', by: {}, alert: { name, status: 'firing' } })
const metric = async (name: string): Promise<number> => {
  const values = (await kivi.telemetry.registry.getSingleMetric(name)?.get())?.values ?? []
  return values.reduce((sum, { value }) => sum + value, 0)
}
const gone = () => expect.poll(() => metric('kivi_stream_clients'), { timeout: 20_000 }).toBe(0)

test('a stream begins with the board just as /v1/board has it, and nothing on the way may keep it', async () => {
  const stream = await openStream(`${url}?window=1d`)
  expect(stream.status).toBe(200)
  expect(stream.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
  })
  expect(stream.headers['content-encoding']).toBeUndefined()
  const first = await stream.next()
  expect(first.event).toBe('board')
  expect(first.data).toEqual((await kivi.get('/v1/board?window=1d')).body)
  expect(first.data.indicators[0].value).toBe(1)
  expect(stream.text()).toMatch(/^retry: \d+\n\n/)
  stream.close()
  await gone()
})

test('a change reaches all who watch, by one reading; freshness alone comes as freshness', async () => {
  const streams = await Promise.all(Array.from({ length: 20 }, () => openStream(`${url}?window=1d`)))
  for (const stream of streams) expect((await stream.next()).event).toBe('board')
  const before = kivi.reads()
  await nextSlice()
  const boards = await Promise.all(streams.map(stream => stream.nextOf('board')))
  const { body } = await kivi.get('/v1/board?window=1d')
  for (const board of boards) expect(board).toEqual({ ...boards[0], data: body })
  // as many as there were states: the slices, then the watermark
  expect(kivi.reads() - before).toBeLessThanOrEqual(4)
  await kivi.watermark(new Date(now - 29_000).toISOString())
  for (const stream of streams) {
    const { event, data } = await stream.next()
    expect([event, Object.keys(data)]).toEqual(['freshness', ['watermark', 'newest_event']])
    expect(Date.parse(data.watermark)).toBe(now - 29_000)
    stream.close()
  }
  await gone()
})

test('who comes back hears what they missed, and nothing that they have', async () => {
  const first = await openStream(`${url}?window=1d`)
  await first.next()
  publish('one')
  const told = await first.next()
  expect([told.event, told.data]).toEqual(['alert', { name: 'one', status: 'firing' }])
  first.close()
  await gone()

  publish('two')
  publish('three')
  const second = await openStream(`${url}?window=1d`, { 'last-event-id': told.id })
  const missed = [await second.next(), await second.next()]
  expect(missed.map(({ event, data }) => [event, data.name])).toEqual([
    ['alert', 'two'],
    ['alert', 'three'],
  ])
  second.close()
  await gone()

  await nextSlice()
  const third = await openStream(`${url}?window=1d`, { 'last-event-id': missed[1]?.id as string })
  expect((await third.next()).event).toBe('board')
  third.close()
  await gone()
})

test('who was away for more alerts than are known is told to start over; who never had any is not', async () => {
  const stream = await openStream(url)
  const { id } = await stream.next()
  stream.close()
  for (let n = 0; n < 6; n++) publish(`many ${n}`)
  const back = await openStream(url, { 'last-event-id': id })
  const { event, data, id: newest } = await back.next()
  expect([event, data.of]).toEqual(['start_over', 'alerts'])
  publish('after it')
  expect((await back.next()).data.name).toBe('after it')
  back.close()
  const again = await openStream(url, { 'last-event-id': newest })
  expect((await again.next()).data.name).toBe('after it')
  again.close()
  for (const nonsense of ['nonsense', '..', `${'x'.repeat(5000)}.a.1`, 'a.b.-1', '%00']) {
    const stranger = await openStream(url, { 'last-event-id': nonsense })
    expect((await stranger.next()).event).toBe('board')
    stranger.close()
  }
  await gone()
})

test('silence is broken by comments', async () => {
  const stream = await openStream(url)
  await stream.next()
  await expect
    .poll(
      () =>
        stream
          .text()
          .split('\n\n')
          .filter(text => text === ':').length,
    )
    .toBeGreaterThan(2)
  stream.close()
  await gone()
})

test('while the board cannot be read, who watches is told so, and that it can be again', async () => {
  const stream = await openStream(url)
  await stream.next()
  outage = true
  const problem = await stream.next()
  expect([problem.event, problem.data.code]).toEqual(['problem', 'internal'])
  outage = false
  expect((await stream.next()).event).toBe('freshness')
  stream.close()
  await gone()
})

test('what cannot be asked is refused as at /v1/board, before there is a stream', async () => {
  for (const [query, code] of [
    ['window=1w', 'invalid_parameter'],
    ['by=campaign', 'unknown_parameter'],
  ] as const)
    expect((await kivi.get(`/v1/stream?${query}`)).body).toMatchObject({ status: 400, code })
  expect((await kivi.get('/v1/stream', { accept: 'application/json' })).body.code).toBe('not_acceptable')
  const head = await kivi.service.app.inject({ method: 'HEAD', url: '/v1/stream' })
  expect([head.statusCode, head.headers['allow']]).toEqual([405, 'GET'])
  await gone()
})

test('more streams than there may be are refused with when to come again, and places are given back', async () => {
  const streams = await Promise.all(Array.from({ length: 40 }, () => openStream(url)))
  const refused = await kivi.get('/v1/stream')
  expect(refused).toMatchObject({ status: 503, body: { code: 'streams_full', detail: expect.stringContaining('40') } })
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  for (const stream of streams) stream.close()
  await gone()
  const boards = await Promise.all(['1h', '2h', '3h', '4h', '5h'].map(window => openStream(`${url}?window=${window}`)))
  expect((await kivi.get('/v1/stream?window=6h')).body).toMatchObject({ code: 'streams_full', status: 503 })
  const shared = await openStream(`${url}?window=3h`)
  expect(shared.status).toBe(200)
  for (const stream of [...boards, shared]) stream.close()
  await gone()
  const last = await openStream(`${url}?window=6h`)
  expect(last.status).toBe(200)
  last.close()
  await gone()
})

test('connections that never read are given up, and cost those who do nothing', async () => {
  const { hostname, port } = new URL(url)
  const stuck = await Promise.all(
    Array.from(
      { length: 3 },
      () =>
        new Promise<Socket>(resolve => {
          const socket = connect(Number(port), hostname, () => {
            socket.pause()
            socket.write('GET /v1/stream?window=1d HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n')
            resolve(socket)
          })
          socket.on('error', () => undefined)
        }),
    ),
  )
  const reader = await openStream(`${url}?window=1d`)
  await reader.next()
  await expect.poll(() => metric('kivi_stream_clients')).toBe(4)
  // more than the operating system takes for them
  const long = 'x'.repeat(2 << 20)
  const heard: string[] = []
  for (let n = 0; n < 8; n++) {
    alerts.publish({ position: ++position, indicator: null, by: {}, alert: { name: `${n}`, long } })
    heard.push((await reader.nextOf('alert')).data.name)
  }
  expect(heard).toEqual(Array.from({ length: 8 }, (_, n) => `${n}`))
  await expect.poll(() => metric('kivi_stream_clients'), { timeout: 15_000 }).toBe(1)
  const closed = await kivi.telemetry.registry.getSingleMetric('kivi_stream_closed_total')?.get()
  expect(closed?.values.find(({ labels }) => labels['reason'] === 'too_slow')?.value).toBe(3)
  for (const socket of stuck) socket.destroy()
  reader.close()
  await gone()
}, 40_000)

test('a service that stops ends its streams at once and says so', async () => {
  const streams = await Promise.all(Array.from({ length: 10 }, () => openStream(url)))
  for (const stream of streams) await stream.next()
  const begun = performance.now()
  await kivi.service.stop()
  expect(performance.now() - begun).toBeLessThan(3_000)
  for (const stream of streams) {
    expect(await stream.nextOf('end')).toMatchObject({ data: { reason: 'stopping' }, id: '' })
    await stream.closed
  }
})
