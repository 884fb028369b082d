import type { RecordSet } from '@kivi/domain'

export interface StampedRecord {
  readonly value: string
  /** epoch ms */
  readonly stamp: number
}

/** Records as the log hands them to the worker, at the positions from `from` on. */
export function recordSetOf(records: readonly StampedRecord[], from: number): RecordSet {
  const values = records.map(({ value }) => Buffer.from(value))
  const bytes = new Uint8Array(values.reduce((sum, value) => sum + value.length + 1, 1))
  const column = () => new Int32Array(records.length).fill(-1)
  const set = { valueStart: column(), valueEnd: column(), keyStart: column(), keyEnd: column() }
  let at = 0
  for (const [row, value] of values.entries()) {
    bytes.set(value, at)
    set.valueStart[row] = at
    set.valueEnd[row] = at + value.length
    // a scanner may want the byte behind a value for itself
    at += value.length + 1
  }
  return {
    ...set,
    partition: 0,
    count: records.length,
    bytes,
    offset: Float64Array.from(records, (_, row) => from + row),
    stamp: Float64Array.from(records, ({ stamp }) => stamp),
    from,
    to: from + records.length,
    headers: () => [],
  }
}
