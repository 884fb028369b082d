import { createHasher, OUTCOME, REJECTION_REASONS, type RejectionReason } from '@kivi/domain'
import avro from 'avsc'
import { describe, expect, test } from 'vitest'
import { parseWriterSchema } from './avro/writer-schema.ts'
import { createDecoder } from './decoder.ts'
import { LAYOUT, testCatalog } from './testing/catalog.ts'
import { DecoderUnderTest } from './testing/compare.ts'
import { recordSet } from './testing/record-set.ts'

/** what a purchase looked like before it had most of its fields */
const OLDER = JSON.stringify({
  type: 'record',
  name: 'purchase',
  namespace: 'kivi',
  fields: [
    { name: 'event_id', type: 'string' },
    { name: 'event_time', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'amount', type: 'float' },
  ],
})
const catalog = { ...testCatalog(), olderSchemas: [OLDER] }
const purchase = avro.Type.forSchema(JSON.parse(catalog.schemas.get('purchase')!) as avro.Schema, {
  wrapUnions: 'never',
})
const lacksAmount = {
  type: 'record',
  name: 'purchase',
  fields: [
    { name: 'event_id', type: 'string' },
    { name: 'event_time', type: 'long' },
  ],
}
const textAmount = { ...lacksAmount, fields: [...lacksAmount.fields, { name: 'amount', type: 'string' }] }
const hugeLongs = {
  ...lacksAmount,
  fields: [...lacksAmount.fields, { name: 'amount', type: 'double' }, { name: 'quantity', type: 'long' }],
}

const schemas = new Map([
  [1, { schema: parseWriterSchema(catalog.schemas.get('purchase')!) }],
  [2, { schema: parseWriterSchema(JSON.stringify(lacksAmount)) }],
  [3, { schema: parseWriterSchema(JSON.stringify(textAmount)) }],
  [4, { problem: 'schema 4 of the Schema Registry is PROTOBUF, expected AVRO' }],
  [5, { schema: parseWriterSchema('"string"') }],
  [6, { schema: parseWriterSchema(JSON.stringify(hugeLongs)) }],
])
const registry = {
  resolve: async (ids: readonly number[]) => ids.filter(id => !schemas.has(id)),
  lookup: (id: number) => schemas.get(id),
}
const make = () => new DecoderUnderTest(createDecoder({ catalog, registry, hasher: createHasher(1n) }), LAYOUT)

const NULLS = Object.fromEntries([...catalog.eventTypes.get('purchase')!.fields.keys()].map(field => [field, null]))
const EVENT = {
  ...NULLS,
  event_id: 'e',
  event_type: 'purchase',
  event_time: 1_767_225_600_000,
  amount: 9.5,
  properties: {},
}
const confluent = (id: number, body: Uint8Array) => Buffer.concat([Buffer.of(0, 0, 0, 0, id), body])
const json = (fields: string) =>
  `{"event_id":"e","event_type":"purchase","event_time":1767225600000,"amount":1${fields}}`
const login = (id: string) => `{"event_id":"${id}","event_type":"login","event_time":1767225600000}`
/** "e", a time of 0, and what follows, as the schema of id 6 writes it */
const huge = (...rest: number[]) => confluent(6, Buffer.concat([Buffer.of(2, 0x65, 0), Buffer.of(...rest)]))
const double = (value: number) => {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return bytes
}

type Message = Uint8Array | string | null

