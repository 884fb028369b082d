import { gzipSync } from 'node:zlib'
import type { ApiKey, Catalog, EventType, NewRecord } from '@kivi/domain'
import { KiviError } from '@kivi/domain'
import { createLogger, createTelemetry, type Keyring } from '@kivi/service-kit'
import { type FastifyInstance, fastify } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CollectorDeps, collectorRoutes } from './routes.ts'

const purchase: EventType = {
  name: 'purchase',
  description: { en: '' },
  fields: new Map([
    ['source', { kind: 'string' }],
    ['user_id', { kind: 'string' }],
    ['anonymous_id', { kind: 'string' }],
    ['amount', { kind: 'double' }],
    ['properties', { kind: 'map' }],
  ]),
  required: ['amount'],
  defaults: new Map(),
  identifiers: new Set(),
}
const catalog = { eventTypes: new Map([['purchase', purchase]]), surveys: new Map() } as unknown as Catalog

const event = (id: string, extra: object = {}) => ({
  event_id: id,
  event_type: 'purchase',
  event_time: '2026-03-01T12:00:00Z',
  source: 'shop',
  amount: 10.5,
  ...extra,
})

let app: FastifyInstance
let sent: NewRecord[][]
let send: (records: readonly NewRecord[]) => Promise<void>

const build = async (overrides: Partial<CollectorDeps> = {}) => {
  app = fastify()
  await app.register(
    collectorRoutes({
      catalog: () => catalog,
      producer: { send: (_topic, records) => send(records) },
      topic: 'events',
      telemetry: createTelemetry(createLogger({ service: 'test', level: 'silent' }), { defaults: false }),
      only: null,
      ...overrides,
    }),
  )
}

