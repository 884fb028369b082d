import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createSchemaRegistry, type SchemaRegistryOptions } from './schema-registry.ts'

const SCHEMA = JSON.stringify({ type: 'record', name: 'login', fields: [{ name: 'event_id', type: 'string' }] })
const servers: { close(): void }[] = []

type Answer = (response: ServerResponse, request: IncomingMessage) => void

/** a registry of ours on a free port, which answers each path as told and counts the requests */
async function registryWith(answers: Readonly<Record<string, Answer>>, options: Partial<SchemaRegistryOptions> = {}) {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(request.url!)
    const answer = answers[request.url!] ?? fail(404, { error_code: 40403, message: 'Schema not found' })
    answer(response, request)
  })
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { registry: createSchemaRegistry({ url, ...options }), requests, server, url }
}

const answer =
  (body: unknown): Answer =>
  response =>
    response.end(JSON.stringify(body))
const fail =
  (status: number, body: unknown): Answer =>
  response => {
    response.statusCode = status
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

describe('the client of the Schema Registry', () => {
  test('looks an id up once, also when it is asked for many times at once', async () => {
    const { registry, requests } = await registryWith({ '/schemas/ids/7': answer({ schema: SCHEMA }) })
    expect(registry.lookup(7)).toBeUndefined()
    const all = await Promise.all([registry.resolve([7, 8]), registry.resolve([7]), registry.resolve([8, 7])])
    expect(all).toEqual([[8], [], [8]])
    expect(await registry.resolve([7])).toEqual([])
    expect(requests.sort()).toEqual(['/schemas/ids/7', '/schemas/ids/8'])
    expect(registry.lookup(7)).toMatchObject({ schema: { root: { kind: 'record', name: 'login' } } })
    expect(registry.lookup(8)).toBeUndefined()
  })

  test('asks again for an unknown id after a while: it may have been registered', async () => {
    let now = 0
    const answers: Record<string, Answer> = {}
    const { registry, requests } = await registryWith(answers, { now: () => now, unknownForMs: 1000 })
    expect(await registry.resolve([7])).toEqual([7])
    answers['/schemas/ids/7'] = answer({ schema: SCHEMA })
    now = 999
    expect(await registry.resolve([7])).toEqual([7])
    now = 1000
    expect(await registry.resolve([7])).toEqual([])
    expect(requests.length).toBe(2)
  })

  test('without a registry no id is known', async () => {
    const registry = createSchemaRegistry({ url: null })
    expect(await registry.resolve([1, 2])).toEqual([1, 2])
  })

  test('resolves references before the schema that names them', async () => {
    const money = JSON.stringify({ type: 'record', name: 'shop.Money', fields: [{ name: 'unit', type: 'shop.Unit' }] })
    const unit = JSON.stringify({ type: 'enum', name: 'shop.Unit', symbols: ['EUR'] })
    const schema = JSON.stringify({ type: 'record', name: 'shop.purchase', fields: [{ name: 'm', type: 'Money' }] })
    const { registry } = await registryWith({
      '/schemas/ids/1': answer({ schema, references: [{ name: 'Money', subject: 'a/b', version: 2 }] }),
      '/subjects/a%2Fb/versions/2': answer({
        schema: money,
        references: [{ name: 'Unit', subject: 'unit', version: 1 }],
      }),
      '/subjects/unit/versions/1': answer({ schema: unit }),
    })
    expect(await registry.resolve([1])).toEqual([])
    const unitNode = { kind: 'enum', symbols: ['EUR'] }
    const moneyNode = { kind: 'record', name: 'Money', fields: [{ name: 'unit', node: unitNode }] }
    expect(registry.lookup(1)).toMatchObject({ schema: { root: { fields: [{ name: 'm', node: moneyNode }] } } })
  })

  test('keeps what is no Avro as a problem of the schema, not of the registry', async () => {
    const { registry } = await registryWith({
      '/schemas/ids/1': answer({ schema: 'syntax = "proto3";', schemaType: 'PROTOBUF' }),
      '/schemas/ids/2': answer({ schema: '{"type":"record"}' }),
      '/schemas/ids/3': answer({ schema: 'nonsense{' }),
    })
    expect(await registry.resolve([1, 2, 3])).toEqual([])
    for (const id of [1, 2, 3])
      expect(registry.lookup(id)).toEqual({ problem: expect.stringContaining(`schema ${id} of`) })
  })

  test('sends user and password', async () => {
    const seen: (string | undefined)[] = []
    const schema: Answer = (response, request) => {
      seen.push(request.headers.authorization)
      answer({ schema: SCHEMA })(response, request)
    }
    const { registry } = await registryWith({ '/schemas/ids/1': schema }, { user: 'kivi', password: 'p:ä' })
    await registry.resolve([1])
    expect(seen).toEqual([`Basic ${Buffer.from('kivi:p:ä').toString('base64')}`])
  })

  const OUTAGES: readonly (readonly [what: string, answer: Answer, message: RegExp])[] = [
    ['an error of its own', fail(500, { error_code: 50001, message: 'store' }), /HTTP 500/],
    ['a proxy that finds nothing', fail(404, '<html>not found</html>'), /HTTP 404/],
    ['a refused password', fail(401, { error_code: 401, message: 'no' }), /refuses the user.*credentials/],
    ['an answer that is no schema', answer({ hello: 1 }), /not a schema/],
    ['an answer that is no JSON', response => response.end('<html>'), /not a schema/],
    ['a connection that breaks', response => response.destroy(), /registry/i],
    ['no answer in time', () => undefined, /time/],
  ]

  test.each(OUTAGES)('%s is an outage that ends: the id is asked for again', async (_, broken, message) => {
    const answers: Record<string, Answer> = { '/schemas/ids/7': broken }
    const { registry, server } = await registryWith(answers, { timeoutMs: 200 })
    const refused = await registry.resolve([7]).catch(error => error)
    expect(refused).toMatchObject({ code: 'registry_unreachable', message: expect.stringMatching(message) })
    expect(registry.lookup(7)).toBeUndefined()
    server.closeAllConnections()
    answers['/schemas/ids/7'] = answer({ schema: SCHEMA })
    expect(await registry.resolve([7])).toEqual([])
  })

  test('a registry that is not there is an outage', async () => {
    const { server, url } = await registryWith({})
    await new Promise(resolve => server.close(resolve))
    await expect(createSchemaRegistry({ url }).resolve([1])).rejects.toMatchObject({ code: 'registry_unreachable' })
  })
})
