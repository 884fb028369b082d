import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorld, type World } from './world.ts'

let world: World
const secrets: Record<string, string> = {}
const ROLES = ['ingest', 'read', 'steer', 'admin'] as const

beforeAll(async () => {
  world = await createWorld()
  for (const role of ROLES) secrets[role] = (await world.key([role], null, role)).secret
  // keys are read at most once a second, by the clock that the test has in its hand
  world.kivi.clock('2026-06-01T06:00:50Z')
})
afterAll(() => world?.kivi.close())

/** every address of the API with its methods; parameters are filled in with what there is */
async function routes(): Promise<Array<[method: 'GET' | 'PUT' | 'POST', path: string]>> {
  const { body } = await world.ask(null, '/openapi.json')
  return Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) =>
    Object.keys(methods).map((method): ['GET' | 'PUT' | 'POST', string] => [
      method.toUpperCase() as 'GET',
      path.replace('{id}', 'turnover').replace('{name}', 'market_size'),
    ]),
  )
}
const BUILD = '/prometheus/api/v1/status/buildinfo'
const OPEN = ['/healthz', '/readyz', '/openapi.json', '/v1/access', BUILD, '/', '/docs', '/page/docs.js']

test('each key is told what it may do, and who has none that keys are needed', async () => {
  const all = { ingest: ['ingest'], read: ['read'], steer: ['read', 'steer'], admin: ROLES }
  for (const role of ROLES) {
    const { status, body, headers } = await world.ask(secrets[role] as string, '/v1/access')
    expect([status, body]).toEqual([
      200,
      { protected: true, name: role, key: expect.stringMatching(/^[0-9a-f]{8}$/), roles: all[role], scope: null },
    ])
    expect(headers).toMatchObject({
      'cache-control': 'private, no-cache',
      vary: expect.stringContaining('authorization'),
    })
  }
  const stranger = await world.ask(null, '/v1/access')
  expect(stranger.body).toEqual({ protected: true, name: null, key: null, roles: [], scope: null })
  expect(stranger.headers['vary']).toContain('authorization')
  const wrong = await world.ask(`kivi_${'A'.repeat(43)}`, '/v1/access')
  expect([wrong.status, wrong.body.code]).toEqual([401, 'key_unknown'])
  // never the secret, nor what could be tried against it
  for (const { hash } of await world.store.keys())
    expect((await world.ask(secrets['admin'] as string, '/v1/access')).text).not.toContain(hash)
})

test('what machines ask is read, by POST too', async () => {
  const query = '/prometheus/api/v1/query?query=kivi_turnover'
  for (const [path, method] of [
    [query, 'GET'],
    [query, 'POST'],
    ['/metrics/indicators', 'GET'],
  ] as const)
    for (const [secret, status] of [
      [null, 401],
      ['ingest', 403],
      ['read', 200],
      ['admin', 200],
    ] as const) {
      const answer = await world.ask(secret === null ? null : (secrets[secret] as string), path, method)
      expect([method, path, secret, answer.status]).toEqual([method, path, secret, status])
    }
})

test('without a key only what tells nothing is answered', async () => {
  for (const path of OPEN) expect([path, (await world.ask(null, path)).status]).toEqual([path, 200])
  const closed = (await routes()).filter(([, path]) => !OPEN.includes(path))
  expect(closed.length).toBeGreaterThan(20)
  for (const [method, path] of [...closed, ['GET', '/nowhere'], ['HEAD', '/v1/board']] as const) {
    const { status, headers } = await world.ask(null, path, method)
    expect([method, path, status, headers['www-authenticate']]).toEqual([method, path, 401, 'Bearer realm="kivi"'])
  }
})

test('every address with every role: reading needs read, setting needs steer', async () => {
  const all = (await routes()).filter(([, path]) => !OPEN.includes(path))
  const may = { ingest: [], read: ['GET'], steer: ['GET', 'PUT', 'POST'], admin: ['GET', 'PUT', 'POST'] } as const
  for (const [method, path] of all)
    for (const role of ROLES) {
      if (path === '/v1/audit') continue
      const { status, body } = await world.ask(secrets[role] as string, path, method)
      const refused = status === 401 || status === 403
      expect([method, path, role, refused]).toEqual([
        method,
        path,
        role,
        // a query of Prometheus may be too long for an address, and is reading all the same
        !(may[role] as readonly string[]).includes(path.startsWith('/prometheus/') ? 'GET' : method),
      ])
      if (refused)
        expect(body).toMatchObject({ code: 'key_lacks_role', detail: expect.stringContaining('use a key that has it') })
    }
})

