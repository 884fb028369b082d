import { isUtf8 } from 'node:buffer'
import { ByteTable } from './byte-table.ts'
import { HELD } from './event-plan.ts'
import { literal, PLAIN, POWERS, SPACE, skipNumber, skipSpace } from './json-tokens.ts'
import { KeyNodes } from './key-nodes.ts'
import type { Slots } from './slots.ts'

/**
 * Reads the fields of a JSON message into slots, straight from its bytes: no string and no object is made. It
 * answers true only for messages that are valid JSON and plain in every part it looks at; false (escapes, exponents,
 * long numbers, repeated keys, deep nesting, anything wrong) means: ask the plain decoder.
 *
 * While it runs, a zero stands in the byte after the message. No token goes on at a zero, so nothing is read beyond
 * it, and no position needs to be compared with the end: reads out of bounds are what makes such code slow.
 */
export class JsonScanner {
  readonly #slots: Slots
  readonly #keys: KeyNodes
  /** entries of the slots that are maps: by name, their slot */
  readonly #maps: readonly ({ readonly table: ByteTable; readonly slots: Int32Array } | null)[]
  #value = 0
  #nonAscii = false

  constructor(slots: Slots) {
    this.#slots = slots
    this.#keys = new KeyNodes(slots.plan.fields)
    this.#maps = slots.plan.fields.map((_, slot) => {
      const inner = slots.plan.maps.get(slot)
      if (inner === undefined) return null
      return {
        table: new ByteTable(inner.map(entry => entry.name)),
        slots: Int32Array.from(inner, entry => entry.slot),
      }
    })
  }

  /** bytes[end] must exist; it is restored */
  scan(bytes: Uint8Array, start: number, end: number): boolean {
    const kept = bytes[end]!
    bytes[end] = 0
    this.#slots.clear()
    this.#nonAscii = false
    const plain = this.#object(bytes, start, end)
    bytes[end] = kept
    if (plain && (!this.#nonAscii || isUtf8(bytes.subarray(start, end)))) return true
    this.#slots.forget()
    return false
  }

  #object(b: Uint8Array, start: number, end: number): boolean {
    const { held, start: starts, end: ends, number, touched } = this.#slots
    const keys = this.#keys
    const slotOf = keys.slotOf
    let touchedCount = 0
    let node = 0
    let p = start
    let c = b[p]!
    if (c !== 0x7b) return false
    c = b[++p]!
    if (SPACE[c] === 1) {
      p = skipSpace(b, p)
      c = b[p]!
    }
    if (c === 0x7d) return this.#ends(b, p + 1, end)
    for (;;) {
      if (c !== 0x22) return false
      // the key: mostly the one that followed the last key before
      let after = keys.match(b, p + 1, keys.usual[node]!)
      if (after > 0) node = keys.usual[node]!
      else {
        after = keys.match(b, p + 1, keys.other[node]!)
        if (after > 0) node = keys.other[node]!
        else {
          after = this.#text(b, p + 1)
          if (after < 0) return false
          node = keys.follow(node, b, p + 1, after - 1)
        }
      }
      p = after
      c = b[p]!
      if (c !== 0x3a) {
        if (SPACE[c] === 0) return false
        p = skipSpace(b, p)
        if (b[p] !== 0x3a) return false
      }
      c = b[++p]!
      if (SPACE[c] === 1) {
        p = skipSpace(b, p)
        c = b[p]!
      }

      const slot = slotOf[node]!
      if (c === 0x22) {
        const from = ++p
        for (;;) {
          // four at a time: about 7 % less for the whole scan
          while (PLAIN[b[p]!] === 1 && PLAIN[b[++p]!] === 1 && PLAIN[b[++p]!] === 1 && PLAIN[b[++p]!] === 1) p++
          if (b[p]! < 0x80) break
          this.#nonAscii = true
          p++
        }
        if (b[p] !== 0x22) return false
        if (slot >= 0) {
          if (held[slot] !== HELD.missing) return false
          if (p > from) {
            starts[slot] = from
            ends[slot] = p
            held[slot] = HELD.text
            touched[touchedCount++] = slot
          }
        }
        p++
      } else if (slot < 0) {
        p = this.#skip(b, p, 1)
        if (p < 0) return false
      } else {
        if (held[slot] !== HELD.missing) return false
        let what: number = HELD.other
        if (c <= 0x39) {
          p = this.#number(b, p)
          number[slot] = this.#value
          what = HELD.number
        } else if (c === 0x74 || c === 0x66) {
          p = literal(b, p, c)
          number[slot] = c === 0x74 ? 1 : 0
          what = HELD.boolean
        } else if (c === 0x6e) {
          p = literal(b, p, c)
          what = HELD.missing
        } else if (c === 0x7b && this.#maps[slot] !== null) {
          this.#slots.touchedCount = touchedCount
          p = this.#map(b, p, this.#maps[slot]!)
          touchedCount = this.#slots.touchedCount
          what = HELD.map
        } else p = this.#skip(b, p, 1)
        if (what !== HELD.missing) {
          held[slot] = what
          touched[touchedCount++] = slot
        }
        if (p < 0) return false
      }

      c = b[p]!
      if (SPACE[c] === 1) {
        p = skipSpace(b, p)
        c = b[p]!
      }
      if (c === 0x2c) {
        c = b[++p]!
        if (SPACE[c] === 1) {
          p = skipSpace(b, p)
          c = b[p]!
        }
      } else if (c === 0x7d) {
        this.#slots.touchedCount = touchedCount
        return this.#ends(b, p + 1, end)
      } else return false
    }
  }

  /** Only white space may follow. */
  #ends(b: Uint8Array, p: number, end: number): boolean {
    return p === end || (SPACE[b[p]!] === 1 && skipSpace(b, p) === end)
  }

  /** An object of texts; −1: anything else. Sets the slots of the entries that are asked for. */
  #map(b: Uint8Array, at: number, map: { readonly table: ByteTable; readonly slots: Int32Array }): number {
    const slots = this.#slots
    let p = skipSpace(b, at + 1)
    if (b[p] === 0x7d) return p + 1
    for (;;) {
      if (b[p] !== 0x22) return -1
      const key = p + 1
      p = this.#text(b, key)
      if (p < 0) return -1
      const keyEnd = p - 1
      p = skipSpace(b, p)
      if (b[p] !== 0x3a) return -1
      p = skipSpace(b, p + 1)
      const found = map.table.find(b, key, keyEnd)
      const slot = found < 0 ? -1 : map.slots[found]!
      if (slot >= 0 && slots.held[slot] !== HELD.missing) return -1
      if (b[p] === 0x22) {
        const from = p + 1
        p = this.#text(b, from)
        if (p < 0) return -1
        if (slot >= 0 && p - 1 > from) {
          slots.start[slot] = from
          slots.end[slot] = p - 1
          slots.held[slot] = HELD.text
          slots.touched[slots.touchedCount++] = slot
        }
      } else if (b[p] === 0x6e) {
        p = literal(b, p, 0x6e)
        if (p < 0) return -1
      } else return -1
      p = skipSpace(b, p)
      if (b[p] === 0x7d) return p + 1
      if (b[p] !== 0x2c) return -1
      p = skipSpace(b, p + 1)
    }
  }

  /** From behind a text's opening quote to behind its closing one; −1: an escape or a control character. */
  #text(b: Uint8Array, at: number): number {
    let p = at
    for (;;) {
      while (PLAIN[b[p]!] === 1) p++
      if (b[p]! < 0x80) return b[p] === 0x22 ? p + 1 : -1
      this.#nonAscii = true
      p++
    }
  }

  /** A number of up to 15 digits without exponent: exact, and rounded once by the division. −1: anything else. */
  #number(b: Uint8Array, at: number): number {
    let p = at
    const negative = b[p] === 0x2d
    if (negative) p++
    const first = p
    let value = 0
    if (b[p] === 0x30) p++
    else {
      for (; b[p]! >= 0x30 && b[p]! <= 0x39; p++) value = value * 10 + b[p]! - 0x30
      if (p === first) return -1
    }
    let digits = p - first
    if (b[p] === 0x2e) {
      const point = ++p
      for (; b[p]! >= 0x30 && b[p]! <= 0x39; p++) value = value * 10 + b[p]! - 0x30
      const decimals = p - point
      digits += decimals
      if (decimals === 0 || digits > 15) return -1
      value /= POWERS[decimals]!
    }
    // a further digit follows only a leading zero
    if (digits > 15 || b[p] === 0x65 || b[p] === 0x45 || (b[p]! >= 0x30 && b[p]! <= 0x39)) return -1
    // no −0
    this.#value = negative ? 0 - value : value
    return p
  }

  /** Behind a value of any kind, its grammar checked; −1: wrong or unusual. */
  #skip(b: Uint8Array, at: number, depth: number): number {
    const c = b[at]!
    if (c === 0x22) return this.#text(b, at + 1)
    if (c === 0x7b || c === 0x5b) return depth >= 32 ? -1 : this.#skipNested(b, at, depth + 1)
    if (c === 0x74 || c === 0x66 || c === 0x6e) return literal(b, at, c)
    return skipNumber(b, at)
  }

  #skipNested(b: Uint8Array, at: number, depth: number): number {
    const close = b[at]! + 2
    let p = skipSpace(b, at + 1)
    if (b[p] === close) return p + 1
    for (;;) {
      if (close === 0x7d) {
        if (b[p] !== 0x22) return -1
        p = this.#text(b, p + 1)
        if (p < 0) return -1
        p = skipSpace(b, p)
        if (b[p] !== 0x3a) return -1
        p = skipSpace(b, p + 1)
      }
      p = this.#skip(b, p, depth)
      if (p < 0) return -1
      p = skipSpace(b, p)
      if (b[p] === close) return p + 1
      if (b[p] !== 0x2c) return -1
      p = skipSpace(b, p + 1)
    }
  }
}
