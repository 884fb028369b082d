import { describe, expect, it } from 'vitest'
import { fingerprint, parseWriterSchema } from './writer-schema.ts'

/** Bit by bit from the specification: no table, no bigint shifts by bytes. Obviously right, and slow. */
function byDefinition(bytes: Uint8Array): bigint {
  const polynomial = 0xc15d213aa4d7a795n
  let value = polynomial
  for (const byte of bytes) {
    value ^= BigInt(byte)
    for (let bit = 0; bit < 8; bit++) value = value % 2n === 1n ? (value / 2n) ^ polynomial : value / 2n
  }
  return value
}

describe('CRC-64-AVRO', () => {
  it('of no bytes is its polynomial', () => {
    expect(fingerprint('')).toBe(0xc15d213aa4d7a795n)
  })

  it('equals the bit-by-bit definition on any bytes', () => {
    for (const text of [
      '"int"',
      '"string"',
      'a',
      '\0',
      '{"name":"x","type":"record","fields":[]}',
      '春天',
      'x'.repeat(1000),
    ]) {
      expect(fingerprint(text)).toBe(byDefinition(Buffer.from(text)))
    }
  })

  it.each([
    ['"null"', 0x63dd24e7cc258f8an],
    ['"boolean"', 0x9f42fc78a4d4f764n],
    ['"int"', 0x7275d51a3f395c8fn],
    ['"long"', 0xd054e14493f41db7n],
    ['"float"', 0x4d7c02cb3ea8d790n],
    ['"double"', 0x8e7535c032ab957en],
    ['"bytes"', 0x4fc016dac3201965n],
    ['"string"', 0x8f014872634503c7n],
  ])('of the primitive schema %s is the known one', (schema, expected) => {
    expect(parseWriterSchema(schema).fingerprint).toBe(expected)
  })
})

describe('the canonical form', () => {
  it('keeps what decides how bytes are read, under full names, in the order of the specification', () => {
    const schema = {
      doc: 'a click',
      type: 'record',
      namespace: 'kivi',
      name: 'click',
      aliases: ['tap'],
      fields: [
        { doc: 'when', name: 'event_time', type: { logicalType: 'timestamp-millis', type: 'long' } },
        { name: 'target', default: null, type: ['null', { symbols: ['ad', 'cta'], type: 'enum', name: 'target' }] },
      ],
    }
    const expected =
      '{"name":"kivi.click","type":"record","fields":[{"name":"event_time","type":"long"},{"name":"target","type":["null",{"name":"kivi.target","type":"enum","symbols":["ad","cta"]}]}]}'
    const parsed = parseWriterSchema(JSON.stringify(schema))
    expect(parsed.canonical).toBe(expected)
    expect(parsed.fingerprint).toBe(byDefinition(Buffer.from(expected)))
  })
})
