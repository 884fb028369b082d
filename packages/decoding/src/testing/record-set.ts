import type { RecordSet } from '@kivi/domain'

/** A record set over values in memory: offsets from `from`, one second between stamps. */
export function recordSet(
  values: readonly (Uint8Array | string | null)[],
  { from = 100, partition = 0 } = {},
): RecordSet {
  const encoded = values.map(value => (typeof value === 'string' ? new TextEncoder().encode(value) : value))
  const bytes = new Uint8Array(encoded.reduce((sum, value) => sum + (value?.length ?? 0) + 1, 1)).fill(0xff)
  const columns = () => new Int32Array(values.length).fill(-1)
  const set = {
    partition,
    count: values.length,
    bytes,
    offset: Float64Array.from(values, (_, row) => from + row),
    stamp: Float64Array.from(values, (_, row) => 1_767_225_600_000 + row * 1000),
    keyStart: columns(),
    keyEnd: columns(),
    valueStart: columns(),
    valueEnd: columns(),
    from,
    to: from + values.length,
    headers: () => [],
  }
  let at = 1
  for (const [row, value] of encoded.entries()) {
    if (value === null) continue
    bytes.set(value, at)
    set.valueStart[row] = at
    at += value.length
    set.valueEnd[row] = at
    // a byte of the log's framing lies between two values
    at += 1
  }
  return set
}
