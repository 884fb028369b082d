/**
 * A run of log records as columns over one buffer: what every event-log adapter hands to the worker.
 * Nothing is allocated per record. Row i's value is bytes[valueStart[i], valueEnd[i]); a null value or key
 * (a tombstone) has start −1.
 *
 * `bytes` is always at least one byte longer than the last value's end, and that byte may be overwritten and
 * restored by a scanner that wants a sentinel.
 */
export interface RecordSet {
  readonly partition: number
  /** rows in use; the arrays may be longer */
  readonly count: number
  readonly bytes: Uint8Array
  /** log offset of each row, ascending, exact below 2^53 */
  readonly offset: Float64Array
  /** record timestamp in epoch ms as the log has it; −1 where the producer gave none */
  readonly stamp: Float64Array
  readonly keyStart: Int32Array
  readonly keyEnd: Int32Array
  readonly valueStart: Int32Array
  readonly valueEnd: Int32Array
  /** the position (next offset to read) before the set's first record */
  readonly from: number
  /** the position after the set: beyond its last offset where control or aborted records follow */
  readonly to: number
  /** headers of row i, read on demand (dead letters only) */
  headers(row: number): ReadonlyArray<readonly [name: string, value: Uint8Array | null]>
}
