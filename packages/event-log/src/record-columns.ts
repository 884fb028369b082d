import type { RecordSet } from '@kivi/domain'

export type Headers = ReadonlyArray<readonly [name: string, value: Uint8Array | null]>

const NO_BYTES = new Uint8Array(1)

/** A RecordSet whose arrays are reused from set to set; the adapters fill it row by row. */
export class RecordColumns implements RecordSet {
  partition = 0
  count = 0
  bytes: Uint8Array = NO_BYTES
  offset = new Float64Array(0)
  stamp = new Float64Array(0)
  keyStart = new Int32Array(0)
  keyEnd = new Int32Array(0)
  valueStart = new Int32Array(0)
  valueEnd = new Int32Array(0)
  /** where the adapter finds the headers of a row again; its meaning is the adapter's */
  headerStart = new Int32Array(0)
  from = 0
  to = 0
  readonly #headers: (columns: RecordColumns, row: number) => Headers

  constructor(headers: (columns: RecordColumns, row: number) => Headers) {
    this.#headers = headers
  }

  headers(row: number): Headers {
    if (!(row >= 0 && row < this.count)) throw new RangeError(`row ${row} of a record set of ${this.count}`)
    return this.#headers(this, row)
  }

  /** Makes room for at least `rows` rows. What the arrays held is lost. */
  reserve(rows: number): void {
    if (rows <= this.offset.length) return
    const capacity = Math.max(1024, 2 ** Math.ceil(Math.log2(rows)))
    this.offset = new Float64Array(capacity)
    this.stamp = new Float64Array(capacity)
    this.keyStart = new Int32Array(capacity)
    this.keyEnd = new Int32Array(capacity)
    this.valueStart = new Int32Array(capacity)
    this.valueEnd = new Int32Array(capacity)
    this.headerStart = new Int32Array(capacity)
  }

  /** Lets go of the buffer, so that an idle set keeps no fetched data alive. */
  release(): void {
    this.count = 0
    this.bytes = NO_BYTES
  }
}

/** The parts of one row as copies: for single records, never for the hot path. */
export function copyOfRow(set: RecordSet, row: number) {
  const slice = (start: number, end: number) =>
    start < 0 ? null : Uint8Array.prototype.slice.call(set.bytes, start, end)
  return {
    partition: set.partition,
    offset: set.offset[row]!,
    stamp: set.stamp[row]!,
    key: slice(set.keyStart[row]!, set.keyEnd[row]!),
    value: slice(set.valueStart[row]!, set.valueEnd[row]!),
    headers: set.headers(row).map(([name, value]) => [name, value === null ? null : Uint8Array.from(value)] as const),
  }
}