test.each([
  ['Basic YWRhOmFkYQ=='],
  ['Bearer'],
  ['Bearer kivi_'],
  ["Bearer ' OR 1=1 --"],
  [`Bearer kivi_${'A'.repeat(43)}`],
])('%s is no key', async authorization => {
  const response = await world.kivi.service.app.inject({ url: '/v1/board', headers: { authorization } })
  expect(response.statusCode).toBe(401)
  expect(response.headers['www-authenticate']).toContain('invalid_token')
  expect(response.json().code).toBe('key_unknown')
})

test('the hash of a key, and its id, open nothing', async () => {
  const { key } = await world.key(['read'], null, 'leaked')
  world.kivi.clock('2026-06-01T06:01:00Z')
  for (const text of [key.hash, key.id, `kivi_${key.hash}`])
    expect((await world.ask(text, '/v1/board')).body.code).toBe('key_unknown')
})

test('a revoked key is refused a second later, and stays revoked though its use is noted after that', async () => {
  const { key, secret } = await world.key(['read'], null, 'gone')
  world.kivi.clock('2026-06-01T06:02:00Z')
  expect((await world.ask(secret, '/v1/board')).status).toBe(200)
  await world.store.revoke(key, Date.parse('2026-06-01T06:02:00.500Z'))
  world.kivi.clock('2026-06-01T06:02:01Z')
  expect((await world.ask(secret, '/v1/board')).body.code).toBe('key_unknown')
  await world.store.used(key, Date.parse('2026-06-01T06:02:02Z'))
  world.kivi.clock('2026-06-01T06:02:03Z')
  expect((await world.ask(secret, '/v1/board')).body.code).toBe('key_unknown')
  const [stored] = (await world.store.keys()).filter(one => one.id === key.id)
  expect(stored).toMatchObject({ name: 'gone', roles: ['read'], revokedAt: Date.parse('2026-06-01T06:02:00.500Z') })
})

test('when a key was used is known to the hour', async () => {
  const { key, secret } = await world.key(['read'], null, 'busy')
  world.kivi.clock('2026-06-01T06:03:00Z')
  await world.ask(secret, '/v1/board')
  const used = async () => (await world.store.keys()).find(one => one.id === key.id)?.lastUsedAt
  await expect.poll(used).toBe(Date.parse('2026-06-01T06:03:00Z'))
  world.kivi.clock('2026-06-01T06:30:00Z')
  await world.ask(secret, '/v1/board')
  expect(await used()).toBe(Date.parse('2026-06-01T06:03:00Z'))
})

test('who set something is the name of the key, whoever the sender says to be', async () => {
  const sent = { items: [{ value: 500, per: 'day' }], reason: 'more', set_by: 'somebody else' }
  const put = await world.ask(secrets['steer'] as string, '/v1/targets/turnover', 'PUT', sent)
  expect(put.body.items[0]).toMatchObject({ value: 500, set_by: 'steer' })
  const star = await world.ask(secrets['steer'] as string, '/v1/north-star', 'PUT', {
    indicators: ['turnover'],
    reason: 'now',
    set_by: 'somebody else',
  })
  expect(star.body.history[0]).toMatchObject({ indicators: ['turnover'], set_by: 'steer' })
  const action = { label: 'x', indicators: ['turnover'], at: '2026-05-30T00:00:00Z', set_by: 'somebody else' }
  expect((await world.ask(secrets['admin'] as string, '/v1/actions', 'POST', action)).body.set_by).toBe('admin')
  const posted = { items: [{ value: 5, from: '2026-05-01T00:00:00Z' }], set_by: 'somebody else' }
  expect((await world.ask(secrets['steer'] as string, '/v1/references/market_size', 'POST', posted)).status).toBe(200)
  expect(await world.kivi.clickhouse.rows('SELECT DISTINCT set_by FROM references_posted')).toEqual([
    { set_by: 'steer' },
  ])
})
