/**
 * Record batches (Kafka's message format 2) into columns. Nothing is allocated per record: kafkajs' own decoding
 * makes an object, strings and a promise of each, at ten times the cost.
 */
import { KiviError } from '@kivi/domain'
import { crc32c } from '@node-rs/crc32'
import { CODECS, decompress } from './compression.ts'
import { type Headers, RecordColumns } from './record-columns.ts'

/** What a fetch gave for one partition. */
export interface FetchedPartition {
  readonly partition: number
  readonly errorCode: number
  readonly highWatermark: number
  /** transactions that were aborted and have records in `records` */
  readonly aborted: readonly AbortedTransaction[]
  /** whole batches, perhaps a cut one at the end */
  readonly records: Buffer
  /** called once when the records are read: their buffer is used again */
  release?(): void
}

export interface AbortedTransaction {
  readonly producerId: bigint
  readonly firstOffset: number
}

// layout of a batch: base offset 0, length 8, leader epoch 12, magic 16, crc 17, attributes 21, last offset delta 23,
// base timestamp 27, max timestamp 35, producer id 43, epoch 51, sequence 53, count 57, records 61
const HEADER = 61
const CODEC_MASK = 0x07
const LOG_APPEND_TIME = 0x08
const TRANSACTIONAL = 0x10
const CONTROL = 0x20
const ABORT_MARKER = 0

/** Compressed batches are joined into sets of about this many bytes, so that small batches do not make small sets. */
const SET_BYTES = 4 * 1024 * 1024

/** A batch whose records go into the set: where they are in the set's bytes, and what they are relative to. */
interface Run {
  start: number
  end: number
  count: number
  baseOffset: number
  baseStamp: number
  /** the stamp of all records where the broker sets it, else −1 */
  appendStamp: number
}

/** Reads the batches of one fetched partition, one RecordColumns after the other. */
export class BatchReader {
  readonly #data: Buffer
  readonly #where: string
  readonly #aborted: AbortedTransaction[]
  readonly #abortedNow = new Set<bigint>()
  #at = 0
  /** the next offset to read */
  position: number

  constructor(fetched: FetchedPartition, position: number, where: string) {
    this.#data = fetched.records
    this.#where = where
    this.#aborted = [...fetched.aborted].sort((a, b) => a.firstOffset - b.firstOffset)
    this.position = position
  }

