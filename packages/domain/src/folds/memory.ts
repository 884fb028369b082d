/**
 * Memory that is kept from batch to batch. The engine counts what lies in typed arrays outside of its heap and
 * collects garbage for every few dozen MB of it, however short it lived: arrays made anew for each batch cost more in
 * the garbage collector than the fold itself.
 */
import { KeyTable } from './key-table.ts'
import { Usage } from './usage.ts'

const LEAST = 1 << 16

/**
 * What `take` works in and answers with. Folders that take turns may share one: what was lent is valid until the next
 * `begin`. Lent arrays hold whatever was there before.
 */
export class FoldMemory {
  #buffer = new ArrayBuffer(LEAST)
  /** bytes lent of the buffer, and of others where it had no room */
  #lent = 0
  #beyond = 0
  readonly #usage = new Usage()
  readonly #tables = new Map<number, KeyTable>()

  get bytes(): number {
    let bytes = this.#buffer.byteLength
    for (const table of this.#tables.values()) bytes += table.capacityBytes
    return bytes
  }

  /** All that was lent is back. */
  begin(): void {
    const used = this.#lent + this.#beyond
    const enough = this.#usage.after(used, this.#buffer.byteLength)
    if (this.#beyond > 0) this.#buffer = new ArrayBuffer(LEAST * Math.ceil((used * 1.25) / LEAST))
    else if (enough !== null) this.#buffer = new ArrayBuffer(LEAST * Math.ceil((enough + 1) / LEAST))
    this.#lent = 0
    this.#beyond = 0
  }

  /** A table of this width without rows: valid until the next one of the same width. */
  table(width: number): KeyTable {
    let table = this.#tables.get(width)
    if (table === undefined) {
      table = new KeyTable(width)
      this.#tables.set(width, table)
    }
    table.reset()
    return table
  }

  int32(length: number): Int32Array {
    const at = this.#lend(4 * length)
    return at < 0 ? new Int32Array(length) : new Int32Array(this.#buffer, at, length)
  }

  uint32(length: number): Uint32Array {
    const at = this.#lend(4 * length)
    return at < 0 ? new Uint32Array(length) : new Uint32Array(this.#buffer, at, length)
  }

  float64(length: number): Float64Array {
    const at = this.#lend(8 * length)
    return at < 0 ? new Float64Array(length) : new Float64Array(this.#buffer, at, length)
  }

  uint16(length: number): Uint16Array {
    const at = this.#lend(2 * length)
    return at < 0 ? new Uint16Array(length) : new Uint16Array(this.#buffer, at, length)
  }

  uint8(length: number): Uint8Array {
    const at = this.#lend(length)
    return at < 0 ? new Uint8Array(length) : new Uint8Array(this.#buffer, at, length)
  }

  /** where so many bytes begin, −1 where there is no room */
  #lend(bytes: number): number {
    const room = (bytes + 7) & ~7
    const at = this.#lent
    if (at + room > this.#buffer.byteLength) {
      this.#beyond += room
      return -1
    }
    this.#lent = at + room
    return at
  }
}
