import { crc32c } from '@node-rs/crc32'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CODECS, compress } from './compression.ts'
import { encodeBatch, type PreparedRecord, prepare, setBaseOffset } from './record-batch-writer.ts'
import { BatchReader, type FetchedPartition, recordColumns } from './record-batches.ts'
import { copyOfRow } from './record-columns.ts'

const bytes = fc.uint8Array({ maxLength: 300 })
const nullable = fc.option(bytes, { nil: null })
const record = fc.record({
  key: nullable,
  value: nullable,
  stamp: fc.integer({ min: 0, max: 4_000_000_000_000 }),
  headers: fc.array(fc.tuple(fc.string(), bytes), { maxLength: 3 }),
})
type Input = typeof record extends fc.Arbitrary<infer T> ? T : never

const prepared = (inputs: readonly Input[]): PreparedRecord[] => inputs.map(input => prepare(input, input.key, 0, 0))

function batch(inputs: readonly Input[], base: number, codec = 0): Buffer {
  const plain = encodeBatch(prepared(inputs))
  const out = codec === 0 ? plain : Buffer.concat([plain.subarray(0, 61), compress(CODECS[codec]!, plain.subarray(61))])
  setBaseOffset(out, base)
  out.writeInt32BE(out.length - 12, 8)
  out.writeInt16BE(codec, 21)
  out.writeUInt32BE(crc32c(out.subarray(21)), 17)
  return out
}

const fetched = (records: Buffer, aborted: FetchedPartition['aborted'] = []): FetchedPartition => ({
  partition: 3,
  errorCode: 0,
  highWatermark: 1e9,
  aborted,
  records,
})

/** All rows that a reader at `position` gets, and where it ends. */
function read(partition: FetchedPartition, position: number) {
  const reader = new BatchReader(partition, position, 'topic/3')
  const columns = recordColumns()
  columns.partition = 3
  const rows: ReturnType<typeof copyOfRow>[] = []
  let at = position
  while (reader.next(columns)) {
    expect(columns.from).toBe(at)
    at = columns.to
    for (let row = 0; row < columns.count; row++) {
      expect(columns.valueEnd[row]!).toBeLessThan(columns.bytes.length)
      rows.push(copyOfRow(columns, row))
    }
  }
  return { rows, position: at }
}

const plainBytes = (data: Uint8Array | null) => (data === null ? null : [...data])

describe('record batches', () => {
  test('what is written is read, in any codec, from any position', () => {
    const batches = fc.array(
      fc.tuple(fc.array(record, { minLength: 1, maxLength: 20 }), fc.integer({ min: 0, max: 4 })),
      {
        minLength: 1,
        maxLength: 8,
      },
    )
    fc.assert(
      fc.property(batches, fc.nat(1000), fc.nat(), (parts, first, skip) => {
        let base = first
        const all: Input[] = []
        const encoded = parts.map(([inputs, codec]) => {
          const out = batch(inputs, base, codec)
          base += inputs.length
          all.push(...inputs)
          return out
        })
        const from = first + (skip % all.length)
        const { rows, position } = read(fetched(Buffer.concat(encoded)), from)
        expect(position).toBe(base)
        const wanted = all.slice(from - first)
        expect(rows.map(row => row.offset)).toEqual(wanted.map((_, i) => from + i))
        expect(rows.map(row => row.stamp)).toEqual(wanted.map(each => each.stamp))
        expect(rows.map(row => plainBytes(row.key))).toEqual(wanted.map(each => plainBytes(each.key)))
        expect(rows.map(row => plainBytes(row.value))).toEqual(wanted.map(each => plainBytes(each.value)))
        const headers = (list: readonly (readonly [string, Uint8Array | null])[]) =>
          list.map(([name, value]) => [Buffer.from(name).toString(), plainBytes(value)])
        expect(rows.map(row => headers(row.headers))).toEqual(wanted.map(each => headers(each.headers)))
      }),
      { numRuns: 200 },
    )
  })

  const one: Input = { key: null, value: Buffer.from('value'), stamp: 5, headers: [] }

  test('a batch that is cut off at the end of a fetch is left for the next', () => {
    const whole = batch([one, one], 0)
    const cut = batch([one], 2)
    const { rows, position } = read(fetched(Buffer.concat([whole, cut.subarray(0, cut.length - 1)])), 0)
    expect(rows.length).toBe(2)
    expect(position).toBe(2)
  })

  test('every damaged byte is found by the CRC, and the batch is named', () => {
    const good = batch([one, one], 7)
    for (let at = 21; at < good.length; at++) {
      const damaged = Buffer.from(good)
      damaged[at]! ^= 0x10
      expect(() => read(fetched(damaged), 7)).toThrow(expect.objectContaining({ code: 'log_damaged' }))
    }
    expect(() => read(fetched(damagedLength(good)), 7)).toThrow(/topic\/3.*offset 7/)
  })

  test('a record that claims more than its batch is damage, not a read elsewhere', () => {
    const lying = batch([one], 0)
    lying[61] = 0x7e // a length of 63 bytes in a batch of a dozen
    lying.writeUInt32BE(crc32c(lying.subarray(21)), 17)
    expect(() => read(fetched(lying), 0)).toThrow(/cut off or damaged/)
  })

  test('messages from before Kafka 0.11 are refused with what to do', () => {
    const old = batch([one], 0)
    old[16] = 1
    expect(() => read(fetched(old), 0)).toThrow(expect.objectContaining({ code: 'log_misconfigured' }))
  })

  test('aborted transactions and markers are passed over, other producers are not', () => {
    const transactional = (out: Buffer, producer: bigint, attributes = 0x10) => {
      out.writeInt16BE(attributes, 21)
      out.writeBigInt64BE(producer, 43)
      out.writeUInt32BE(crc32c(out.subarray(21)), 17)
      return out
    }
    const marker = (base: number, producer: bigint, type: number) =>
      transactional(batch([{ ...one, key: Buffer.from([0, 0, 0, type]) }], base), producer, 0x30)
    const log = Buffer.concat([
      transactional(batch([one], 0), 1n),
      transactional(batch([one], 1), 2n),
      marker(2, 1n, 0), // 1 aborts
      transactional(batch([one], 3), 1n),
      marker(4, 2n, 1), // 2 commits
      marker(5, 1n, 1), // 1 commits what it began anew
      batch([one], 6),
    ])
    const { rows, position } = read(fetched(log, [{ producerId: 1n, firstOffset: 0 }]), 0)
    expect(rows.map(row => row.offset)).toEqual([1, 3, 6])
    expect(position).toBe(7)
  })

  test('a decompressed batch that is broken is named with its codec', () => {
    const broken = batch([one], 0, 4)
    broken.fill(0, 61)
    broken.writeUInt32BE(crc32c(broken.subarray(21)), 17)
    expect(() => read(fetched(broken), 0)).toThrow(/zstd batch at offset 0/)
  })
})

function damagedLength(good: Buffer): Buffer {
  const damaged = Buffer.from(good)
  damaged[good.length - 1]! ^= 1
  return damaged
}
