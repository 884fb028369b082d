/** Gives kafkajs the compressions that it lacks: it has only gzip itself. */
import kafkajs, { type CompressionTypes } from 'kafkajs'
import { CODECS, compress, decompress } from '../compression.ts'
import type { KafkaOptions } from './options.ts'

for (const codec of ['snappy', 'lz4', 'zstd'] as const)
  (kafkajs.CompressionCodecs as Record<number, unknown>)[CODECS.indexOf(codec)] = () => ({
    compress: async (encoder: { buffer: Buffer }) => compress(codec, encoder.buffer),
    decompress: async (data: Buffer) => decompress(codec, data),
  })

/** What Kivi's own records are compressed with, as the protocol numbers it. */
export const compressionOf = ({ compression = 'zstd' }: KafkaOptions): CompressionTypes => CODECS.indexOf(compression)
