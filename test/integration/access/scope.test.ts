/** What keys that are limited are told, over all routes: nothing of what they do not see. */
import type { Scope } from '@kivi/domain'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createWorld, type World } from './world.ts'

const WINDOW = 'from=2026-05-31T00:00:00Z&to=2026-06-01T00:00:00Z'
const NORTH: Scope = { owner: null, dimensions: { region: ['north'] } }
const GROWTH: Scope = { owner: 'growth', dimensions: {} }
const BOTH: Scope = { owner: 'growth', dimensions: { region: ['north'] } }

let world: World
let north: string
let growth: string
let both: string
let all: string
const actions: Record<string, string> = {}

beforeAll(async () => {
  world = await createWorld()
  north = (await world.key(['read'], NORTH, 'north')).secret
  growth = (await world.key(['read', 'steer'], GROWTH, 'growth')).secret
  both = (await world.key(['read'], BOTH, 'both')).secret
  all = (await world.key(['admin'], null, 'all')).secret
  world.kivi.clock('2026-06-01T06:00:50Z')
  const act = async (label: string, indicators: string[], by: Record<string, string>) => {
    const sent = { label, indicators, by, at: '2026-05-30T00:00:00Z' }
    actions[label] = (await world.ask(all, '/v1/actions', 'POST', sent)).body.id
  }
  await act('ours', ['turnover'], {})
  await act('south_secret', ['turnover'], { region: 'south' })
  await act('support_secret', ['support_cost'], {})
  await act('mixed', ['turnover', 'support_cost'], {})
  const items = [
    { value: 70003, per: 'day', by: { region: 'south' } },
    { value: 250, per: 'day', by: { region: 'north' } },
  ]
  await world.ask(all, '/v1/targets/turnover', 'PUT', { items, reason: 'set' })
  const posted = { items: [{ value: 99999, from: '2026-05-01T00:00:00Z' }] }
  await world.ask(all, '/v1/references/market_size', 'POST', posted)
})
afterAll(() => world?.kivi.close())

interface Parameter {
  readonly in: string
  readonly name: string
  readonly schema: { readonly enum?: readonly string[] }
}

const HOSTILE = `region:${encodeURIComponent("north') OR ('1'='1")}`
const VALUES: Record<string, readonly string[]> = {
  by: ['region', 'campaign', 'campaign,region', 'region`', "region' OR '1'='1", 'properties.region'].map(
    encodeURIComponent,
  ),
  filter: ['region:south', 'region:north,south', 'campaign:a', 'region:', 'region:south&filter=region:north', HOSTILE],
  control: ['region:south'],
  indicator: ['turnover', 'support_cost', 'click_rate'],
  x: ['turnover', 'support_cost', 'revenue'],
  y: ['click_rate', 'support_cost', 'costs'],
  window: ['1d', '30d'],
  period: ['month'],
  owner: ['support', 'growth'],
  entity: ['person'],
  first: ['purchases'],
  again: ['purchases'],
  segments: ['value'],
  step: ['day'],
  limit: ['1', '1000'],
  query: ['kivi_turnover', 'kivi_support_cost', 'kivi_turnover{region="south"}', '{__name__=~"kivi_.*"}'],
  match: ['{__name__=~"kivi_.*"}'],
  'match[]': ['{__name__=~"kivi_.*"}'],
  as_of: ['2026-06-01T00:00:00Z'],
}
const IDS = [
  'turnover',
  'click_rate',
  'support_cost',
  'revenue',
  'costs',
  'market_size',
  'clicks',
  'checkout',
  'plain',
  '__name__',
  '__proto__',
  'constructor',
  encodeURIComponent("turnover' OR '1'='1"),
  'region',
]

const DIGESTS = ['everything', 'care', '__proto__']

/** every GET of the OpenAPI document with every id, alone and with each parameter and pair of them */
async function questions(): Promise<string[]> {
  const { body } = await world.ask(null, '/openapi.json')
  const paths: string[] = []
  for (const [path, { get }] of Object.entries(body.paths as Record<string, { get?: { parameters?: Parameter[] } }>)) {
    if (get === undefined) continue
    const ids = path.includes('/actions/') ? Object.values(actions) : path.includes('/digests/') ? DIGESTS : IDS
    const addresses = path.includes('{') ? ids.map(id => path.replace(/\{\w+\}/, id)) : [path]
    const options = (get.parameters ?? [])
      .filter(parameter => parameter.in === 'query')
      .flatMap(({ name, schema }) =>
        (VALUES[name] ?? schema.enum ?? []).map(value => [name, `${name}=${value}`] as const),
      )
    const required = (get.parameters ?? []).filter(
      parameter => parameter.in === 'query' && (parameter as { required?: boolean }).required,
    )
    const base = required.map(({ name }) => `${name}=${VALUES[name]?.[0] ?? '1'}`)
    const windowed = (get.parameters ?? []).some(parameter => parameter.name === 'from') ? [WINDOW] : []
    for (const address of addresses) {
      paths.push(`${address}?${[...base, ...windowed].join('&')}`)
      for (const [name, option] of options) {
        const rest = base.filter(text => !text.startsWith(`${name}=`))
        const time = ['window', 'period'].includes(name) ? [] : windowed
        paths.push(`${address}?${[...rest, ...time, option].join('&')}`)
        if (name === 'by') paths.push(`${address}?${[...rest, ...time, option, 'filter=region:south'].join('&')}`)
      }
    }
  }
  return paths
}