const BAD: readonly (readonly [what: string, message: Message, reason: RejectionReason])[] = [
  ['a tombstone', null, 'tombstone'],
  ['a message without bytes', '', 'empty'],
  ['a message of 10 MB', json(`,"x":"${'x'.repeat(10_000_000)}"`), 'too_large'],
  ['10 MB that claim to be Avro', Buffer.alloc(10_000_000), 'too_large'],
  ['XML', '<event/>', 'unknown_format'],
  ['a single-object marker cut in half', Buffer.of(0xc3), 'unknown_format'],
  ['another single-object version', Buffer.of(0xc3, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0), 'unknown_format'],
  ['the JSON null', 'null', 'invalid_json'],
  ['a JSON list', `[${login('x')}]`, 'invalid_json'],
  ['a JSON text', '"event"', 'invalid_json'],
  ['cut-off JSON', login('x').slice(0, -5), 'invalid_json'],
  ['JSON with something behind it', `${login('x')} x`, 'invalid_json'],
  ['NaN in JSON', json(',"quantity":NaN'), 'invalid_json'],
  ['a control character in a text', json(',"campaign":"a\u0000b"'), 'invalid_json'],
  ['JSON nested 65 deep', json(`,"x":${'['.repeat(64)}${']'.repeat(64)}`), 'too_deep'],
  ['JSON nested 200,000 deep', json(`,"x":${'['.repeat(200_000)}${']'.repeat(200_000)}`), 'too_deep'],
  [
    'bytes that are no UTF-8, in a field that is read',
    Buffer.from(json(',"campaign":"\u00ff"'), 'latin1'),
    'invalid_utf8',
  ],
  [
    'bytes that are no UTF-8, in a field that nobody reads',
    Buffer.from(json(',"nobody":"\u00ff"'), 'latin1'),
    'invalid_utf8',
  ],
  ['half of a surrogate pair', json(',"campaign":"\\ud83d"'), 'invalid_utf8'],
  ['no event_id', '{"event_type":"login","event_time":1}', 'missing_field'],
  ['no event_type', '{"event_id":"e","event_time":1}', 'missing_field'],
  ['no event_time', '{"event_id":"e","event_type":"login"}', 'missing_field'],
  ['an empty event_id', login(''), 'missing_field'],
  ['no amount', '{"event_id":"e","event_type":"purchase","event_time":1}', 'missing_field'],
  ['null for an amount', json(',"amount":null'), 'missing_field'],
  ['an event type that nobody declared', login('x').replace('login', 'teleport'), 'unknown_event_type'],
  ['an event type that every object has', login('x').replace('login', '__proto__'), 'unknown_event_type'],
  ['a text for a number', json(',"amount":"12"'), 'wrong_type'],
  ['a number for a text', json(',"user_id":12'), 'wrong_type'],
  ['a number for an id', '{"event_id":1,"event_type":"login","event_time":1}', 'wrong_type'],
  ['a list for a text', json(',"campaign":["a"]'), 'wrong_type'],
  ['a fraction for a whole number', json(',"quantity":1.5'), 'wrong_type'],
  ['a text for properties', json(',"properties":"a=b"'), 'wrong_type'],
  ['a number among the properties', json(',"properties":{"a":1}'), 'wrong_type'],
  ['true among the properties', json(',"properties":{"a":true}'), 'wrong_type'],
  ['a number beyond doubles', json(',"amount":1e400'), 'out_of_range'],
  ['a number beyond what sums keep', json(',"amount":1e13'), 'out_of_range'],
  ['2^53 + 1', json(',"quantity":9007199254740993'), 'out_of_range'],
  ['an event time as words', login('x').replace('1767225600000', '"yesterday"'), 'invalid_time'],
  ['an event time in microseconds', login('x').replace('1767225600000', '1767225600000000'), 'invalid_time'],
  [
    'an event time with a fraction of a millisecond',
    login('x').replace('1767225600000', '1767225600000.5'),
    'invalid_time',
  ],
  ['the 30th of February', login('x').replace('1767225600000', '"2026-02-30T00:00:00Z"'), 'invalid_time'],
  [
    'a value that is not in the list',
    json('').replace('purchase', 'impression').replace('"amount":1', '"target":"moon"'),
    'invalid_value',
  ],
  [
    'a score beyond the scale',
    '{"event_id":"e","event_type":"survey","event_time":1,"survey":"nps","score":11}',
    'invalid_value',
  ],
  [
    'a survey without a scale',
    '{"event_id":"e","event_type":"survey","event_time":1,"survey":"unscaled","score":1}',
    'invalid_value',
  ],
  ['Avro cut off', confluent(1, purchase.toBuffer(EVENT).subarray(0, -1)), 'invalid_avro'],
  ['Avro with a byte too many', confluent(1, Buffer.concat([purchase.toBuffer(EVENT), Buffer.of(0)])), 'invalid_avro'],
  ['a schema id cut off', Buffer.of(0, 0, 0), 'invalid_avro'],
  ['a fingerprint cut off', Buffer.of(0xc3, 1, 0), 'invalid_avro'],
  ['a negative length', confluent(1, Buffer.of(1)), 'invalid_avro'],
  ['a length of 2^40', confluent(1, Buffer.of(0x80, 0x80, 0x80, 0x80, 0x80, 0x40)), 'invalid_avro'],
  ['a varint of eleven bytes', confluent(1, Buffer.alloc(11, 0xff)), 'invalid_avro'],
  ['a union with a wrong branch', confluent(1, Buffer.from('0265100870757263', 'hex')), 'invalid_avro'],
  [
    'Avro text that is no UTF-8',
    confluent(1, Buffer.concat([Buffer.of(2, 0xff), purchase.toBuffer(EVENT).subarray(2)])),
    'invalid_utf8',
  ],
  ['NaN in Avro', huge(...double(Number.NaN), 0), 'out_of_range'],
  ['infinity in Avro', huge(...double(-Infinity), 0), 'out_of_range'],
  ['2^53 + 1 in Avro', huge(...double(1), 0x82, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20), 'out_of_range'],
  ['the largest long in Avro', huge(...double(1), 0xfe, ...Array(8).fill(0xff), 1), 'out_of_range'],
  ['a schema id that the registry does not know', confluent(99, Buffer.of(0)), 'unknown_schema'],
  ['a negative schema id', Buffer.of(0, 0xff, 0xff, 0xff, 0xff, 0), 'unknown_schema'],
  ['a fingerprint that the catalog does not know', Buffer.of(0xc3, 1, 1, 2, 3, 4, 5, 6, 7, 8, 0), 'unknown_schema'],
  ['a schema without a required field', confluent(2, Buffer.of(2, 0x65, 0)), 'incompatible_schema'],
  ['a schema with a text for a number', confluent(3, Buffer.of(2, 0x65, 0, 2, 0x31)), 'incompatible_schema'],
  ['a schema of another kind', confluent(4, Buffer.of(0)), 'incompatible_schema'],
  ['a schema that is no record', confluent(5, Buffer.of(2, 0x65)), 'incompatible_schema'],
]

