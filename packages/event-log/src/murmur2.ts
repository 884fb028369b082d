/**
 * Kafka's default partitioner: murmur2 of the key as in Java's client (org.apache.kafka.common.utils.Utils), so
 * that a user's events stay in one partition whoever produces them. Algorithm by Austin Appleby, public domain.
 */

const SEED = 0x9747b28c
const M = 0x5bd1e995
const R = 24

/** murmur2 of the bytes as a signed 32-bit integer, equal to Java's `Utils.murmur2`. */
export function murmur2(bytes: Uint8Array): number {
  const length = bytes.length
  const whole = length & ~3
  let h = SEED ^ length
  for (let i = 0; i < whole; i += 4) {
    let k = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)
    k = Math.imul(k, M)
    k ^= k >>> R
    h = Math.imul(h, M) ^ Math.imul(k, M)
  }
  const rest = length & 3
  if (rest === 3) h ^= bytes[whole + 2]! << 16
  if (rest >= 2) h ^= bytes[whole + 1]! << 8
  if (rest >= 1) h = Math.imul(h ^ bytes[whole]!, M)
  h ^= h >>> 13
  h = Math.imul(h, M)
  return h ^ (h >>> 15)
}

/** The partition, 0 ≤ p < partitions, that Java's client chooses for the key. */
export function partitionOf(key: Uint8Array, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions
}
