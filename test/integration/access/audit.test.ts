import { createAuditStore } from '@kivi/clickhouse'
import { withAudit } from '@kivi/domain'
import { Ajv } from 'ajv'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorld, type World } from './world.ts'

let world: World
let ann: { secret: string; id: string }
let admin: string

beforeAll(async () => {
  world = await createWorld()
  const made = await world.key(['steer'], null, 'ann')
  ann = { secret: made.secret, id: made.key.id }
  admin = (await world.key(['admin'], null, 'root')).secret
  world.kivi.clock('2026-06-01T06:00:50Z')
})
afterAll(() => world?.kivi.close())

const audit = async (query = '') => (await world.ask(admin, `/v1/audit${query}`)).body

test('every change of what steers stands there: who, what, from what to what, why, by which request', async () => {
  const set = (value: number, reason: string) =>
    world.ask(ann.secret, '/v1/targets/turnover', 'PUT', { items: [{ value, per: 'day' }], reason })
  const first = await set(500, 'plan')
  world.kivi.clock('2026-06-01T06:01:00Z')
  await set(600, 'more')
  world.kivi.clock('2026-06-01T06:02:00Z')
  await world.ask(ann.secret, '/v1/north-star', 'PUT', { indicators: ['turnover'], reason: 'growth' })
  world.kivi.clock('2026-06-01T06:03:00Z')
  const action = { label: 'Spring', indicators: ['turnover'], at: '2026-05-01T00:00:00Z' }
  const { body: recorded } = await world.ask(ann.secret, '/v1/actions', 'POST', action)
  world.kivi.clock('2026-06-01T06:04:00Z')
  await world.ask(ann.secret, '/v1/actions', 'POST', { ...action, id: recorded.id, status: 'cancelled' })
  world.kivi.clock('2026-06-01T06:05:00Z')
  const value = { value: 7, from: '2026-01-01T00:00:00Z' }
  await world.ask(ann.secret, '/v1/references/market_size', 'POST', { items: [value], set_by: 'somebody else' })

  const { items, next } = await audit()
  expect(next).toBeNull()
  expect(items.map(({ what, subject }: { what: string; subject: string }) => [what, subject])).toEqual([
    ['references_posted', 'market_size'],
    ['action_changed', recorded.id],
    ['action_recorded', recorded.id],
    ['north_star_set', 'north_star'],
    ['targets_set', 'turnover'],
    ['targets_set', 'turnover'],
  ])
  for (const item of items) expect(item).toMatchObject({ actor: { key: ann.id, name: 'ann' }, outcome: 'done' })
  const [references, changed, , , second, oldest] = items
  expect(references.after).toEqual({ values: 1, first: [{ ...value, until: null, by: {} }] })
  expect([changed.before.status, changed.after.status]).toEqual(['done', 'cancelled'])
  expect(second).toMatchObject({ before: [{ value: 500 }], after: [{ value: 600 }], reason: 'more' })
  expect(oldest).toMatchObject({ before: null, at: '2026-06-01T06:00:50Z', id: first.headers['x-request-id'] })
})

test('it is told in pages, by who and what, and as a table', async () => {
  const ids: string[] = []
  let query: string | null = '?limit=4'
  while (query !== null) {
    const { items, next }: { items: Array<{ id: string }>; next: string | null } = await audit(query)
    ids.push(...items.map(({ id }) => id))
    query = next === null ? null : `?limit=4&cursor=${next}`
  }
  expect([new Set(ids).size, ids.length]).toEqual([6, 6])
  expect((await audit('?subject=turnover&what=targets_set')).items).toHaveLength(2)
  expect((await audit(`?actor=${ann.id}`)).items).toHaveLength(6)
  expect((await audit("?actor=x'%20OR%201=1")).items).toEqual([])
  const csv = await world.ask(admin, '/v1/audit?format=csv')
  expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8')
  expect(csv.text.split('\r\n')).toHaveLength(8)
  for (const cursor of ['x', 'W10', Buffer.from('[1e300,"a"]').toString('base64url')])
    expect((await world.ask(admin, `/v1/audit?cursor=${cursor}`)).body.code).toBe('invalid_parameter')
})

test('only an administrator reads it, and it has no secret', async () => {
  for (const [roles, scope] of [
    [['read'], null],
    [['steer'], null],
    [['steer'], { owner: 'growth', dimensions: {} }],
  ] as const) {
    const { secret } = await world.key(roles, scope, `not an admin ${roles}${scope === null}`)
    world.kivi.clock(Date.parse('2026-06-01T06:10:00Z') + Math.random() * 1e6)
    expect((await world.ask(secret, '/v1/audit')).status).toBe(403)
  }
  const { text } = await world.ask(admin, '/v1/audit')
  for (const secret of [ann.secret, admin]) expect(text).not.toContain(secret)
})

test('what is refused is no change: it stands in the log and the metrics', async () => {
  const before = (await audit()).items.length
  const reader = await world.key(['read'], null, 'reader')
  world.kivi.clock('2026-06-01T07:00:00Z')
  const body = { items: [{ value: 1, per: 'day', from: '2020-01-01T00:00:00Z' }], reason: 'x' }
  expect((await world.ask(reader.secret, '/v1/targets/turnover', 'PUT', body)).status).toBe(403)
  expect((await world.ask(null, '/v1/targets/turnover', 'PUT', body)).status).toBe(401)
  expect((await world.ask(ann.secret, '/v1/targets/turnover', 'PUT', body)).status).toBe(409)
  expect((await audit()).items).toHaveLength(before)
  const { text } = await world.ask(admin, '/metrics')
  for (const code of ['key_lacks_role', 'key_missing', 'would_rewrite_the_past'])
    expect(text).toContain(`kivi_query_changes_refused_total{code="${code}"} 1`)
})

test('a change that fails says so, and one that nobody finished says that it began', async () => {
  const store = createAuditStore(world.kivi.clickhouse)
  const entry = {
    at: Date.parse('2026-06-01T08:00:00Z'),
    actor: { key: null, name: 'bob' },
    what: 'silence_set',
    subject: 's1',
    before: null,
    after: { until: 'x' },
    reason: '',
  } as const
  const failing = withAudit(store, { ...entry, id: 'a' }, () => Promise.reject(new Error('away')))
  await expect(failing).rejects.toThrow('away')
  await store.add({ ...entry, id: 'b', outcome: 'begun' })
  const { items } = await audit('?actor=bob')
  expect(items.map(({ id, outcome }: { id: string; outcome: string }) => [id, outcome])).toEqual([
    ['b', 'begun'],
    ['a', 'failed'],
  ])
})

test('nothing changes unseen: where the audit cannot be written, the change is not made', async () => {
  const refusing = { add: () => Promise.reject(new Error('full')), entries: async () => [] }
  let made = false
  const entry = { id: 'c', at: 0, actor: { key: null, name: '' }, what: 'targets_set', subject: '' } as const
  const change = withAudit(refusing, { ...entry, before: null, after: null, reason: '' }, async () => {
    made = true
  })
  await expect(change).rejects.toThrow('full')
  expect(made).toBe(false)
})

test('answers are what the document says', async () => {
  const { body: document } = await world.ask(null, '/openapi.json')
  const content = document.paths['/v1/audit'].get.responses['200'].content['application/json']
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(content.schema)
  expect([validate(await audit()), validate.errors]).toEqual([true, null])
})
