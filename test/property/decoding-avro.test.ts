import { createHasher } from '@kivi/domain'
import avro from 'avsc'
import { describe, expect, test } from 'vitest'
import { type AvroValue, readAvro } from '../../packages/decoding/src/avro/read.ts'
import { exactLong, parseWriterSchema } from '../../packages/decoding/src/avro/writer-schema.ts'
import { createDecoder } from '../../packages/decoding/src/decoder.ts'
import {
  avscType,
  WRITER_SCHEMAS,
  type WriterName,
  writtenValue,
} from '../../packages/decoding/src/testing/avro-schemas.ts'
import { LAYOUT, testCatalog } from '../../packages/decoding/src/testing/catalog.ts'
import { DecoderUnderTest } from '../../packages/decoding/src/testing/compare.ts'
import { recordSet } from '../../packages/decoding/src/testing/record-set.ts'
import { seededRandom } from '../../packages/decoding/src/testing/seeded-random.ts'

const NAMES = Object.keys(WRITER_SCHEMAS) as WriterName[]
const catalog = testCatalog()
const schemas = NAMES.map(name => ({ schema: parseWriterSchema(JSON.stringify(WRITER_SCHEMAS[name])) }))
const registry = { resolve: async () => [], lookup: (id: number) => schemas[id - 1] }
const make = (plainOnly: boolean) =>
  new DecoderUnderTest(createDecoder({ catalog, registry, hasher: createHasher(3n), plainOnly }), LAYOUT)

const random = seededRandom(Number(process.env['KIVI_FUZZ_SEED'] ?? 20_260_102))
const types = NAMES.map(avscType)

function message(index: number): Buffer {
  return Buffer.concat([Buffer.of(0, 0, 0, 0, index + 1), types[index]!.toBuffer(writtenValue(NAMES[index]!, random))])
}

/** what is read as avsc gives it */
function asAvsc({ node, value }: AvroValue): unknown {
  switch (node.kind) {
    case 'record': {
      const fields = value as AvroValue[]
      return Object.fromEntries(node.fields.map((field, i) => [field.name, asAvsc(fields[i]!)]))
    }
    case 'array':
      return (value as AvroValue[]).map(asAvsc)
    case 'map':
      return Object.fromEntries((value as [string, AvroValue][]).map(([name, item]) => [name, asAvsc(item)]))
    case 'bytes':
    case 'fixed':
      return Buffer.from(value as Uint8Array).toString('hex')
    case 'long':
      return String(value)
    default:
      return value
  }
}

function comparable(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString('hex')
  if (Array.isArray(value)) return value.map(comparable)
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? String(value) : value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, comparable(item)]))
}

describe('Avro', () => {
  test('is read as avsc reads it: 20,000 random values of 200 random schemas', () => {
    for (let round = 0; round < 200; round++) {
      const schema = randomSchema(0, { next: 0 })
      const type = avro.Type.forSchema(structuredClone(schema) as avro.Schema, {
        registry: { long: exactLong },
        wrapUnions: 'never',
      })
      const { root } = parseWriterSchema(JSON.stringify(schema))
      for (let i = 0; i < 100; i++) {
        const written = randomValue(schema)
        const bytes = type.toBuffer(written)
        const read = readAvro(root, bytes, 0)
        if ('rejection' in read) throw new Error(`${read.rejection.detail}: ${JSON.stringify(schema)}`)
        expect(asAvsc(read.value)).toEqual(comparable(type.fromBuffer(bytes)))
      }
    }
  })

  test('the quick path gives what the plain one gives, for 60,000 messages, most of them damaged', () => {
    const quick = make(false)
    const plain = make(true)
    let accepted = 0
    for (let round = 0; round < 120; round++) {
      const values = Array.from({ length: 500 }, () => {
        let bytes = message(Math.floor(random() * NAMES.length))
        for (let changes = Math.floor(random() * 3); changes > 0; changes--) bytes = damaged(bytes)
        return bytes
      })
      const set = recordSet(values)
      quick.decode(set)
      plain.decode(set)
      for (let row = 0; row < values.length; row++) {
        const [one, other] = [quick.row(row), plain.row(row)]
        if (one !== other) expect({ message: values[row]!.toString('hex'), decoded: one }).toEqual({ decoded: other })
        if (!plain.into.rejections.has(row)) accepted++
      }
    }
    expect(accepted).toBeGreaterThan(10_000)
    expect(accepted).toBeLessThan(50_000)
  })

  test('the quick path reads what the ordinary schemas write, and leaves the odd ones to the plain decoder', () => {
    const leftOver = (name: WriterName) => {
      const values = Array.from({ length: 200 }, () => message(NAMES.indexOf(name)))
      const { decoder, into } = make(false).decode(recordSet(values))
      return decoder.plainRows - into.rejections.size
    }
    for (const name of ['olderPurchase', 'newerPageView', 'everything'] as const) expect(leftOver(name), name).toBe(0)
    for (const name of ['aliased', 'odd'] as const) expect(leftOver(name), name).toBeGreaterThan(100)
  })

  test('every prefix of a message is refused, and so is a message with a byte more', () => {
    const decoder = make(false).decoder
    for (const index of NAMES.keys()) {
      const whole = message(index)
      for (let length = 5; length < whole.length; length++) {
        const decoded = decoder.event(whole.subarray(0, length))
        expect('rejection' in decoded && decoded.rejection.reason, `${NAMES[index]} ${length}`).toBe('invalid_avro')
      }
      const longer = decoder.event(Buffer.concat([whole, Buffer.of(0)]))
      expect('rejection' in longer && longer.rejection.reason).toBe('invalid_avro')
    }
  })
})

