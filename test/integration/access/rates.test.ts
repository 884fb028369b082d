import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ requestsPerMinute: 5 })
})
afterAll(() => world?.kivi.close())

const statuses = async (secret: string | null, path: string, times: number) => {
  const found = []
  for (let n = 0; n < times; n++) found.push((await world.ask(secret, path)).status)
  return found
}

test('a key has a rate of its own; more is refused with when to go on, before anything is read', async () => {
  const [ann, bob] = [(await world.key(['read'], null, 'ann')).secret, (await world.key(['read'], null, 'bob')).secret]
  world.kivi.clock('2026-06-01T06:01:00Z')
  expect(await statuses(ann, '/v1/board', 5)).toEqual([200, 200, 200, 200, 200])
  const reads = world.kivi.reads()
  const answer = await world.ask(ann, '/v1/indicators/turnover/value?window=1d')
  expect(answer).toMatchObject({ status: 429, body: { code: 'too_many_requests', title: expect.any(String) } })
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
  expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(60)
  expect(world.kivi.reads()).toBe(reads)
  expect((await world.ask(bob, '/v1/board')).status).toBe(200)
})

test('whoever tries keys is limited by address, and cannot use up the rate of a key', async () => {
  expect(await statuses('kivi_wrong', '/v1/board', 7)).toEqual([401, 401, 401, 401, 401, 429, 429])
  const { secret } = await world.key(['read'], null, 'cy')
  world.kivi.clock('2026-06-01T06:02:00Z')
  expect((await world.ask(secret, '/v1/board')).status).toBe(200)
})

test('orchestrators may ask for health as often as they like', async () => {
  expect(new Set(await statuses(null, '/healthz', 12))).toEqual(new Set([200]))
})
