import type { Dictionary } from '@kivi/domain'

/** A dictionary of one text column; see Layout.constants for the ids of the constants. */
export function createDictionary(constants: readonly string[]): Dictionary {
  return new ByteDictionary(constants)
}

/** Open addressing over hashes of the bytes; the texts' bytes lie one after another in one buffer. */
class ByteDictionary implements Dictionary {
  readonly #constants: readonly string[]
  readonly #encoder = new TextEncoder()
  #texts: string[] = []
  /** id i's bytes are #bytes[#starts[i], #starts[i + 1]) */
  #bytes = new Uint8Array(4096)
  #starts = new Int32Array(257)
  /** id + 1 by slot, 0 where free */
  #slots = new Int32Array(512)
  #hashes = new Int32Array(256)
  #scratch = new Uint8Array(1024)

  constructor(constants: readonly string[]) {
    this.#constants = constants
    this.reset()
  }

  get size(): number {
    return this.#texts.length
  }

  id(bytes: Uint8Array, start: number, end: number): number {
    if (start === end) return 0
    const length = end - start
    let hash = length
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193)
    hash ^= hash >>> 15
    const mask = this.#slots.length - 1
    let slot = hash & mask
    search: for (;;) {
      const id = this.#slots[slot]! - 1
      if (id < 0) return this.#add(bytes, start, end, hash, slot)
      slot = (slot + 1) & mask
      if (this.#hashes[id] !== hash) continue
      const from = this.#starts[id]!
      if (this.#starts[id + 1]! - from !== length) continue
      for (let i = 0; i < length; i++) if (this.#bytes[from + i] !== bytes[start + i]) continue search
      return id
    }
  }

  idOf(text: string): number {
    if (text.length * 3 > this.#scratch.length) this.#scratch = new Uint8Array(text.length * 3)
    return this.id(this.#scratch, 0, this.#encoder.encodeInto(text, this.#scratch).written)
  }

  text(id: number): string {
    const text = this.#texts[id]
    if (text === undefined) throw new RangeError(`no text has id ${id}; the dictionary holds ${this.size}`)
    return text
  }

  reset(): void {
    this.#texts = ['']
    this.#starts[1] = 0
    this.#slots.fill(0)
    for (const [k, constant] of this.#constants.entries()) {
      // a constant that is '' or repeated keeps its id to itself, so that the next one's is right
      if (this.idOf(constant) !== k + 1) this.#reserve(constant)
    }
  }

  #reserve(text: string): void {
    const id = this.#texts.push(text) - 1
    this.#ensure(id, 0)
    this.#starts[id + 1] = this.#starts[id]!
    this.#hashes[id] = 0
  }

  #add(bytes: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    const id = this.#texts.length
    this.#ensure(id, end - start)
    const at = this.#starts[id]!
    this.#bytes.set(bytes.subarray(start, end), at)
    this.#starts[id + 1] = at + end - start
    this.#hashes[id] = hash
    this.#texts.push(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(start, end)))
    this.#slots[slot] = id + 1
    if (this.#texts.length * 2 > this.#slots.length) this.#rehash()
    return id
  }

  #ensure(id: number, length: number): void {
    if (id + 1 >= this.#starts.length) {
      const ids = this.#hashes.length * 2
      this.#starts = grown(this.#starts, ids + 1)
      this.#hashes = grown(this.#hashes, ids)
    }
    const needed = this.#starts[id]! + length
    if (needed > this.#bytes.length) {
      const bytes = new Uint8Array(Math.max(needed, this.#bytes.length * 2))
      bytes.set(this.#bytes)
      this.#bytes = bytes
    }
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2)
    const mask = this.#slots.length - 1
    for (let id = 1; id < this.#texts.length; id++) {
      // reserved ids have no bytes and are never looked up
      if (this.#starts[id + 1] === this.#starts[id]) continue
      let slot = this.#hashes[id]! & mask
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
      this.#slots[slot] = id + 1
    }
  }
}

function grown(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length)
  larger.set(array)
  return larger
}
