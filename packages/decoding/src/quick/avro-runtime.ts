import { isUtf8 } from 'node:buffer'
import type { ByteTable } from './byte-table.ts'
import { HELD } from './event-plan.ts'
import type { Slots } from './slots.ts'

/** A map whose entries some slots hold: by name, the slot. */
export interface MapSlots {
  readonly table: ByteTable
  readonly slots: Int32Array
}

/** What the compiled readers call for the less frequent steps. `at` is where the message goes on. */
export class AvroRuntime {
  at = 0
  #view: DataView = new DataView(new ArrayBuffer(0))

  /** the view of a record set's buffer; made once for all of its records */
  viewOf(bytes: Uint8Array): DataView {
    const view = this.#view
    if (view.buffer !== bytes.buffer || view.byteOffset !== bytes.byteOffset || view.byteLength !== bytes.byteLength) {
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    }
    return this.#view
  }

  /** A long below 2^52 in size; NaN: cut off, or larger than that. */
  long(b: Uint8Array, from: number, end: number): number {
    let p = from
    let low = 0
    let high = 0
    for (let shift = 0; shift < 56; shift += 7) {
      if (p >= end) return Number.NaN
      const byte = b[p++]!
      if (shift < 28) low |= (byte & 127) << shift
      else high |= (byte & 127) << (shift - 28)
      if (byte < 128) {
        this.at = p
        if (high >= 1 << 25) return Number.NaN
        const zigzag = high * 268_435_456 + low
        return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2
      }
    }
    return Number.NaN
  }

  /** Behind a long that nobody asks for; −1: cut off, or more than 64 bits. */
  skipLong(b: Uint8Array, from: number, end: number): number {
    for (let p = from; p < end && p < from + 10; p++) {
      if (b[p]! < 128) return p === from + 9 && b[p]! > 1 ? -1 : p + 1
    }
    return -1
  }

  /** Is b[start, end) UTF-8? ASCII is, and quickly told: four bytes at a time. */
  isText(b: Uint8Array, view: DataView, start: number, end: number): boolean {
    let all = 0
    let p = start
    for (; p + 4 <= end; p += 4) all |= view.getInt32(p)
    let rest = 0
    for (; p < end; p++) rest |= b[p]!
    return ((all & 0x80808080) | (rest & 0x80)) === 0 || isUtf8(b.subarray(start, end))
  }

  /**
   * Reads a map of texts into the slots of its entries; `nullBranch` is the index of null where its values are a
   * union of null and string, −1 where they are strings. False: something else, ask the plain decoder.
   */
  map(
    slots: Slots,
    map: MapSlots,
    nullBranch: number,
    b: Uint8Array,
    view: DataView,
    from: number,
    end: number,
  ): boolean {
    let p = from
    for (;;) {
      const count = this.long(b, p, end)
      if (!(count >= 0)) return false
      p = this.at
      if (count === 0) return true
      for (let i = 0; i < count; i++) {
        const keyEnd = this.#text(b, view, p, end)
        if (keyEnd < 0) return false
        const found = map.table.find(b, this.at, keyEnd)
        p = keyEnd
        const slot = found < 0 ? -1 : map.slots[found]!
        if (slot >= 0 && slots.held[slot] !== HELD.missing) return false
        if (nullBranch >= 0) {
          const branch = p < end ? b[p++]! >> 1 : -1
          if (branch === nullBranch && b[p - 1]! === nullBranch * 2) continue
          if (b[p - 1]! !== (1 - nullBranch) * 2) return false
        }
        const textEnd = this.#text(b, view, p, end)
        if (textEnd < 0) return false
        const start = this.at
        p = textEnd
        if (slot >= 0 && textEnd > start) slots.hold(slot, start, textEnd)
      }
    }
  }

  /** Where a text ends, that begins at `at` behind its length; −1: not a text. */
  #text(b: Uint8Array, view: DataView, from: number, end: number): number {
    const length = this.long(b, from, end)
    if (!(length >= 0) || this.at + length > end) return -1
    return this.isText(b, view, this.at, this.at + length) ? this.at + length : -1
  }
}
