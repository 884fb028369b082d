import { createDecoder, createDictionary, createEventColumns, createSchemaRegistry } from '@kivi/decoding'
import { createHasher, type EventColumns } from '@kivi/domain'
import avro from 'avsc'
import { beforeAll, describe, expect, test } from 'vitest'
import { testCatalog } from '../../packages/decoding/src/testing/catalog.ts'
import { recordSet } from '../../packages/decoding/src/testing/record-set.ts'
import { registryUrl, uniqueName } from '../support/index.ts'

const catalog = testCatalog()

async function register(url: string, subject: string, schema: unknown, references: unknown[] = []): Promise<number> {
  const response = await fetch(`${url}/subjects/${subject}/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ schema: JSON.stringify(schema), schemaType: 'AVRO', references }),
  })
  const body = (await response.json()) as { id?: number }
  if (body.id === undefined) throw new Error(`not registered: ${response.status} ${JSON.stringify(body)}`)
  return body.id
}

function encode(id: number, schema: unknown, event: unknown, registry?: Record<string, avro.Type>): Buffer {
  const header = Buffer.alloc(5)
  header.writeInt32BE(id, 1)
  const options = { wrapUnions: 'never' as const, ...(registry === undefined ? {} : { registry }) }
  return Buffer.concat([header, avro.Type.forSchema(schema as avro.Schema, options).toBuffer(event)])
}

const TIME = { type: 'long', logicalType: 'timestamp-millis' }
const older = {
  type: 'record',
  name: 'purchase',
  fields: [
    { name: 'event_id', type: 'string' },
    { name: 'event_time', type: TIME },
    { name: 'amount', type: 'int' },
  ],
}
const newer = {
  type: 'record',
  name: 'purchase',
  fields: [
    { name: 'gift_wrap', type: 'boolean' },
    { name: 'event_time', type: TIME },
    { name: 'event_id', type: 'string' },
    { name: 'amount', type: ['null', 'double'], default: null },
    { name: 'channel', type: 'string' },
  ],
}

describe('a real Schema Registry', () => {
  let url = ''
  beforeAll(async () => {
    url = await registryUrl()
  }, 300_000)

  test('schemas older and newer than the catalog are resolved, an unknown id is refused beside them', async () => {
    const subject = uniqueName('purchases')
    const [first, second] = [await register(url, `${subject}-a`, older), await register(url, `${subject}-b`, newer)]
    const registry = createSchemaRegistry({ url })
    const decoder = createDecoder({ catalog, registry, hasher: createHasher(1n) })
    const event_time = 1_767_225_600_000
    const set = recordSet([
      encode(first, older, { event_id: 'e1', event_time, amount: 7 }),
      encode(second, newer, { gift_wrap: true, event_time, event_id: 'e2', amount: 7.25, channel: 'search' }),
      encode(2_000_000_000, older, { event_id: 'e3', event_time, amount: 7 }),
      encode(second, newer, { gift_wrap: true, event_time, event_id: 'e4', amount: null, channel: 'search' }),
    ])
    const asked = decoder.unresolved(set, 0, set.count)
    expect(asked).toEqual([first, second, 2_000_000_000])
    const unknown = new Set(await registry.resolve(asked))
    expect([...unknown]).toEqual([2_000_000_000])
    const into: EventColumns = createEventColumns(catalog.layout, 4)
    decoder.decode(set, 0, set.count, catalog.layout.constants.map(createDictionary), into, unknown)
    const reasons = [...into.rejections].map(([row, { reason }]) => [row, reason])
    expect(reasons).toEqual([
      [2, 'unknown_schema'],
      [3, 'missing_field'],
    ])
    expect([...into.numbers[catalog.layout.numbers.indexOf('amount')]!.subarray(0, 2)]).toEqual([7, 7.25])
    expect(into.strings[catalog.layout.strings.indexOf('channel')]![1]).toBe(1)
    expect(decoder.unresolved(set, 0, set.count, unknown)).toEqual([])
  })

  test('a schema that refers to another subject is put together', async () => {
    const subject = uniqueName('channels')
    const channel = { type: 'enum', name: 'Channel', namespace: 'shop', symbols: ['search', 'email'] }
    await register(url, subject, channel)
    const click = {
      type: 'record',
      name: 'click',
      namespace: 'shop',
      fields: [...older.fields.slice(0, 2), { name: 'channel', type: 'shop.Channel' }],
    }
    const id = await register(url, `${subject}-click`, click, [{ name: 'shop.Channel', subject, version: 1 }])
    const registry = createSchemaRegistry({ url })
    expect(await registry.resolve([id])).toEqual([])
    const decoder = createDecoder({ catalog, registry, hasher: createHasher(1n) })
    const types: Record<string, avro.Type> = {}
    avro.Type.forSchema(channel as avro.Schema, { registry: types })
    const decoded = decoder.event(encode(id, click, { event_id: 'e', event_time: 0, channel: 'email' }, types))
    expect(decoded).toEqual({ event: { event_id: 'e', event_type: 'click', event_time: 0, channel: 'email' } })
  })
})