function damaged(bytes: Buffer): Buffer<ArrayBuffer> {
  const at = 5 + Math.floor(random() * (bytes.length - 4))
  const byte = random() < 0.5 ? Math.floor(random() * 256) : [0, 1, 2, 3, 4, 127, 128, 255][Math.floor(random() * 8)]!
  const kind = random()
  if (kind < 0.5) return Buffer.concat([bytes.subarray(0, at), Buffer.of(byte), bytes.subarray(at + 1)])
  if (kind < 0.75) return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)])
  return Buffer.concat([bytes.subarray(0, at), Buffer.of(byte), bytes.subarray(at)])
}

type Schema = string | Schema[] | { type: string; [key: string]: unknown }

function randomSchema(depth: number, names: { next: number }): Schema {
  const primitives = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'] as const
  const draw = Math.floor(random() * (depth > 3 ? 8 : 14))
  switch (draw) {
    case 8:
      return { type: 'array', items: randomSchema(depth + 1, names) }
    case 9:
      return { type: 'map', values: randomSchema(depth + 1, names) }
    case 10:
      return { type: 'enum', name: `E${names.next++}`, symbols: ['A', 'B', 'C'] }
    case 11:
      return { type: 'fixed', name: `F${names.next++}`, size: Math.floor(random() * 9) }
    case 12:
      return ['null', 'string', 'long', { type: 'array', items: 'int' }].slice(
        0,
        1 + Math.floor(random() * 4),
      ) as Schema[]
    case 13: {
      const name = `R${names.next++}`
      const fields = Array.from({ length: Math.floor(random() * 6) }, (_, i) => ({
        name: `f${i}`,
        type: randomSchema(depth + 1, names),
      }))
      return { type: 'record', name, namespace: random() < 0.3 ? 'a.b' : '', fields }
    }
    default:
      return primitives[draw]!
  }
}

function randomValue(schema: Schema): unknown {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!
  const some = <T>(make: () => T): T[] => Array.from({ length: Math.floor(random() * 4) }, make)
  if (Array.isArray(schema)) return randomValue(pick(schema))
  if (typeof schema !== 'string') {
    switch (schema.type) {
      case 'array':
        return some(() => randomValue(schema['items'] as Schema))
      case 'map':
        return Object.fromEntries(some(() => [`k${random()}`, randomValue(schema['values'] as Schema)]))
      case 'enum':
        return pick(['A', 'B', 'C'])
      case 'fixed':
        return Buffer.alloc(schema['size'] as number, random() * 256)
      default:
        return Object.fromEntries(
          (schema['fields'] as { name: string; type: Schema }[]).map(({ name, type }) => [name, randomValue(type)]),
        )
    }
  }
  switch (schema) {
    case 'null':
      return null
    case 'boolean':
      return random() < 0.5
    case 'int':
      return pick([0, 1, -1, 64, -65, 2 ** 31 - 1, -(2 ** 31)])
    case 'long':
      return pick([0n, -1n, 63n, -64n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n), 8192n])
    case 'float':
      return pick([0, 1.5, Number.NaN, Infinity])
    case 'double':
      return pick([0, 0.1, -1e300, Number.NaN])
    case 'bytes':
      return Buffer.from(pick(['', 'ff00', '01'.repeat(100)]), 'hex')
    default:
      return pick(['', 'a', 'été', '夏😀', 'x'.repeat(200)])
  }
}