  /**
   * Fills the columns with the next run of records that a reader of committed data sees; `count` may be 0 where
   * only control, aborted or earlier records stood. False where nothing is left.
   */
  next(columns: RecordColumns): boolean {
    const runs: Run[] = []
    const inflated: Buffer[] = []
    let inflatedBytes = 0
    let plain = false
    let rows = 0
    let end = this.position
    let moved = false
    const data = this.#data
    while (this.#at + HEADER <= data.length) {
      const at = this.#at
      const next = at + 12 + data.readInt32BE(at + 8)
      if (next > data.length) break
      const attributes = this.#check(at, next)
      const compressed = (attributes & CODEC_MASK) !== 0
      // a set has one buffer: the fetched one, or one that the compressed batches are joined in
      if (runs.length > 0 && (plain === compressed || inflatedBytes >= SET_BYTES)) break
      this.#at = next
      const base = readOffset(data, at)
      const last = base + data.readInt32BE(at + 23)
      if (last + 1 > end) {
        end = last + 1
        moved = true
      }
      if (last < this.position || !this.#visible(at, attributes, last)) continue
      const count = data.readInt32BE(at + 57)
      if (count <= 0) continue
      const run = {
        start: at + HEADER,
        end: next,
        count,
        baseOffset: base,
        baseStamp: readOffset(data, at + 27),
        appendStamp: attributes & LOG_APPEND_TIME ? readOffset(data, at + 35) : -1,
      }
      if (compressed) {
        const records = this.#inflate(attributes & CODEC_MASK, run)
        run.start = inflatedBytes
        inflated.push(records)
        inflatedBytes += records.length
        run.end = inflatedBytes
      } else plain = true
      runs.push(run)
      rows += count
    }
    if (!moved) return false
    const bytes = plain || inflated.length === 0 ? data : inflated.length === 1 ? inflated[0]! : Buffer.concat(inflated)
    columns.reserve(rows)
    columns.bytes = bytes
    columns.from = this.position
    columns.to = end
    columns.count = readRuns(columns, bytes, runs, this.position, this.#where)
    this.position = end
    return true
  }

  /** Checks magic and CRC; the batch's attributes. */
  #check(at: number, next: number): number {
    const data = this.#data
    const magic = data[at + 16]
    if (magic !== 2)
      throw new KiviError(
        'log_misconfigured',
        `${this.#where} holds messages in format ${magic}, from before Kafka 0.11. Kivi reads format 2: copy the topic with a current producer, or start after these messages.`,
      )
    if (crc32c(data.subarray(at + 21, next)) !== data.readUInt32BE(at + 17))
      throw new KiviError(
        'log_damaged',
        `${this.#where}: the record batch at offset ${readOffset(data, at)} does not match its CRC. Check the broker's disk; another replica may hold it intact.`,
      )
    return data.readInt16BE(at + 21)
  }

  /** Does a reader of committed data see this batch? Follows the aborted transactions as the log goes on. */
  #visible(at: number, attributes: number, last: number): boolean {
    const data = this.#data
    if ((attributes & TRANSACTIONAL) === 0) return (attributes & CONTROL) === 0
    const producer = data.readBigInt64BE(at + 43)
    while (this.#aborted.length > 0 && this.#aborted[0]!.firstOffset <= last)
      this.#abortedNow.add(this.#aborted.shift()!.producerId)
    if (attributes & CONTROL) {
      if (controlType(data, at) === ABORT_MARKER) this.#abortedNow.delete(producer)
      return false
    }
    return !this.#abortedNow.has(producer)
  }

  #inflate(codec: number, run: Run): Buffer {
    const name = CODECS[codec]
    if (name === undefined)
      throw new KiviError(
        'log_misconfigured',
        `${this.#where}: unknown compression ${codec} at offset ${run.baseOffset}.`,
      )
    try {
      return decompress(name, this.#data.subarray(run.start, run.end))
    } catch (cause) {
      throw new KiviError(
        'log_damaged',
        `${this.#where}: the ${name} batch at offset ${run.baseOffset} does not decompress.`,
        {
          cause,
        },
      )
    }
  }
}

/** Big-endian int64, exact below 2^53. */
function readOffset(data: Buffer, at: number): number {
  return data.readInt32BE(at) * 4294967296 + data.readUInt32BE(at + 4)
}

/** The key of a control record is (version int16, type int16); its only record's lengths and deltas take 1 byte each. */
function controlType(data: Buffer, at: number): number {
  let p = at + HEADER
  while (data[p++]! > 127); // length of the record
  p++ // attributes
  while (data[p++]! > 127); // timestamp delta
  while (data[p++]! > 127); // offset delta
  while (data[p++]! > 127); // length of the key
  return data.readInt16BE(p + 2)
}

/**
 * The hot loop: varints are read in place, zigzag undone. Rows before `position` are left out (a batch begins
 * before the offset that was asked for). Lengths are checked against the run's end: damage never reads elsewhere.
 */
function readRuns(columns: RecordColumns, b: Buffer, runs: readonly Run[], position: number, where: string): number {
  const { offset, stamp, keyStart, keyEnd, valueStart, valueEnd, headerStart } = columns
  let row = 0
  for (const run of runs) {
    const { baseOffset, baseStamp, appendStamp, end } = run
    let p = run.start
    for (let left = run.count; left > 0; left--) {
      let x = b[p++]!
      let n = x & 127
      if (x > 127) {
        x = b[p++]!
        n |= (x & 127) << 7
        if (x > 127) {
          x = b[p++]!
          n |= (x & 127) << 14
          if (x > 127) {
            x = b[p++]!
            n |= (x & 127) << 21
            if (x > 127) n |= b[p++]! << 28
          }
        }
      }
      const recordEnd = p + ((n >>> 1) ^ -(n & 1))
      if (recordEnd > end || recordEnd < p) throw damagedRecord(where, run)
      p++ // attributes, unused by the format
      x = b[p++]!
      let delta = x & 127
      if (x > 127) {
        // up to 64 bits: as a double, exact below 2^53
        let scale = 128
        do {
          x = b[p++]!
          delta += (x & 127) * scale
          scale *= 128
        } while (x > 127)
      }
      delta = delta % 2 === 0 ? delta / 2 : -(delta + 1) / 2
      x = b[p++]!
      n = x & 127
      if (x > 127) {
        x = b[p++]!
        n |= (x & 127) << 7
        if (x > 127) {
          x = b[p++]!
          n |= (x & 127) << 14
          if (x > 127) {
            x = b[p++]!
            n |= (x & 127) << 21
            if (x > 127) n |= b[p++]! << 28
          }
        }
      }
      const at = baseOffset + (n >>> 1)
      if (at < position) {
        p = recordEnd
        continue
      }
      offset[row] = at
      stamp[row] = appendStamp >= 0 ? appendStamp : baseStamp < 0 ? -1 : baseStamp + delta
      x = b[p++]!
      n = x & 127
      if (x > 127) {
        x = b[p++]!
        n |= (x & 127) << 7
        if (x > 127) {
          x = b[p++]!
          n |= (x & 127) << 14
          if (x > 127) {
            x = b[p++]!
            n |= (x & 127) << 21
            if (x > 127) n |= b[p++]! << 28
          }
        }
      }
      n = (n >>> 1) ^ -(n & 1)
      if (n < 0) {
        keyStart[row] = -1
        keyEnd[row] = -1
      } else {
        keyStart[row] = p
        p += n
        keyEnd[row] = p
      }
      x = b[p++]!
      n = x & 127
      if (x > 127) {
        x = b[p++]!
        n |= (x & 127) << 7
        if (x > 127) {
          x = b[p++]!
          n |= (x & 127) << 14
          if (x > 127) {
            x = b[p++]!
            n |= (x & 127) << 21
            if (x > 127) n |= b[p++]! << 28
          }
        }
      }
      n = (n >>> 1) ^ -(n & 1)
      if (n < 0) {
        valueStart[row] = -1
        valueEnd[row] = -1
      } else {
        valueStart[row] = p
        p += n
        valueEnd[row] = p
      }
      // the count of headers follows, one byte at least: the byte beyond the last value that RecordSet promises
      if (p >= recordEnd) throw damagedRecord(where, run)
      headerStart[row] = p
      row++
      p = recordEnd
    }
  }
  return row
}

function damagedRecord(where: string, run: Run): KiviError {
  return new KiviError(
    'log_damaged',
    `${where}: a record of the batch at offset ${run.baseOffset} is cut off or damaged.`,
  )
}

/** Columns that read a row's headers from where the record has them. */
export function recordColumns(): RecordColumns {
  return new RecordColumns(readHeaders)
}

function readHeaders(columns: RecordColumns, row: number): Headers {
  const { bytes } = columns
  let p = columns.headerStart[row]!
  const varint = () => {
    let n = 0
    let scale = 1
    let x: number
    do {
      x = bytes[p++]!
      n += (x & 127) * scale
      scale *= 128
    } while (x > 127)
    return n % 2 === 0 ? n / 2 : -(n + 1) / 2
  }
  const headers: [string, Uint8Array | null][] = []
  for (let left = varint(); left > 0; left--) {
    const nameLength = varint()
    const name = Buffer.from(bytes.buffer, bytes.byteOffset + p, nameLength).toString()
    p += nameLength
    const length = varint()
    headers.push([name, length < 0 ? null : bytes.subarray(p, p + length)])
    if (length > 0) p += length
  }
  return headers
}
