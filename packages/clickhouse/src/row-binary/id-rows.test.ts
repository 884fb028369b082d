import { KiviError } from '@kivi/domain'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readIdRows } from './id-rows.ts'
import { RowBinaryWriter } from './writer.ts'

function encode(rows: readonly (readonly bigint[])[]): Buffer {
  const writer = new RowBinaryWriter()
  for (const hashes of rows) {
    writer.length32(hashes.length)
    for (const hash of hashes) writer.bigUint64(hash)
    writer.length32(hashes.length)
    for (const hash of hashes) writer.float64(Number(hash % 1_000n))
  }
  return Buffer.concat(writer.chunks())
}

async function read(bytes: Buffer, cuts: readonly number[]): Promise<(readonly bigint[])[]> {
  const at = [0, ...cuts.map(cut => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  const stream = async function* () {
    for (let i = 1; i < at.length; i++) yield bytes.subarray(at[i - 1], at[i])
  }
  const rows: (readonly bigint[])[] = []
  for await (const { hashes, stamps } of readIdRows(stream())) {
    expect([...stamps]).toEqual([...hashes].map(hash => Number(hash % 1_000n)))
    rows.push([...hashes])
  }
  return rows
}

test('rows are read the same however the stream is divided', async () => {
  const hash = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
  const rows = fc.array(fc.array(hash, { maxLength: 200 }), { maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(rows, fc.array(fc.nat(), { maxLength: 6 }), async (list, cuts) => {
      expect(await read(encode(list), cuts)).toEqual(list)
    }),
  )
})

test('an answer that ends within a row is an outage, not a shorter answer', async () => {
  const bytes = encode([[1n, 2n, 3n]])
  await expect(read(bytes.subarray(0, bytes.length - 1), [])).rejects.toThrow(KiviError)
})
