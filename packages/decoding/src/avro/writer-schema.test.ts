import { describe, expect, test } from 'vitest'
import { fingerprint, parseWriterSchema } from './writer-schema.ts'

describe('a writer schema', () => {
  test('has the fingerprints that the Avro project publishes', () => {
    // from share/test/data/schema-tests.txt of Apache Avro, signed there
    const published: readonly (readonly [schema: string, fingerprint: bigint])[] = [
      ['"null"', 7195948357588979594n],
      ['"boolean"', -6970731678124411036n],
      ['"int"', 8247732601305521295n],
      ['"string"', -8142146995180207161n],
    ]
    for (const [schema, value] of published) {
      expect(BigInt.asIntN(64, parseWriterSchema(schema).fingerprint), schema).toBe(value)
    }
    // the fingerprint of no bytes is the polynomial itself
    expect(fingerprint('')).toBe(0xc15d213aa4d7a795n)
  })

  test('has the same fingerprint whatever does not change its bytes', () => {
    const plain = '{"name":"a.R","type":"record","fields":[{"name":"x","type":"long"}]}'
    const wordy = `{ "type": "record", "doc": "d", "namespace": "a", "name": "R",
      "fields": [{ "doc": "y", "type": { "type": "long", "logicalType": "timestamp-millis" }, "name": "x", "default": 1 }] }`
    const one = parseWriterSchema(plain)
    expect(parseWriterSchema(wordy).fingerprint).toBe(one.fingerprint)
    expect(one.canonical).toBe(plain)
    expect(parseWriterSchema(plain.replace('long', 'int')).fingerprint).not.toBe(one.fingerprint)
  })

  test('finds named types by namespace, and itself', () => {
    const { root } = parseWriterSchema(`{ "type": "record", "name": "R", "namespace": "a.b", "fields": [
      { "name": "e", "type": { "type": "enum", "name": "c.E", "symbols": ["X"] } },
      { "name": "again", "type": "c.E" },
      { "name": "f", "type": { "type": "fixed", "name": "F", "size": 2 } },
      { "name": "f2", "type": "a.b.F" },
      { "name": "next", "type": ["null", "R"] } ] }`)
    if (root.kind !== 'record') throw new Error(root.kind)
    const [e, again, f, f2, next] = root.fields.map(field => field.node)
    expect(again).toBe(e)
    expect(f2).toBe(f)
    expect(next?.kind === 'union' && next.branches[1]).toBe(root)
  })

  test.each(['{', '"nope"', '{"type":"record","name":"R"}', '{"type":"enum","name":"E","symbols":["A","A"]}'])(
    '%s is refused',
    text => {
      expect(() => parseWriterSchema(text)).toThrow()
    },
  )
})
