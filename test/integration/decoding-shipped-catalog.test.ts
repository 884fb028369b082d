import { fileURLToPath } from 'node:url'
import { loadCatalog } from '@kivi/catalog'
import { createDecoder, createSchemaRegistry, parseWriterSchema } from '@kivi/decoding'
import { type Catalog, createHasher, type EventType, type FieldType } from '@kivi/domain'
import avro from 'avsc'
import { describe, expect, test } from 'vitest'
import { DecoderUnderTest } from '../../packages/decoding/src/testing/compare.ts'
import { recordSet } from '../../packages/decoding/src/testing/record-set.ts'

async function shippedCatalog(): Promise<Catalog> {
  const loaded = await loadCatalog(fileURLToPath(new URL('../../catalog', import.meta.url)))
  if (loaded.catalog === undefined) throw new Error(JSON.stringify(loaded.problems))
  return loaded.catalog
}

function sample(catalog: Catalog, type: EventType, field: string, { kind, ...rest }: FieldType): unknown {
  switch (kind) {
    case 'string':
      return `${type.name} ${field} é`
    case 'enum':
      return field === 'survey' ? [...catalog.surveys.keys()][0] : (rest as { values: readonly string[] }).values[0]
    case 'boolean':
      return true
    case 'map':
      return { policy: 'p', x: 'y' }
    default:
      return field === 'score' && type.name === 'survey' ? [...catalog.surveys.values()][0]!.max : 1
  }
}

const catalog = await shippedCatalog()
const make = (plainOnly: boolean) => {
  const registry = createSchemaRegistry({ url: null })
  return new DecoderUnderTest(createDecoder({ catalog, registry, hasher: createHasher(1n), plainOnly }), catalog.layout)
}

describe('every event type that ships', () => {
  test.each([...catalog.eventTypes.keys()])(
    '%s is the same event in JSON and in Avro, whole and with the required fields alone',
    name => {
      const type = catalog.eventTypes.get(name)!
      const all = Object.fromEntries(
        [...type.fields].map(([field, kind]) => [field, sample(catalog, type, field, kind)]),
      )
      const needed = Object.fromEntries([...type.required].map(field => [field, all[field]]))
      const time = 1_767_225_600_000
      const text = catalog.schemas.get(name)!
      const avroType = avro.Type.forSchema(JSON.parse(text) as avro.Schema, { wrapUnions: 'never' })
      const header = Buffer.of(0xc3, 1, 0, 0, 0, 0, 0, 0, 0, 0)
      header.writeBigUInt64LE(parseWriterSchema(text).fingerprint, 2)
      const nothing = Object.fromEntries(
        [...type.fields.keys()].map(field => [field, field === 'properties' ? {} : null]),
      )

      for (const fields of [all, needed]) {
        const event = { event_id: 'e-1', event_type: name, event_time: time, ...fields }
        const json = Buffer.from(JSON.stringify(event))
        const single = Buffer.concat([header, avroType.toBuffer({ ...nothing, ...event })])
        const [quick, plain] = [make(false), make(true)]
        quick.decode(recordSet([json, single]))
        plain.decode(recordSet([json, single]))
        expect([...quick.into.rejections]).toEqual([])
        expect(quick.decoder.plainRows).toBe(0)
        for (const row of [0, 1]) expect(quick.row(row)).toBe(plain.row(row))
        const withoutPlace = (row: string) => ({ ...JSON.parse(row), offset: 0, stamp: 0 })
        expect(withoutPlace(quick.row(0))).toEqual(withoutPlace(quick.row(1)))
        const decoded = quick.decoder.event(json)
        expect(decoded).toMatchObject({ event })
      }
    },
  )
})
