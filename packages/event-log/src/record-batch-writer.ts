/**
 * Writes record batches in Kafka's message format 2, uncompressed: the embedded log keeps its records in the form
 * that the reader of Kafka's batches reads.
 */
import type { NewRecord } from '@kivi/domain'
import { crc32c } from '@node-rs/crc32'

/** A record made ready: bytes instead of strings, with its partition and time. */
export interface PreparedRecord {
  readonly partition: number
  readonly stamp: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: ReadonlyArray<readonly [name: Uint8Array, value: Uint8Array]>
  /** at most so many bytes in a batch */
  readonly size: number
}

const HEADER = 61
/** varints of a record: length, time (10 bytes at most), offset, two lengths, count of headers */
const RECORD_OVERHEAD = 36
const HEADER_OVERHEAD = 10

const NO_HEADERS: PreparedRecord['headers'] = []

export const toBytes = (data: string | Uint8Array): Uint8Array => (typeof data === 'string' ? Buffer.from(data) : data)

export function prepare(record: NewRecord, key: Uint8Array | null, partition: number, now: number): PreparedRecord {
  const value = record.value === null ? null : toBytes(record.value)
  const headers = record.headers
    ? record.headers.map(([name, data]) => [Buffer.from(name), toBytes(data)] as const)
    : NO_HEADERS
  let size = RECORD_OVERHEAD + (key?.length ?? 0) + (value?.length ?? 0)
  for (const [name, data] of headers) size += HEADER_OVERHEAD + name.length + data.length
  return { partition, stamp: record.stamp ?? now, key, value, headers, size }
}

/** One batch of the records, its base offset still 0 (the CRC does not cover it): see setBaseOffset. */
export function encodeBatch(records: readonly PreparedRecord[]): Buffer {
  let room = HEADER
  for (const record of records) room += record.size
  const b = Buffer.allocUnsafe(room)
  const baseStamp = records[0]!.stamp
  let maxStamp = baseStamp
  let p = HEADER
  for (let i = 0; i < records.length; i++) {
    const record = records[i]!
    if (record.stamp > maxStamp) maxStamp = record.stamp
    p = writeRecord(b, p, record, record.stamp - baseStamp, i)
  }
  const batch = b.subarray(0, p)
  batch.fill(0, 0, HEADER)
  batch.writeInt32BE(p - 12, 8)
  batch.writeInt8(2, 16)
  batch.writeInt32BE(records.length - 1, 23)
  batch.writeBigInt64BE(BigInt(baseStamp), 27)
  batch.writeBigInt64BE(BigInt(maxStamp), 35)
  batch.fill(0xff, 43, 57) // no producer id, epoch, sequence
  batch.writeInt32BE(records.length, 57)
  batch.writeUInt32BE(crc32c(batch.subarray(21)), 17)
  return batch
}

export function setBaseOffset(batch: Buffer, offset: number): void {
  batch.writeBigInt64BE(BigInt(offset), 0)
}

function writeRecord(
  b: Buffer,
  start: number,
  record: PreparedRecord,
  stampDelta: number,
  offsetDelta: number,
): number {
  // the body is written behind the longest possible length, then moved up to the real one: a record's size is
  // known only when its varints are
  const body = start + 5
  let p = body
  b[p++] = 0
  p = writeVarint(b, p, stampDelta)
  p = writeVarint(b, p, offsetDelta)
  p = writeBytes(b, p, record.key)
  p = writeBytes(b, p, record.value)
  p = writeVarint(b, p, record.headers.length)
  for (const [name, value] of record.headers) {
    p = writeBytes(b, p, name)
    p = writeBytes(b, p, value)
  }
  const length = p - body
  const moved = writeVarint(b, start, length)
  b.copyWithin(moved, body, p)
  return moved + length
}

function writeBytes(b: Buffer, at: number, data: Uint8Array | null): number {
  if (data === null) return writeVarint(b, at, -1)
  const p = writeVarint(b, at, data.length)
  b.set(data, p)
  return p + data.length
}

/** Zigzag varint of an integer below 2^52. */
function writeVarint(b: Buffer, at: number, value: number): number {
  let n = value < 0 ? -2 * value - 1 : 2 * value
  let p = at
  while (n > 127) {
    b[p++] = (n % 128) | 128
    n = Math.floor(n / 128)
  }
  b[p++] = n
  return p
}
