/**
 * Numbers rows of small integers in the order in which they first appear: open addressing over typed arrays.
 * What a Map of strings would do, without making strings. A class, as generated code calls it in the hot path.
 */
import { Usage } from './usage.ts'

const LEAST = 256
/** An odd multiplier for each word, without any pattern; further words use them again, turned. */
const A = 0x85ebca6b
const B = 0xc2b2ae35
const C = 0x27d4eb2f
const TURN = 0x9e3779b1

export class KeyTable {
  readonly width: number
  /** the row to look up with `find` */
  readonly key: Int32Array
  /** rows one after the other, `width` words each; may be another array after a look-up */
  keys: Int32Array
  size = 0
  /** row + 1; 0 is free; always at least twice as many as rows */
  #table = new Int32Array(2 * LEAST)
  /** the hash's highest bits are the slot */
  #shift = 32 - Math.log2(2 * LEAST)
  readonly #usage = new Usage()

  constructor(width: number) {
    this.width = width
    this.key = new Int32Array(width)
    this.keys = new Int32Array(LEAST * width)
  }

  /** The number of `key`; a new one (= size before) where it is new. */
  find(): number {
    const { key, keys, width } = this
    const table = this.#table
    const mask = table.length - 1
    let slot = hashOf(key, 0, width) >>> this.#shift
    for (;;) {
      const row = (table[slot] as number) - 1
      if (row < 0) break
      let at = row * width
      let k = 0
      while (k < width && keys[at] === key[k]) {
        at++
        k++
      }
      if (k === width) return row
      slot = (slot + 1) & mask
    }
    table[slot] = this.size + 1
    const start = this.size * width
    for (let k = 0; k < width; k++) keys[start + k] = key[k] as number
    return this.#added()
  }

  /** `find` of the row (a, b, c) in a table of width 3: the usual one, and the quickest. */
  find3(a: number, b: number, c: number): number {
    const { keys } = this
    const table = this.#table
    const mask = table.length - 1
    let slot = finish((Math.imul(a, A) + Math.imul(b, B) + Math.imul(c, C)) | 0) >>> this.#shift
    for (;;) {
      const row = (table[slot] as number) - 1
      if (row < 0) break
      const at = row * 3
      if (keys[at] === a && keys[at + 1] === b && keys[at + 2] === c) return row
      slot = (slot + 1) & mask
    }
    table[slot] = this.size + 1
    const at = this.size * 3
    keys[at] = a
    keys[at + 1] = b
    keys[at + 2] = c
    return this.#added()
  }

  /** bytes that the rows take, however large the arrays have become for earlier ones */
  get bytes(): number {
    return this.size * (4 * this.width + 16)
  }

  get capacityBytes(): number {
    return this.keys.byteLength + this.#table.byteLength
  }

  /** Forgets all rows and keeps the memory, unless it has been far too large for long. */
  reset(): void {
    const enough = this.#usage.after(this.size, this.#table.length >>> 1)
    this.size = 0
    if (enough === null) this.#table.fill(0)
    else this.#resize(Math.max(LEAST, 2 ** Math.ceil(Math.log2(enough + 1))))
  }

  #added(): number {
    const row = this.size++
    if (this.size * 2 >= this.#table.length) this.#resize(this.#table.length)
    return row
  }

  /** `room` is a power of two of rows */
  #resize(room: number): void {
    const { width, size } = this
    const keys = new Int32Array(room * width)
    keys.set(this.keys.subarray(0, size * width))
    const table = new Int32Array(2 * room)
    const mask = table.length - 1
    const shift = 32 - Math.log2(table.length)
    for (let row = 0; row < size; row++) {
      let slot = hashOf(keys, row * width, width) >>> shift
      while (table[slot] !== 0) slot = (slot + 1) & mask
      table[slot] = row + 1
    }
    this.keys = keys
    this.#table = table
    this.#shift = shift
  }
}

/** The words are multiplied apart from each other, so that the processor does it at the same time. */
function hashOf(words: Int32Array, start: number, width: number): number {
  let h = 0
  let a = A
  let b = B
  let c = C
  for (let k = start; k < start + width; k++) {
    h = (h + Math.imul(words[k] as number, a)) | 0
    const turned = Math.imul(a ^ (a >>> 15), TURN) | 1
    a = b
    b = c
    c = turned
  }
  return finish(h)
}

function finish(sum: number): number {
  const h = Math.imul(sum ^ (sum >>> 15), TURN)
  return h ^ (h >>> 13)
}
