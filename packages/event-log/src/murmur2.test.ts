import { expect, test } from 'vitest'
import { murmur2, partitionOf } from './murmur2.ts'

// from org.apache.kafka.common.utils.UtilsTest
test.each([
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
])("murmur2 of %s is Java's", (key, hash) => {
  expect(murmur2(Buffer.from(key))).toBe(hash)
})

test('a partition is never negative', () => {
  for (const key of ['21', 'foobar', 'a-little-bit-longer-string', ''])
    for (const partitions of [1, 3, 12]) {
      const partition = partitionOf(Buffer.from(key), partitions)
      expect(partition).toBeGreaterThanOrEqual(0)
      expect(partition).toBeLessThan(partitions)
    }
})
