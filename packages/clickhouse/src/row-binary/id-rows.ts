import { KiviError } from '@kivi/domain'

/** Reads rows of (Array(UInt64), Array(Float64)) in RowBinary, however the stream divides them. */
export async function* readIdRows(
  stream: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ hashes: BigUint64Array; stamps: Float64Array }> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of stream) {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk])
    let at = 0
    for (let row = readRow(rest, at); row !== null; row = readRow(rest, at)) {
      at = row.end
      yield { hashes: row.hashes, stamps: row.stamps }
    }
    rest = rest.subarray(at)
  }
  if (rest.length > 0)
    throw new KiviError('store_unreachable', 'The answer of ClickHouse with accepted ids ended in the middle of a row.')
}

/** The row at `at`, null while it is not there as a whole. */
function readRow(bytes: Buffer, at: number) {
  const hashes = readEights(bytes, at)
  if (hashes === null) return null
  const stamps = readEights(bytes, hashes.end)
  if (stamps === null) return null
  return { hashes: new BigUint64Array(hashes.copy), stamps: new Float64Array(stamps.copy), end: stamps.end }
}

/** An array of 8-byte elements as a buffer of its own, hence aligned. */
function readEights(bytes: Buffer, start: number): { copy: ArrayBuffer; end: number } | null {
  let size = 0
  let at = start
  for (let shift = 1; ; shift *= 128) {
    if (at >= bytes.length) return null
    const byte = bytes[at++]!
    size += (byte & 0x7f) * shift
    if (byte < 0x80) break
  }
  const end = at + 8 * size
  if (end > bytes.length) return null
  const copy = new ArrayBuffer(8 * size)
  new Uint8Array(copy).set(bytes.subarray(at, end))
  return { copy, end }
}