const GOOD: readonly (readonly [what: string, message: Message])[] = [
  ['an event time in 1970', login('x').replace('1767225600000', '0')],
  ['an event time in 2200', login('x').replace('1767225600000', '"2200-01-01T00:00:00Z"')],
  ['fields that nobody declared', json(',"__proto__":{"amount":5},"x":[1e999]')],
  ['a number of 2^40', json(',"quantity":1099511627776')],
  ['2^53 + 1 in a field that nobody reads', json(',"x":9007199254740993')],
  ['Avro with a schema id', confluent(1, purchase.toBuffer(EVENT))],
  [
    'Avro with a fingerprint',
    Buffer.concat([singleObjectHeader(catalog.schemas.get('purchase')!), purchase.toBuffer(EVENT)]),
  ],
  [
    'Avro with the fingerprint of an older schema that was kept',
    Buffer.concat([singleObjectHeader(OLDER), Buffer.of(2, 0x65, 0, 0, 0, 0x80, 0x3f)]),
  ],
]

function singleObjectHeader(schema: string): Buffer {
  const header = Buffer.of(0xc3, 1, 0, 0, 0, 0, 0, 0, 0, 0)
  header.writeBigUInt64LE(parseWriterSchema(schema).fingerprint, 2)
  return header
}

describe('bad input', () => {
  test.each(BAD)('%s is refused, and its neighbours are decoded', (_, message, reason) => {
    const { into, decoder } = make().decode(recordSet([login('before'), message, login('after')]))
    expect([...into.outcome.subarray(0, 3)]).toEqual([OUTCOME.pending, OUTCOME.rejected, OUTCOME.pending])
    const rejection = into.rejections.get(1)!
    expect(`${rejection.reason}: ${rejection.detail}`).toMatch(new RegExp(`^${reason}: .`))
    expect(rejection.detail.length).toBeLessThan(400)
    const hasher = createHasher(1n)
    for (const [row, id] of [
      [0, 'before'],
      [2, 'after'],
    ] as const) {
      hasher.ofText(id)
      expect([into.idHigh[row], into.idLow[row], into.eventTime[row]]).toEqual([
        hasher.high,
        hasher.low,
        1_767_225_600_000,
      ])
    }
    // the same alone
    const bytes = typeof message === 'string' ? Buffer.from(message) : message
    expect(decoder.event(bytes, new Set([99]))).toEqual({ rejection })
  })

  test.each(GOOD)('%s is accepted', (_, message) => {
    const { into } = make().decode(recordSet([login('before'), message, login('after')]))
    expect([...into.rejections]).toEqual([])
  })

  test('every reason has an example here', () => {
    expect([...new Set(BAD.map(([, , reason]) => reason))].sort()).toEqual(Object.keys(REJECTION_REASONS).sort())
  })

  test('a schema id that was pinned as unknown stays unknown, though the registry knows it by now', () => {
    const decoder = make().decoder
    const bytes = confluent(1, purchase.toBuffer(EVENT))
    expect('event' in decoder.event(bytes)).toBe(true)
    expect(decoder.event(bytes, new Set([1]))).toMatchObject({
      rejection: { reason: 'unknown_schema', stage: 'decode' },
    })
    expect(
      decoder.unresolved(
        recordSet([confluent(99, Buffer.of(0)), bytes, confluent(99, Buffer.of(0)), login('x')]),
        0,
        4,
      ),
    ).toEqual([99])
    expect(decoder.unresolved(recordSet([confluent(99, Buffer.of(0))]), 0, 1, new Set([99]))).toEqual([])
  })

  test('a message whose schema was not looked up is a fault of the program, not of the message', () => {
    expect(() => make().decoder.event(confluent(98, Buffer.of(0)))).toThrow('schema 98 was not resolved')
  })
})
