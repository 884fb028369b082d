/**
 * Numbers rows of small integers in the order in which they first appear: open addressing over typed arrays.
 * What a Map of strings would do, without making strings.
 */
export interface KeyTable {
  /** the row to look up: fill it, then call `find` */
  readonly key: Int32Array
  /** the number of `key`; a new one (= size before) where it is new */
  find(): number
  readonly size: number
  /** rows one after the other, `width` words each; may be another array after `find` */
  readonly keys: Int32Array
  readonly bytes: number
  /** forgets all rows; memory beyond a small table is given back */
  reset(): void
}

const LEAST = 256
const KEPT = 262_144

/** @param expected rows for which there is room from the start */
export function createKeyTable(width: number, expected = 0): KeyTable {
  const room = Math.max(LEAST, 2 ** Math.ceil(Math.log2(expected + 1)))
  const key = new Int32Array(width)
  let keys = new Int32Array(room * width)
  // row + 1; 0 is free; always twice as many as rows fit into keys
  let table = new Int32Array(2 * room)
  let size = 0

  function hash(from: Int32Array, start: number): number {
    let h = 0x9e3779b1
    for (let k = start; k < start + width; k++) {
      h = Math.imul(h ^ (from[k] as number), 0x85ebca6b)
      h ^= h >>> 15
    }
    h = Math.imul(h, 0xc2b2ae35)
    return h ^ (h >>> 16)
  }

  function find(): number {
    const mask = table.length - 1
    let slot = hash(key, 0) & mask
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
    table[slot] = size + 1
    keys.set(key, size * width)
    if (++size * 2 >= table.length) grow()
    return size - 1
  }

  function grow(): void {
    const more = new Int32Array(keys.length * 2)
    more.set(keys)
    keys = more
    table = new Int32Array(table.length * 2)
    const mask = table.length - 1
    for (let row = 0; row < size; row++) {
      let slot = hash(keys, row * width) & mask
      while (table[slot] !== 0) slot = (slot + 1) & mask
      table[slot] = row + 1
    }
  }

  function reset(): void {
    if (table.length > 2 * KEPT) {
      keys = new Int32Array(LEAST * width)
      table = new Int32Array(2 * LEAST)
    } else table.fill(0)
    size = 0
  }

  return {
    key,
    find,
    reset,
    get size() {
      return size
    },
    get keys() {
      return keys
    },
    get bytes() {
      return keys.byteLength + table.byteLength
    },
  }
}
