import { Buffer } from 'node:buffer'

const CHUNK = 1 << 16
/** the longest fixed-size run that is written without asking for room again */
const SLACK = 64

/** Chunks that nobody reads any more, of all writers: fresh ones would be much of what the worker allocates. */
const spare: Buffer[] = []
const MOST_SPARE = 128

/** Gives back what `detach` gave: nothing may read it any more, no request that is still under way either. */
export function recycle(body: readonly Uint8Array[]): void {
  for (const { buffer } of body)
    if (buffer.byteLength === CHUNK && spare.length < MOST_SPARE) spare.push(Buffer.from(buffer as ArrayBuffer))
}

const newChunk = (): Buffer => spare.pop() ?? Buffer.allocUnsafeSlow(CHUNK)

/**
 * Writes values in ClickHouse's RowBinary format into chunks that are reused: nothing is allocated per row, and
 * nothing is copied when it grows. The bytes of a row may lie in two chunks.
 */
export class RowBinaryWriter {
  #chunks: Buffer[] = []
  /** bytes in use of each full chunk */
  #lengths: number[] = []
  #chunk: Buffer = newChunk()
  #view: DataView = viewOf(this.#chunk)
  #at = 0
  #full = 0

  /** bytes written since the last reset */
  get length(): number {
    return this.#full + this.#at
  }

  /** What was written, without a copy: valid until the next reset. */
  chunks(): Uint8Array[] {
    const parts: Uint8Array[] = this.#chunks.map((chunk, i) => chunk.subarray(0, this.#lengths[i]))
    if (this.#at > 0) parts.push(this.#chunk.subarray(0, this.#at))
    return parts
  }

  /** Begins anew and reuses the memory: what `chunks` gave must not be in use any more. */
  reset(): void {
    for (const chunk of this.#chunks) if (chunk.length === CHUNK && spare.length < MOST_SPARE) spare.push(chunk)
    this.#chunks.length = 0
    this.#lengths.length = 0
    this.#at = 0
    this.#full = 0
  }

  /** Begins anew and leaves the memory to whoever holds what `chunks` gave. */
  detach(): Uint8Array[] {
    const parts = this.chunks()
    this.#chunks = []
    this.#lengths = []
    this.#full = 0
    this.#use(newChunk())
    return parts
  }

  uint8(value: number): void {
    this.#room()
    this.#chunk[this.#at++] = value
  }

  /** [0, 2^32) */
  uint32(value: number): void {
    this.#room()
    this.#view.setUint32(this.#at, value, true)
    this.#at += 4
  }

  int32(value: number): void {
    this.#room()
    this.#view.setInt32(this.#at, value, true)
    this.#at += 4
  }

  /** an integer in [0, 2^53] */
  uint64(value: number): void {
    this.#room()
    this.#view.setUint32(this.#at, value, true)
    this.#view.setUint32(this.#at + 4, value / 0x1_0000_0000, true)
    this.#at += 8
  }

  /** two 32-bit lanes, signed or not: high·2^32 + low as UInt64 */
  lanes(high: number, low: number): void {
    this.#room()
    this.#view.setInt32(this.#at, low, true)
    this.#view.setInt32(this.#at + 4, high, true)
    this.#at += 8
  }

  bigUint64(value: bigint): void {
    this.#room()
    this.#view.setBigUint64(this.#at, value, true)
    this.#at += 8
  }

  /** an integer of at most 53 bits */
  int64(value: number): void {
    this.lanes(Math.floor(value / 0x1_0000_0000), value | 0)
  }

  /** high·2^32 + low as Int128: `high` an integer of at most 53 bits, `low` in [0, 2^32) */
  int128(high: number, low: number): void {
    this.#room()
    const upper = Math.floor(high / 0x1_0000_0000)
    this.#view.setUint32(this.#at, low, true)
    this.#view.setUint32(this.#at + 4, high - upper * 0x1_0000_0000, true)
    this.#view.setInt32(this.#at + 8, upper, true)
    this.#view.setInt32(this.#at + 12, upper < 0 ? -1 : 0, true)
    this.#at += 16
  }

  bigInt128(value: bigint): void {
    this.#room()
    this.#view.setBigUint64(this.#at, BigInt.asUintN(64, value), true)
    this.#view.setBigInt64(this.#at + 8, BigInt.asIntN(64, value >> 64n), true)
    this.#at += 16
  }

  float64(value: number): void {
    this.#room()
    this.#view.setFloat64(this.#at, value, true)
    this.#at += 8
  }

  /** a length: LEB128 of an integer in [0, 2^32) */
  length32(value: number): void {
    this.#room()
    let rest = value
    while (rest > 0x7f) {
      this.#chunk[this.#at++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.#chunk[this.#at++] = rest
  }

  /** a String of the UTF-8 bytes [start, end) */
  bytes(source: Uint8Array, start = 0, end = source.length): void {
    const size = end - start
    this.length32(size)
    if (size > this.#chunk.length - this.#at) return this.#long(source.subarray(start, end))
    if (size > 24) this.#chunk.set(source.subarray(start, end), this.#at)
    else for (let i = 0; i < size; i++) this.#chunk[this.#at + i] = source[start + i]!
    this.#at += size
  }

  /** a String */
  text(value: string): void {
    const size = value.length
    if (size > 64 || !this.#ascii(value)) this.bytes(Buffer.from(value, 'utf8'))
  }

  /** bytes as they are: fields that were serialised before */
  raw(source: Uint8Array): void {
    if (source.length > this.#chunk.length - this.#at) return this.#long(source)
    this.#chunk.set(source, this.#at)
    this.#at += source.length
  }

  /** Writes a short text of ASCII only; false, and nothing is written, where it is not. */
  #ascii(value: string): boolean {
    const size = value.length
    if (this.#chunk.length - this.#at < size + SLACK) this.#next(CHUNK)
    const chunk = this.#chunk
    const at = this.#at + 1
    for (let i = 0; i < size; i++) {
      const code = value.charCodeAt(i)
      if (code > 0x7f) return false
      chunk[at + i] = code
    }
    chunk[this.#at] = size
    this.#at = at + size
    return true
  }

  #room(): void {
    if (this.#chunk.length - this.#at < SLACK) this.#next(CHUNK)
  }

  #long(source: Uint8Array): void {
    this.#next(source.length + SLACK)
    this.#chunk.set(source, this.#at)
    this.#at += source.length
  }

  #next(size: number): void {
    this.#chunks.push(this.#chunk)
    this.#lengths.push(this.#at)
    this.#full += this.#at
    this.#use(size <= CHUNK ? newChunk() : Buffer.allocUnsafeSlow(size))
  }

  #use(chunk: Buffer): void {
    this.#chunk = chunk
    this.#view = viewOf(chunk)
    this.#at = 0
  }
}

const viewOf = (chunk: Buffer): DataView => new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength)
