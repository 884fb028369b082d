import { ByteTable } from './byte-table.ts'

/**
 * The keys that were met, as nodes of a graph: by node, the two that followed it. Messages of one producer have
 * their keys in one order, so that a key is mostly known by comparing it with the expected one, closing quote
 * included, instead of finding its end, hashing it and comparing it.
 */
export class KeyNodes {
  /** by node: the slot of the key; −1: nobody asks for it. Node 0 stands before the first key. */
  readonly slotOf: Int32Array
  /** by node: the node that followed first, and the one that followed last beside it; −1: none yet */
  readonly usual: Int32Array
  readonly other: Int32Array
  readonly #table: ByteTable
  /** node n is key n − 1 of the table; its bytes and a quote are #bytes[#starts[n], #starts[n + 1]) */
  readonly #starts: Int32Array
  readonly #bytes: Uint8Array

  constructor(fields: readonly string[]) {
    const known = fields.map(field => new TextEncoder().encode(field))
    const most = known.length + UNKNOWN_KEYS + 1
    this.#table = new ByteTable()
    this.slotOf = new Int32Array(most + 1).fill(-1)
    this.usual = new Int32Array(most + 1).fill(-1)
    this.other = new Int32Array(most + 1).fill(-1)
    this.#starts = new Int32Array(most + 2)
    this.#bytes = new Uint8Array(known.reduce((sum, key) => sum + key.length + 1, 0) + UNKNOWN_KEYS * (LONGEST_KEY + 1))
    for (const [slot, key] of known.entries()) this.slotOf[this.#add(key, 0, key.length)] = slot
  }

  /** Where the message goes on behind the node's key and quote; 0: this key is not there. */
  match(b: Uint8Array, at: number, node: number): number {
    if (node < 0) return 0
    const bytes = this.#bytes
    const end = this.#starts[node + 1]!
    let p = at
    for (let i = this.#starts[node]!; i < end; i++, p++) if (bytes[i] !== b[p]) return 0
    return p
  }

  /** The node of the key b[start, end), which follows the node `from`; UNKNOWN for one that is not remembered. */
  follow(from: number, b: Uint8Array, start: number, end: number): number {
    let node = this.#table.find(b, start, end) + 1
    if (node === 0) {
      const full = this.#table.size + 2 >= this.slotOf.length
      if (full || start === end || end - start > LONGEST_KEY || !isAscii(b, start, end)) return UNKNOWN
      node = this.#add(b, start, end)
    }
    if (this.usual[from]! < 0) this.usual[from] = node
    else this.other[from] = node
    return node
  }

  #add(b: Uint8Array, start: number, end: number): number {
    const node = this.#table.add(b, start, end) + 1
    const at = this.#starts[node]!
    this.#bytes.set(b.subarray(start, end), at)
    this.#bytes[at + end - start] = 0x22
    this.#starts[node + 1] = at + end - start + 1
    return node
  }
}

/** Other keys are not remembered: `match` would take them for valid UTF-8 unseen. */
function isAscii(b: Uint8Array, start: number, end: number): boolean {
  let all = 0
  for (let p = start; p < end; p++) all |= b[p]!
  return all < 0x80
}

/** keys that nobody asks for and that are remembered all the same */
const UNKNOWN_KEYS = 256
const LONGEST_KEY = 64
/** the node before the first key has no slot: it serves for keys that have no node */
const UNKNOWN = 0
