import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAlertRing } from '../../../services/query-service/src/live/alert-ring.ts'
import { createWorld, type World } from '../access/world.ts'
import { openStream } from './stream.ts'

let world: World
let url: string
const alerts = createAlertRing({ capacity: 100 })
let seconds = 0
/** keys are read at most once a second, by the clock that the test has in its hand */
const later = () => world.kivi.clock(Date.parse('2026-06-01T06:01:00Z') + 1000 * ++seconds)

beforeAll(async () => {
  world = await createWorld({ live: { everyMs: 20, streamsPerKey: 2 }, alerts })
  url = `${await world.kivi.service.start()}/v1/stream`
})
afterAll(() => world?.kivi.close())

const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` })

test('a stream needs the role read', async () => {
  const { secret } = await world.key(['ingest'], null, 'shop')
  later()
  expect((await world.ask(null, '/v1/stream')).body.code).toBe('key_missing')
  expect((await world.ask(secret, '/v1/stream')).body.code).toBe('key_lacks_role')
})

test('a key has so many streams at most, and another key its own', async () => {
  const [ann, bob] = [(await world.key(['read'], null, 'ann')).secret, (await world.key(['read'], null, 'bob')).secret]
  later()
  const streams = [await openStream(url, bearer(ann)), await openStream(url, bearer(ann))]
  const refused = await world.ask(ann, '/v1/stream')
  expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_streams' } })
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  streams.push(await openStream(url, bearer(bob)))
  expect(streams.map(({ status }) => status)).toEqual([200, 200, 200])
  for (const stream of streams) stream.close()
})

test('the streams of a revoked key end, and no others', async () => {
  const gone = await world.key(['read'], null, 'gone')
  const stays = await world.key(['read'], null, 'stays')
  later()
  const ends = await openStream(url, bearer(gone.secret))
  const goesOn = await openStream(url, bearer(stays.secret))
  await ends.next()
  await world.store.revoke(gone.key, Date.parse('2026-06-01T06:01:30Z'))
  later()
  expect(await ends.nextOf('end')).toMatchObject({ data: { reason: 'key_revoked' } })
  await ends.closed
  alerts.publish({ position: alerts.newest() + 1, indicator: null, by: {}, alert: { name: 'still there' } })
  expect((await goesOn.nextOf('alert')).data.name).toBe('still there')
  goesOn.close()
})

test('a limited key hears of its part only', async () => {
  const north = await world.key(['read'], { owner: null, dimensions: { region: ['north'] } }, 'north')
  const growth = await world.key(['read'], { owner: 'growth', dimensions: {} }, 'growth')
  later()
  const [own, owned] = [await openStream(url, bearer(north.secret)), await openStream(url, bearer(growth.secret))]
  for (const [stream, secret] of [
    [own, north.secret],
    [owned, growth.secret],
  ] as const) {
    const { event, data } = await stream.next()
    expect(event).toBe('board')
    expect(data).toEqual((await world.ask(secret, '/v1/board')).body)
    expect(data.indicators.map(({ id }: { id: string }) => id)).toEqual(['turnover', 'click_rate'])
  }
  const publish = (name: string, indicator: string | null, by: Record<string, string>) =>
    alerts.publish({ position: alerts.newest() + 1, indicator, by, alert: { name } })
  publish('of Kivi itself', null, {})
  publish('of support', 'support_cost', {})
  publish('of all regions', 'turnover', {})
  publish('of the south', 'turnover', { region: 'south' })
  publish('of the north', 'turnover', { region: 'north' })
  expect((await own.nextOf('alert')).data.name).toBe('of the north')
  const heard = [await owned.nextOf('alert'), await owned.nextOf('alert'), await owned.nextOf('alert')]
  expect(heard.map(({ data }) => data.name)).toEqual(['of all regions', 'of the south', 'of the north'])
  expect(own.text() + owned.text()).not.toMatch(/support_|of Kivi|secret/)
  own.close()
  owned.close()
})
