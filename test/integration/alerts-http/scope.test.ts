/** What keys of each kind may see and do about alerts. */
import { createKeyStore } from '@kivi/clickhouse'
import type { Role, Scope } from '@kivi/domain'
import { createKey } from '@kivi/service-kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AlertWorld, createAlertWorld, firing, NOW, whole } from './world.ts'

let world: AlertWorld
const north = firing('north')
const south = firing('south')
const cost = whole('CostHigh', { severity: 'ticket', indicator: 'support_cost' })
const stalled = whole('PipelineStalled', { severity: 'page' })
const total = whole('CtrTotal', { severity: 'page', indicator: 'click_rate' })

beforeAll(async () => {
  world = await createAlertWorld({ keys: true })
  keys = await makeKeys()
  await world.says(north, south, cost, stalled, total)
  const base = { fact: 'pending', at: NOW, instant: NOW, value: 0.5 } as const
  await world.happened(
    [north, south, cost, stalled].map((one, offset) => ({
      offset,
      index: 0,
      fact: { ...base, alert: one.id, rule: one.rule, labels: one.labels },
    })),
  )
})
afterAll(() => world?.close())

/** All that the tests use: a service that has looked at its keys knows of no newer one for a while. */
async function makeKeys() {
  const store = createKeyStore(world.kivi.clickhouse)
  const make = async (name: string, roles: readonly Role[], scope: Scope | null = null) => {
    const { key, secret } = createKey({ name, roles, scope }, NOW)
    await store.add(key)
    return secret
  }
  return {
    read: await make('ann', ['read']),
    steer: await make('bob', ['steer']),
    ingest: await make('shop', ['ingest']),
    north: await make('north', ['steer'], OF_NORTH),
    support: await make('support', ['read'], OF_SUPPORT),
  }
}
let keys: Awaited<ReturnType<typeof makeKeys>>

async function ask(secret: string, method: 'GET' | 'POST' | 'DELETE', url: string, body?: object) {
  const answer = await world.kivi.service.app.inject({
    method,
    url,
    headers: { authorization: `Bearer ${secret}` },
    ...(body === undefined ? {} : { payload: body }),
  })
  return { status: answer.statusCode, body: answer.json() }
}

const OF_NORTH: Scope = { owner: null, dimensions: { region: ['north'] } }
const OF_SUPPORT: Scope = { owner: 'support', dimensions: {} }
const silence = (...matchers: string[]) => ({ matchers, duration: '1h', reason: 'being moved' })

test('reading is for readers, silencing and acknowledging for those who steer', async () => {
  const { read, steer, ingest } = keys
  for (const path of ['/v1/alerts', `/v1/alerts/${north.id}`, '/v1/alerts/history', '/v1/silences']) {
    expect((await ask(read, 'GET', path)).status).toBe(200)
    expect((await ask(ingest, 'GET', path)).body.code).toBe('key_lacks_role')
    expect((await world.kivi.get(path)).body.code).toBe('key_missing')
  }
  const changes = [
    ['POST', '/v1/silences', silence('region="north"')],
    ['POST', `/v1/alerts/${north.id}/acknowledge`, {}],
    ['DELETE', '/v1/silences/x', undefined],
  ] as const
  for (const [method, path, body] of changes)
    expect((await ask(read, method, path, body)).body.code).toBe('key_lacks_role')
  // who it was is the name of the key, whoever the sender says to be
  const set = await ask(steer, 'POST', '/v1/silences', { ...silence('region="north"'), set_by: 'the boss' })
  expect([set.status, set.body.author]).toEqual([201, 'bob'])
  const acknowledged = await ask(steer, 'POST', `/v1/alerts/${north.id}/acknowledge`, { set_by: 'the boss' })
  expect(acknowledged.body.acknowledged.by).toBe('bob')
})

test('a limited key sees the alerts of its part, and knows of no others', async () => {
  const ids = async (key: string) => {
    const { body } = await ask(key, 'GET', '/v1/alerts')
    return {
      seen: body.items.map((item: { id: string }) => item.id).sort(),
      firing: body.counts.firing,
      rules: body.rules.map((rule: { alert: string }) => rule.alert),
    }
  }
  expect(await ids(keys.north)).toEqual({ seen: [north.id], firing: 1, rules: ['CtrLow'] })
  expect(await ids(keys.support)).toEqual({ seen: [cost.id], firing: 1, rules: ['CostHigh'] })
  const key = keys.north
  for (const hidden of [south, stalled, total, cost]) {
    expect((await ask(key, 'GET', `/v1/alerts/${hidden.id}`)).body.code).toBe('not_found')
    expect((await ask(key, 'POST', `/v1/alerts/${hidden.id}/acknowledge`, {})).body.code).toBe('not_found')
  }
  expect((await ask(key, 'POST', `/v1/alerts/${north.id}/acknowledge`, {})).status).toBe(200)
})

test('and only the history of its part, whatever it asks for', async () => {
  const key = keys.north
  const ids = async (query = '') =>
    (await ask(key, 'GET', `/v1/alerts/history${query}`)).body.items.map((item: { id: string }) => item.id)
  expect(await ids()).toEqual([north.id])
  for (const query of [
    `?alert=${south.id}`,
    '?filter=region:south',
    '?filter=indicator:support_cost',
    '?rule=CostHigh',
  ])
    expect(await ids(query)).toEqual([])
  expect(await ids('?filter=region:north,south')).toEqual([north.id])
  const { body } = await ask(keys.support, 'GET', '/v1/alerts/history')
  expect(body.items.map((item: { id: string }) => item.id)).toEqual([cost.id])
})

test('it silences nothing beyond its part, and sees no silence that is about more', async () => {
  const key = keys.north
  const wide = await ask(keys.steer, 'POST', '/v1/silences', silence('team="growth"'))
  for (const matchers of [
    ['team="growth"'],
    ['region="north"'],
    ['region="south"', 'indicator="click_rate"'],
    ['region=~"north"', 'indicator="click_rate"'],
    ['region="north"', 'indicator="support_cost"'],
  ]) {
    const refused = await ask(key, 'POST', '/v1/silences', silence(...matchers))
    expect([refused.status, refused.body.code]).toEqual([403, 'out_of_scope'])
  }
  const own = await ask(key, 'POST', '/v1/silences', silence('region="north"', 'indicator="click_rate"'))
  expect([own.status, own.body.mutes]).toEqual([201, 1])
  const seen = (await ask(key, 'GET', '/v1/silences')).body.items.map((item: { id: string }) => item.id)
  expect(seen).toEqual([own.body.id])
  expect((await ask(key, 'DELETE', `/v1/silences/${wide.body.id}`)).body.code).toBe('not_found')
  const widened = { id: wide.body.id, ...silence('region="north"', 'indicator="click_rate"') }
  expect((await ask(key, 'POST', '/v1/silences', widened)).body.code).toBe('not_found')
  expect((await ask(key, 'DELETE', `/v1/silences/${own.body.id}`)).body.state).toBe('ended')
})
