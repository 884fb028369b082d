import { createHasher } from '@kivi/domain'
import { describe, expect, test } from 'vitest'
import { createDecoder } from '../../packages/decoding/src/decoder.ts'
import { createSchemaRegistry } from '../../packages/decoding/src/schema-registry.ts'
import { LAYOUT, testCatalog } from '../../packages/decoding/src/testing/catalog.ts'
import { DecoderUnderTest } from '../../packages/decoding/src/testing/compare.ts'
import { recordSet } from '../../packages/decoding/src/testing/record-set.ts'
import { sampleEvents, UNUSUAL_EVENTS } from '../../packages/decoding/src/testing/sample-events.ts'
import { seededRandom } from '../../packages/decoding/src/testing/seeded-random.ts'

const catalog = testCatalog()
const registry = createSchemaRegistry({ url: null })
const make = (plainOnly: boolean) => createDecoder({ catalog, registry, hasher: createHasher(3n), plainOnly })

function expectSame(
  quick: DecoderUnderTest,
  plain: DecoderUnderTest,
  values: readonly Uint8Array[],
): { accepted: number } {
  const set = recordSet(values)
  const before = set.bytes.slice()
  quick.decode(set)
  // sentinels are restored
  expect(Buffer.compare(set.bytes, before)).toBe(0)
  plain.decode(set)
  let accepted = 0
  for (let row = 0; row < values.length; row++) {
    const [one, other] = [quick.row(row), plain.row(row)]
    if (one !== other)
      expect({ message: Buffer.from(values[row]!).toString('latin1'), decoded: one }).toEqual({ decoded: other })
    if (!plain.into.rejections.has(row)) accepted++
  }
  return { accepted }
}

describe('the quick JSON path gives what the plain one gives', () => {
  test('for each unusual message, alone and after others', () => {
    const values = UNUSUAL_EVENTS.map(text => Buffer.from(text))
    for (const value of values) {
      expectSame(new DecoderUnderTest(make(false), LAYOUT), new DecoderUnderTest(make(true), LAYOUT), [value])
    }
    const { accepted } = expectSame(
      new DecoderUnderTest(make(false), LAYOUT),
      new DecoderUnderTest(make(true), LAYOUT),
      [...values, ...values],
    )
    expect(accepted).toBeGreaterThan(100)
    expect(accepted).toBeLessThan(values.length * 2 - 100)
  })

  test('and ordinary messages, Chinese ones too, never need the plain one', () => {
    const quick = new DecoderUnderTest(make(false), LAYOUT)
    quick.decode(recordSet(sampleEvents(seededRandom(1), 1000)))
    expect(quick.into.rejections.size).toBe(0)
    expect(quick.decoder.plainRows).toBe(0)
  })

  test('for 120,000 messages of which most are damaged at up to four places', () => {
    const seed = Number(process.env['KIVI_FUZZ_SEED'] ?? 20_260_101)
    const random = seededRandom(seed)
    const base = [...sampleEvents(random, 2000), ...UNUSUAL_EVENTS]
      .map(text => Buffer.from(text))
      .filter(b => b.length < 2000)
    const alphabet = Buffer.from('{}[]",:\\0123456789-+.eE truefalsnuTZ\n\t\u0000é日')
    const quick = new DecoderUnderTest(make(false), LAYOUT)
    const plain = new DecoderUnderTest(make(true), LAYOUT)
    let accepted = 0
    for (let round = 0; round < 240; round++) {
      const values = Array.from({ length: 500 }, () => {
        let bytes: Buffer = base[Math.floor(random() * base.length)]!
        for (let changes = Math.floor(random() * 5); changes > 0; changes--) bytes = damaged(bytes, alphabet, random)
        return bytes
      })
      accepted += expectSame(quick, plain, values).accepted
    }
    // both kinds are there in numbers
    expect(accepted).toBeGreaterThan(30_000)
    expect(accepted).toBeLessThan(90_000)
  })
})

function damaged(bytes: Buffer, alphabet: Buffer, random: () => number): Buffer {
  const at = Math.floor(random() * bytes.length)
  const byte = random() < 0.1 ? Math.floor(random() * 256) : alphabet[Math.floor(random() * alphabet.length)]!
  const kind = random()
  if (kind < 0.4) return Buffer.concat([bytes.subarray(0, at), Buffer.of(byte), bytes.subarray(at + 1)])
  if (kind < 0.65) return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)])
  if (kind < 0.9) return Buffer.concat([bytes.subarray(0, at), Buffer.of(byte), bytes.subarray(at)])
  // a piece of the message again, somewhere else: repeated keys, fields in another order
  const from = Math.floor(random() * bytes.length)
  return Buffer.concat([
    bytes.subarray(0, at),
    bytes.subarray(from, from + Math.floor(random() * 60)),
    bytes.subarray(at),
  ])
}
