import { compressSync } from 'snappy'
import { expect, test } from 'vitest'
import { CODECS, compress, decompress } from './compression.ts'

const samples = [Buffer.alloc(0), Buffer.from('a'), Buffer.from('abc '.repeat(50_000))]

test.each(CODECS)('%s gives back what it was given', codec => {
  for (const sample of samples) expect(decompress(codec, compress(codec, sample)).equals(sample)).toBe(true)
})

test('snappy is read with and without the frames that Java puts around it', () => {
  const sample = samples[2]!
  expect(compress('snappy', sample).subarray(1, 7).toString()).toBe('SNAPPY')
  expect(decompress('snappy', compressSync(sample)).equals(sample)).toBe(true)
})
