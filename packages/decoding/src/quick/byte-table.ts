/**
 * Finds byte ranges among a few known texts without making a string. Chained hashing over the length and three
 * bytes: names of fields differ in those mostly, and each candidate is compared in full.
 */
export class ByteTable {
  readonly #heads = new Int32Array(512).fill(-1)
  #next: number[] = []
  /** text i is #bytes[#starts[i], #starts[i + 1]) */
  #bytes = new Uint8Array(1024)
  #starts: Int32Array = new Int32Array(65)
  #size = 0

  constructor(texts: Iterable<string> = []) {
    for (const text of texts) {
      const bytes = new TextEncoder().encode(text)
      this.add(bytes, 0, bytes.length)
    }
  }

  get size(): number {
    return this.#size
  }

  /** index of the text bytes[start, end), −1 where it is not among them */
  find(bytes: Uint8Array, start: number, end: number): number {
    if (start === end) return -1
    let index = this.#heads[slotOf(bytes, start, end)]!
    search: while (index >= 0) {
      const from = this.#starts[index]!
      if (this.#starts[index + 1]! - from === end - start) {
        for (let i = from, j = start; j < end; i++, j++) {
          if (this.#bytes[i] !== bytes[j]) {
            index = this.#next[index]!
            continue search
          }
        }
        return index
      }
      index = this.#next[index]!
    }
    return -1
  }

  /** adds a text and gives its index; the empty text takes an index too, but is never found */
  add(bytes: Uint8Array, start: number, end: number): number {
    const index = this.#size++
    if (index + 1 >= this.#starts.length) {
      const starts = new Int32Array(this.#starts.length * 2)
      starts.set(this.#starts)
      this.#starts = starts
    }
    const at = this.#starts[index]!
    if (at + end - start > this.#bytes.length) {
      const larger = new Uint8Array((at + end - start) * 2)
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    this.#bytes.set(bytes.subarray(start, end), at)
    this.#starts[index + 1] = at + end - start
    if (start === end) {
      this.#next.push(-1)
    } else {
      const slot = slotOf(bytes, start, end)
      this.#next.push(this.#heads[slot]!)
      this.#heads[slot] = index
    }
    return index
  }
}

function slotOf(bytes: Uint8Array, start: number, end: number): number {
  const middle = (start + end) >>> 1
  return ((end - start) * 37 + bytes[start]! * 5 + bytes[middle]! * 11 + bytes[end - 1]! * 17) & 511
}
