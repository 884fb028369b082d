/** The codecs of Kafka record batches, synchronous: a batch is decoded in one go where it is needed. */
import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { compressFrameSync, decompressFrameSync } from 'lz4-napi'
import { compressSync as snappyCompress, uncompressSync as snappyUncompress } from 'snappy'

export type Codec = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'

/** By the number in a batch's attributes. */
export const CODECS: readonly Codec[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd']

/** No honest batch gets here (brokers cap them at megabytes); a bomb must not take the process down. */
const MAX_OUTPUT = 512 * 1024 * 1024

export function compress(codec: Codec, data: Buffer): Buffer {
  switch (codec) {
    case 'none':
      return data
    case 'gzip':
      return gzipSync(data)
    case 'snappy':
      return compressXerial(data)
    case 'lz4':
      return compressFrameSync(data)
    case 'zstd':
      return zstdCompressSync(data)
  }
}

export function decompress(codec: Codec, data: Buffer): Buffer {
  switch (codec) {
    case 'none':
      return data
    case 'gzip':
      return gunzipSync(data, { maxOutputLength: MAX_OUTPUT })
    case 'snappy':
      return isXerial(data) ? decompressXerial(data) : snappyRaw(data)
    case 'lz4':
      return decompressFrameSync(data)
    case 'zstd':
      return zstdDecompressSync(data, { maxOutputLength: MAX_OUTPUT })
  }
}

// Java frames snappy as xerial's SnappyOutputStream does (magic, two versions, then length-prefixed blocks);
// librdkafka and others send a single raw block. Both are read; the framed form is written, as Java reads only that.
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0])
const XERIAL_HEADER = 16
const XERIAL_BLOCK = 32 * 1024

const isXerial = (data: Buffer) =>
  data.length >= XERIAL_HEADER && data.compare(XERIAL_MAGIC, 0, XERIAL_MAGIC.length, 0, XERIAL_MAGIC.length) === 0

function snappyRaw(data: Buffer): Buffer {
  return snappyUncompress(data, { asBuffer: true }) as Buffer
}

function decompressXerial(data: Buffer): Buffer {
  const blocks: Buffer[] = []
  let at = XERIAL_HEADER
  while (at < data.length) {
    const length = data.readInt32BE(at)
    at += 4
    blocks.push(snappyRaw(data.subarray(at, at + length)))
    at += length
  }
  return blocks.length === 1 ? blocks[0]! : Buffer.concat(blocks)
}

function compressXerial(data: Buffer): Buffer {
  const header = Buffer.alloc(XERIAL_HEADER)
  XERIAL_MAGIC.copy(header)
  header.writeInt32BE(1, 8)
  header.writeInt32BE(1, 12)
  const parts: Buffer[] = [header]
  for (let at = 0; at < data.length; at += XERIAL_BLOCK) {
    const block = snappyCompress(data.subarray(at, at + XERIAL_BLOCK))
    const length = Buffer.alloc(4)
    length.writeInt32BE(block.length)
    parts.push(length, block)
  }
  return Buffer.concat(parts)
}
