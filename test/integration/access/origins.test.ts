import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorld, type World } from './world.ts'

const OURS = 'https://intranet.example.org'
const THEIRS = 'https://evil.example.org'

let open: World
let closed: World
let secret: string

beforeAll(async () => {
  open = await createWorld({ origins: [OURS] })
  closed = await createWorld()
  secret = (await open.key(['steer'], null, 'page')).secret
  open.kivi.clock('2026-06-01T06:00:50Z')
})
afterAll(async () => {
  await open?.kivi.close()
  await closed?.kivi.close()
})

const preflight = (world: World, origin: string, method = 'PUT') =>
  world.kivi.service.app.inject({
    method: 'OPTIONS',
    url: '/v1/targets/turnover',
    headers: {
      origin,
      'access-control-request-method': method,
      'access-control-request-headers': 'authorization,content-type,if-none-match',
    },
  })

test('a page of an origin that is named may ask with a key, and sees marks', async () => {
  const asked = await preflight(open, OURS)
  expect(asked.statusCode).toBe(204)
  expect(asked.headers).toMatchObject({
    'access-control-allow-origin': OURS,
    'access-control-allow-headers': 'accept, authorization, content-type, if-none-match, last-event-id',
    'access-control-allow-methods': 'GET, HEAD, PUT, POST, DELETE',
    'access-control-max-age': '600',
  })
  expect(String(asked.headers['vary'])).toContain('Origin')
  const answer = await open.kivi.service.app.inject({
    url: '/v1/board',
    headers: { origin: OURS, authorization: `Bearer ${secret}` },
  })
  expect(answer.statusCode).toBe(200)
  expect(answer.headers['access-control-allow-origin']).toBe(OURS)
  expect(answer.headers['access-control-allow-credentials']).toBeUndefined()
  expect(String(answer.headers['access-control-expose-headers'])).toContain('etag')
  expect(String(answer.headers['vary'])).toMatch(/origin/i)
  expect(String(answer.headers['vary'])).toMatch(/accept/i)
})

test('a page is told why it is refused, since problems may be read too', async () => {
  const answer = await open.kivi.service.app.inject({ url: '/v1/board', headers: { origin: OURS } })
  expect(answer.json().code).toBe('key_missing')
  expect(answer.headers['access-control-allow-origin']).toBe(OURS)
})

test.each([
  THEIRS,
  'null',
  'https://intranet.example.org.evil.example.org',
  'https://evil.example.org/https://intranet.example.org',
  'http://intranet.example.org',
  'https://intranet.example.org:8443',
  'HTTPS://INTRANET.EXAMPLE.ORG.',
])('%s is another origin: the browser gets no leave', async origin => {
  const asked = await preflight(open, origin)
  expect(asked.headers['access-control-allow-origin']).toBeUndefined()
  const answer = await open.kivi.service.app.inject({
    url: '/v1/board',
    headers: { origin, authorization: `Bearer ${secret}` },
  })
  expect(answer.headers['access-control-allow-origin']).toBeUndefined()
})

test('where no origin is named, none gets leave', async () => {
  for (const origin of [OURS, THEIRS]) {
    const asked = await preflight(closed, origin)
    expect([origin, asked.headers['access-control-allow-origin']]).toEqual([origin, undefined])
    expect(asked.statusCode).toBeGreaterThanOrEqual(400)
  }
})

test('an origin that is named opens no other host name of a service on this machine', async () => {
  const answer = await open.kivi.service.app.inject({
    url: '/v1/board',
    headers: { host: 'evil.example.org', origin: OURS, authorization: `Bearer ${secret}` },
  })
  expect([answer.statusCode, answer.json().code]).toEqual([421, 'forbidden_host'])
})
