import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RowBinaryWriter } from './writer.ts'

const bytesOf = (writer: RowBinaryWriter): Buffer => Buffer.concat(writer.chunks())
const written = (write: (writer: RowBinaryWriter) => void): Buffer => {
  const writer = new RowBinaryWriter()
  write(writer)
  return bytesOf(writer)
}

test('integers of 64 and 128 bits from numbers are those from bigints', () => {
  const low = fc.integer({ min: 0, max: 0xffff_ffff })
  fc.assert(
    fc.property(fc.maxSafeInteger(), low, (high, low) => {
      const value = BigInt(high) * 2n ** 32n + BigInt(low)
      expect(written(writer => writer.int128(high, low))).toEqual(written(writer => writer.bigInt128(value)))
    }),
  )
  fc.assert(
    fc.property(fc.oneof(fc.maxSafeInteger(), fc.integer()), value => {
      const expected = written(writer => writer.bigUint64(BigInt.asUintN(64, BigInt(value))))
      expect(written(writer => writer.int64(value))).toEqual(expected)
      if (value >= 0) expect(written(writer => writer.uint64(value))).toEqual(expected)
    }),
  )
})

test('a text is written as its UTF-8 bytes, whatever its length and wherever chunks end', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.nat(200_000).map(size => 'é'.repeat(size % 7) + 'x'.repeat(size)),
  )
  fc.assert(
    fc.property(fc.array(text, { maxLength: 12 }), list => {
      const bytes = written(writer => {
        for (const each of list) writer.text(each)
      })
      const again = written(writer => {
        for (const each of list) writer.bytes(Buffer.from(each))
      })
      expect(bytes.equals(again)).toBe(true)
      let at = 0
      for (const each of list) {
        let size = 0
        for (let shift = 0; ; shift += 7) {
          const byte = bytes[at++]!
          size += (byte & 0x7f) * 2 ** shift
          if (byte < 0x80) break
        }
        expect(bytes.subarray(at, at + size).toString()).toBe(each)
        at += size
      }
      expect(at).toBe(bytes.length)
    }),
    { numRuns: 20 },
  )
})

test('lone surrogates become the replacement character, so that the text stays valid', () => {
  expect(written(writer => writer.text('a\ud800b')).toString()).toBe('\u0005a\ufffdb')
})

test('a reset begins anew in the same memory; what was detached stays as it was', () => {
  const writer = new RowBinaryWriter()
  const fill = (byte: number) => {
    for (let i = 0; i < 300_000; i++) writer.uint64(byte)
  }
  fill(1)
  expect(writer.length).toBe(2_400_000)
  const before = writer.chunks()[0]!.buffer
  writer.reset()
  expect(writer.length).toBe(0)
  expect(writer.chunks()).toEqual([])
  fill(2)
  expect(writer.chunks().map(chunk => chunk.buffer)).toContain(before)
  const detached = writer.detach()
  fill(3)
  const kept = Buffer.concat(detached)
  expect(kept.length).toBe(2_400_000)
  expect(kept.readUInt8(0)).toBe(2)
  expect(kept.readUInt8(kept.length - 8)).toBe(2)
})
