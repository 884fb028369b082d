import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalogOf, createQueryFixture, type QueryFixture } from '../query/fixture.ts'
import { openStream } from './stream.ts'

let kivi: QueryFixture
let url: string

beforeAll(async () => {
  const catalog = await catalogOf({
    'kivi.yaml': 'timezone: UTC\ncurrency: EUR\nboard: [clicks]\n',
    'measures.yaml': 'measures: { clicks: { event: click, agg: count, dimensions: [campaign] } }\n',
  })
  kivi = await createQueryFixture(catalog, { now: '2026-03-10T12:00:40Z', live: { everyMs: 20 } })
  await kivi.insert([{ event_time: '2026-03-10T11:00:00Z', event_type: 'click', campaign: 'spring' }])
  await kivi.watermark('2026-03-10T12:00:05Z')
  url = `${await kivi.service.start()}/v1/stream`
})
afterAll(() => kivi?.close())

test('a stream begins with the board just as /v1/board has it', async () => {
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
})