const SELECTORS = [
  'kivi_turnover',
  'kivi_support_cost',
  'kivi_turnover{region="south"}',
  'sum(kivi_revenue)',
  'kivi_costs',
]
const ANY = encodeURIComponent('{__name__=~"kivi_.*"}')

/** addresses for machines, which the OpenAPI document leaves to Prometheus's own documentation */
function machineQuestions(): string[] {
  const api = '/prometheus/api/v1'
  return [
    '/metrics',
    '/metrics/indicators',
    `${api}/metadata`,
    ...['/labels', '/series', '/label/__name__/values', '/label/region/values'].flatMap(path => [
      `${api}${path}`,
      `${api}${path}?match[]=${ANY}`,
    ]),
    ...[...SELECTORS.map(encodeURIComponent), ANY].flatMap(query => [
      `${api}/query?query=${query}&time=2026-06-01T00:00:00Z`,
      `${api}/query?query=${encodeURIComponent('sum by (region) (')}${query})&time=2026-06-01T00:00:00Z`,
      `${api}/query_range?query=${query}&start=2026-05-30T00:00:00Z&end=2026-06-01T00:00:00Z&step=86400`,
    ]),
  ]
}

/** a few at a time */
async function each(paths: readonly string[], work: (path: string) => Promise<void>): Promise<void> {
  const waiting = paths.values()
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (const path of waiting) await work(path)
    }),
  )
}

/** the answer without what the asker said themselves: addresses, and problems that quote it */
const told = (answer: { status: number; text: string }, path: string): string =>
  answer.status >= 400 ? answer.text.replaceAll(decodeURIComponent(path.split('?')[0] as string), '') : answer.text

const OTHERS = ['77777', '99999', 'support_secret', 'north_star_secret']
const BEYOND_NORTH = [...OTHERS, '88888', '89011', '7000', 'campaign_of_the_south', 'south_secret', 'total_secret']

test('the secrets are there to be told: a key that is not limited finds them all', async () => {
  const missing = new Set(BEYOND_NORTH)
  await each(await questions(), async path => {
    const { text } = missing.size === 0 ? { text: '' } : await world.ask(all, path)
    for (const secret of missing) if (text.includes(secret)) missing.delete(secret)
  })
  expect([...missing]).toEqual([])
})

describe.each([
  ['a region', () => north, BEYOND_NORTH],
  ['an owner', () => growth, OTHERS],
  ['both', () => both, BEYOND_NORTH],
])('a key that is limited to %s', (_what, key, secrets) => {
  test('is told nothing beyond it by any route', async () => {
    const seen = new Map<number, number>()
    await each([...(await questions()), ...machineQuestions()], async path => {
      const answer = await world.ask(key(), path)
      seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1)
      const text = told(answer, path)
      const leaked = secrets.filter(secret => text.includes(secret))
      expect([path, answer.status < 500, leaked]).toEqual([path, true, []])
    })
    // neither all refused nor all let through
    expect(seen.get(200)).toBeGreaterThan(20)
    expect((seen.get(404) ?? 0) + (seen.get(403) ?? 0)).toBeGreaterThan(20)
  })
})

const value = async (key: string, id: string, rest = '') =>
  (await world.ask(key, `/v1/indicators/${id}/value?${WINDOW}${rest}`)).body

test('each is told its limit', async () => {
  expect((await world.ask(both, '/v1/access')).body).toMatchObject({ name: 'both', roles: ['read'], scope: BOTH })
  expect((await world.ask(growth, '/v1/access')).body).toMatchObject({ roles: ['read', 'steer'], scope: GROWTH })
})

test('of a region the value, its target and its groups are those of the region', async () => {
  expect(await value(all, 'turnover')).toMatchObject({ value: 89_011, target: 70_001 })
  expect(await value(north, 'turnover')).toMatchObject({ value: 123, target: 300, status: 'off_track' })
  expect(await value(both, 'turnover', '&by=region')).toMatchObject({
    value: 123,
    groups: [{ by: { region: 'north' }, value: 123, target: 300 }],
  })
  expect(await value(north, 'turnover', '&filter=region:south')).toMatchObject({ value: 0 })
  expect(await value(north, 'click_rate')).toMatchObject({ value: 0.5 })
  const { body } = await world.ask(north, '/v1/indicators')
  expect(body.items.map((item: { id: string }) => item.id)).toEqual(
    expect.arrayContaining(['turnover', 'click_rate', 'revenue', 'impressions', 'clicks']),
  )
  expect(body.items).toHaveLength(5)
})