const post = (payload: string | Buffer, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  app.inject({ method: 'POST', url: '/v1/events', payload, headers })

beforeEach(async () => {
  sent = []
  send = async records => {
    sent.push([...records])
  }
  await build()
})
afterEach(() => app.close())

describe('bodies', () => {
  it.each([
    ['one object', JSON.stringify(event('a')), 1],
    ['one object over several lines', JSON.stringify(event('a'), null, 2), 1],
    ['an array', JSON.stringify([event('a'), event('b')]), 2],
    ['NDJSON', `${JSON.stringify(event('a'))}\n\n${JSON.stringify(event('b'))}\n`, 2],
    ['an empty array', '[]', 0],
  ])('takes %s', async (_what, payload, accepted) => {
    const answer = await post(payload)
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toEqual({ accepted, rejected: [] })
    expect(sent.flat()).toHaveLength(accepted)
  })

  it('understands gzip', async () => {
    const answer = await post(gzipSync(JSON.stringify([event('a')])), {
      'content-type': 'application/x-ndjson',
      'content-encoding': 'gzip',
    })
    expect(answer.json()).toEqual({ accepted: 1, rejected: [] })
  })

  it.each([
    ['no body', '', {}, 400, 'body_empty'],
    ['broken JSON', '{"event_id":', {}, 400, 'body_invalid'],
    ['a broken array', '[{},', {}, 400, 'body_invalid'],
    ['broken gzip', 'not gzip', { 'content-encoding': 'gzip' }, 400, 'body_invalid'],
    ['another encoding', 'x', { 'content-encoding': 'br' }, 415, 'media_type_unknown'],
    ['another type', '<a/>', { 'content-type': 'application/xml' }, 415, 'media_type_unknown'],
  ])('refuses %s with a problem that says why', async (_what, payload, headers, status, code) => {
    const answer = await post(payload, { 'content-type': 'application/json', ...headers })
    expect(answer.statusCode).toBe(status)
    expect(answer.headers['content-type']).toContain('application/problem+json')
    expect(answer.json()).toMatchObject({ status, code })
    expect(answer.json().detail.length).toBeGreaterThan(10)
    expect(sent).toEqual([])
  })

  it('counts the body after it is unpacked, so that a small one cannot fill the memory', async () => {
    await app.close()
    await build({ limits: { maxBytes: 10_000 } })
    const answer = await post(gzipSync(Buffer.alloc(1_000_000, 0x20)), {
      'content-type': 'application/json',
      'content-encoding': 'gzip',
    })
    expect([answer.statusCode, answer.json().code]).toEqual([413, 'body_too_large'])
    const plain = await post(' '.repeat(20_000))
    expect([plain.statusCode, plain.json().code]).toEqual([413, 'body_too_large'])
  })

  it('refuses more events than one request may have', async () => {
    await app.close()
    await build({ limits: { maxEvents: 2 } })
    const answer = await post(JSON.stringify([event('a'), event('b'), event('c')]))
    expect([answer.statusCode, answer.json().code]).toEqual([413, 'too_many_events'])
  })
})

describe('events', () => {
  it('takes the good ones and tells of each bad one where it stands and what is wrong', async () => {
    const answer = await post(
      [
        JSON.stringify(event('a')),
        '{broken',
        JSON.stringify(event('b', { amount: 'much' })),
        JSON.stringify(event('c', { event_type: 'purchaze' })),
        '42',
        JSON.stringify(event('d')),
      ].join('\n'),
      { 'content-type': 'application/x-ndjson' },
    )
    expect(answer.statusCode).toBe(200)
    const { accepted, rejected } = answer.json()
    expect(accepted).toBe(2)
    expect(rejected.map((entry: { index: number; code: string }) => [entry.index, entry.code])).toEqual([
      [1, 'invalid_json'],
      [2, 'wrong_type'],
      [3, 'unknown_event_type'],
      [4, 'invalid_json'],
    ])
    expect(rejected[1].reason).toContain('amount')
  })

  it('keys by the user, else the anonymous id, else the event', async () => {
    await post(
      JSON.stringify([event('a', { user_id: 'u', anonymous_id: 'x' }), event('b', { anonymous_id: 'x' }), event('c')]),
    )
    expect(sent.flat().map(record => record.key)).toEqual(['u', 'x', 'c'])
  })

  it('writes the event as it came, unknown fields included', async () => {
    await post(JSON.stringify(event('a', { later: [1] })))
    expect(JSON.parse(Buffer.from(sent[0]![0]!.value!).toString())).toEqual(event('a', { later: [1] }))
  })

  it('takes only the demo where the demo runs', async () => {
    await app.close()
    await build({ only: { source: 'demo', advice: 'Start without the demo: KIVI_DEMO=off npm start.' } })
    const answer = await post(JSON.stringify([event('a', { source: 'demo' }), event('b')]))
    expect([answer.statusCode, answer.json().code]).toEqual([409, 'demo_only'])
    expect(answer.json().detail).toContain('KIVI_DEMO=off')
    expect(sent).toEqual([])
  })
})

describe('the log', () => {
  it('answers only after the log has the events', async () => {
    const written = Promise.withResolvers<void>()
    send = () => written.promise
    let answered = false
    const answer = post(JSON.stringify(event('a'))).then(response => {
      answered = true
      return response
    })
    await new Promise(setImmediate)
    await new Promise(setImmediate)
    expect(answered).toBe(false)
    written.resolve()
    expect((await answer).statusCode).toBe(200)
  })

  it('asks to come back later when too much waits', async () => {
    await app.close()
    await build({ limits: { maxWaitingBytes: 100 } })
    const written = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    send = () => {
      begun.resolve()
      return written.promise
    }
    const waiting = post(JSON.stringify(event('a')))
    await begun.promise
    const refused = await post(JSON.stringify(event('b')))
    expect([refused.statusCode, refused.json().code, refused.headers['retry-after']]).toEqual([503, 'overloaded', '1'])
    written.resolve()
    expect((await waiting).statusCode).toBe(200)
    expect((await post(JSON.stringify(event('b')))).statusCode).toBe(200)
  })

  it('says 503 while the log is away, and goes on when it is back', async () => {
    send = async () => {
      throw new KiviError('log_unreachable', 'no broker answers')
    }
    const answer = await post(JSON.stringify(event('a')))
    expect([answer.statusCode, answer.json().code, answer.headers['retry-after']]).toEqual([
      503,
      'log_unreachable',
      '2',
    ])
    send = async () => {}
    expect((await post(JSON.stringify(event('a')))).statusCode).toBe(200)
  })
})

describe('where keys are needed', () => {
  const known = new Map<string, Partial<ApiKey>>([
    ['sender', { name: 'shop', roles: ['ingest'], scope: null }],
    ['reader', { name: 'board', roles: ['read'], scope: null }],
    ['part', { name: 'north', roles: ['ingest'], scope: { owner: null, dimensions: { region: ['north'] } } }],
  ])
  const keys: Pick<Keyring, 'present'> = {
    async present(authorization) {
      if (authorization === undefined) return { kind: 'none' }
      const key = known.get(authorization.slice('Bearer '.length))
      return key === undefined ? { kind: 'unknown' } : { kind: 'key', key: key as ApiKey }
    },
  }
  const type = 'application/json'
  const body = JSON.stringify(event('1'))

  it('takes events with a key of the role ingest', async () => {
    await build({ keys })
    const response = await post(body, { 'content-type': type, authorization: 'Bearer sender' })
    expect(response.json()).toEqual({ accepted: 1, rejected: [] })
  })

  it.each([
    [undefined, 401, 'key_missing', 'Bearer realm="kivi"'],
    ['Bearer nobody', 401, 'key_unknown', 'Bearer realm="kivi", error="invalid_token"'],
    ['Bearer reader', 403, 'key_lacks_role', undefined],
    ['Bearer part', 403, 'key_lacks_role', undefined],
  ])('%s is refused with %i %s, whatever the body', async (authorization, status, code, challenge) => {
    await build({ keys })
    for (const payload of [body, '{', '']) {
      const response = await post(payload, { 'content-type': type, ...(authorization && { authorization }) })
      expect([response.statusCode, response.json().code]).toEqual([status, code])
      expect(response.headers['www-authenticate']).toBe(challenge)
    }
    expect(sent).toEqual([])
  })

  it('says that it may be tried again where the keys cannot be read', async () => {
    await build({ keys: { present: () => Promise.reject(new KiviError('store_unreachable', 'away')) } })
    const response = await post(body, { 'content-type': type, authorization: 'Bearer sender' })
    expect([response.statusCode, response.json().code, response.headers['retry-after']]).toEqual([
      503,
      'keys_unread',
      '2',
    ])
  })
})

describe('invalid traffic', () => {
  const page = { 'content-type': 'application/json', origin: 'https://shop.example' }
  const values = () => sent.flat().map(record => JSON.parse(String(record.value)))

  it('is taken and flagged, and nothing else is changed', async () => {
    const bot = { ...page, 'user-agent': 'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)' }
    const response = await post(JSON.stringify([event('a', { properties: { shop: '7' } }), event('b')]), bot)
    expect(response.json()).toEqual({ accepted: 2, rejected: [] })
    expect(values()).toEqual([
      event('a', { properties: { shop: '7', traffic: 'bot' } }),
      event('b', { properties: { traffic: 'bot' } }),
    ])
  })

  it('is told by the address of a page’s request where that is one of ours', async () => {
    await app.close()
    await build({ traffic: { internal: ['127.0.0.0/8'], proxies: [] } })
    await post(JSON.stringify(event('a')), { ...page, 'user-agent': 'Mozilla/5.0 (X11; Linux) Firefox/140.0' })
    // the shop's own server, at the same address
    await post(JSON.stringify(event('b')))
    expect(values()).toEqual([event('a', { properties: { traffic: 'internal' } }), event('b')])
  })
})