test('kept answers are not those of another key: equal questions asked at once', async () => {
  const path = `/v1/indicators/turnover/value?${WINDOW}&by=region`
  const keys = [all, north, growth, both, all, north]
  const values = await Promise.all(keys.map(async key => (await world.ask(key, path)).body.value))
  expect(values).toEqual([89_011, 123, 89_011, 123, 89_011, 123])
  const board = await Promise.all([all, north, growth].map(key => world.ask(key, '/v1/board?window=7d')))
  expect(
    board.map(({ body }) => body.indicators.map((item: { id: string; value: number }) => [item.id, item.value])),
  ).toEqual([
    [
      ['turnover', 89_011],
      ['click_rate', 2 / 3],
      ['support_cost', 77_777],
    ],
    [
      ['turnover', 123],
      ['click_rate', 0.5],
    ],
    [
      ['turnover', 89_011],
      ['click_rate', 2 / 3],
    ],
  ])
})

test('an owner’s key sees all of its indicators and nothing of others, as if they were not there', async () => {
  expect(await value(growth, 'turnover')).toMatchObject({ value: 89_011, target: 70_001 })
  const [hidden, absent] = [await value(growth, 'support_cost'), await value(growth, 'nowhere')]
  expect(hidden).toMatchObject({ status: 404, code: 'unknown_indicator' })
  expect(hidden.detail.replace('support_cost', 'nowhere')).toBe(absent.detail)
  const { body } = await world.ask(growth, '/v1/indicators')
  expect(body.items.map((item: { id: string }) => item.id)).toEqual(['turnover', 'click_rate'])
  expect((await world.ask(growth, '/v1/north-star')).body.indicators).toEqual([])
})

test('an owner’s key sets what is its own only', async () => {
  // what is said at one moment has no order
  world.kivi.clock('2026-06-01T06:00:55Z')
  const sent = { items: [{ value: 1, per: 'day' }], reason: 'x' }
  expect((await world.ask(growth, '/v1/targets/support_cost', 'PUT', sent)).status).toBe(404)
  const put = await world.ask(growth, '/v1/targets/click_rate', 'PUT', sent)
  expect([put.status, put.body.items[0].set_by]).toEqual([200, 'growth'])
  const star = { indicators: ['turnover'], reason: 'x' }
  expect((await world.ask(growth, '/v1/north-star', 'PUT', star)).body.code).toBe('out_of_scope')
  const posted = { items: [{ value: 5, from: '2026-05-01T00:00:00Z' }] }
  expect((await world.ask(growth, '/v1/references/market_size', 'POST', posted)).status).toBe(404)
  const action = (indicators: string[], id?: string) =>
    world.ask(growth, '/v1/actions', 'POST', { label: 'x', indicators, at: '2026-05-30T00:00:00Z', ...(id && { id }) })
  expect((await action(['support_cost'])).status).toBe(404)
  expect((await action(['turnover'], actions['support_secret'])).status).toBe(404)
  expect((await action(['turnover'], actions['mixed'])).status).toBe(404)
  expect((await action(['turnover'], actions['ours'])).status).toBe(200)
})

test('a key of a part cannot set what holds for every part, even if its role says so', async () => {
  const { secret } = await world.key(['steer'], NORTH, 'wide')
  world.kivi.clock('2026-06-01T06:01:00Z')
  const sent = { items: [], reason: 'x' }
  expect((await world.ask(secret, '/v1/targets/turnover', 'PUT', sent)).body.code).toBe('out_of_scope')
  const action = { label: 'x', indicators: ['turnover'], at: '2026-05-30T00:00:00Z' }
  expect((await world.ask(secret, '/v1/actions', 'POST', action)).body.code).toBe('out_of_scope')
})

test('actions of what is not seen are not there', async () => {
  const labels = async (key: string) =>
    (await world.ask(key, '/v1/actions')).body.items.map((item: { label: string; indicators: string[] }) => [
      item.label,
      item.indicators,
    ])
  const of = async (key: string) => Object.fromEntries(await labels(key))
  expect(Object.keys(await of(all))).toHaveLength(4)
  expect(Object.keys(await of(north)).sort()).toEqual(['mixed', 'x'].sort())
  expect(await of(growth)).toMatchObject({ mixed: ['turnover'], south_secret: ['turnover'] })
})

describe('digests', () => {
  test('have of a part what is its own: indicators, groups, actions, and nobody who is told', async () => {
    const { body } = await world.ask(both, '/v1/digests/everything')
    expect(body.indicators.map(({ id }: { id: string }) => id)).toEqual(['turnover', 'click_rate'])
    const [turnover] = body.indicators
    expect(turnover.value).toBe(
      (await world.ask(both, `/v1/indicators/turnover/value?period=month&to=${body.period.to}`)).body.value,
    )
    expect(turnover.groups.items.map(({ group }: { group: string }) => group)).toEqual(['north'])
    expect(new Set(body.actions.map(({ id }: { id: string }) => id))).toEqual(
      new Set([actions['ours'], actions['mixed']]),
    )
    const { items } = (await world.ask(both, '/v1/digests')).body
    expect(items.map(({ digest, receivers }: { digest: string; receivers: unknown[] }) => [digest, receivers])).toEqual(
      [['everything', []]],
    )
    expect(await world.ask(both, '/v1/digests/care')).toMatchObject({ status: 404, body: { code: 'not_found' } })
  })
})
