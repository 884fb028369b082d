/** Sets and histograms of a level's cells, ordered by cell: as they are written, and as the coarser level merges them. */
import type { KeyTable } from './key-table.ts'
import type { FoldMemory } from './memory.ts'

/** Cell c's entries are [starts[c], starts[c + 1]). Of a set: hashes. Of a histogram: bucket, 0, and a count. */
export interface Entries {
  readonly starts: Int32Array
  readonly high: Int32Array
  readonly low: Int32Array
  readonly counts: Float64Array | null
}

/** Fine cells in the order of their parents: parent p's are order[starts[p], starts[p + 1]). */
export interface Children {
  readonly starts: Int32Array
  readonly order: Int32Array
}

/** A counting sort: where each of `groups` groups ends up, given every `width`-th word as a member's group. */
function startsOf(of: Int32Array, width: number, members: number, groups: number, memory: FoldMemory): Int32Array {
  // shifted by one more, so that counting each start up while placing leaves the starts themselves
  const starts = memory.int32(groups + 2).fill(0)
  for (let k = 0; k < members; k++) starts[(of[k * width] as number) + 2]!++
  for (let group = 2; group < groups + 2; group++) starts[group]! += starts[group - 1] as number
  return starts
}

export function childrenOf(parents: Int32Array, size: number, parentCount: number, memory: FoldMemory): Children {
  const starts = startsOf(parents, 1, size, parentCount, memory)
  const order = memory.int32(size)
  for (let cell = 0; cell < size; cell++) order[starts[(parents[cell] as number) + 1]!++] = cell
  return { starts, order }
}

/** Entries of a table of (cell, high, low). */
export function groupEntries(table: KeyTable, counts: Float64Array | null, cells: number, memory: FoldMemory): Entries {
  const { keys, size } = table
  const starts = startsOf(keys, 3, size, cells, memory)
  const high = memory.int32(size)
  const low = memory.int32(size)
  const ordered = counts === null ? null : memory.float64(size)
  for (let entry = 0, at = 0; entry < size; entry++, at += 3) {
    const to = starts[(keys[at] as number) + 1]!++
    high[to] = keys[at + 1] as number
    low[to] = keys[at + 2] as number
    if (ordered !== null) ordered[to] = (counts as Float64Array)[entry] as number
  }
  return { starts, high, low, counts: ordered }
}

/** The entries of all children of a parent, each once; counts are added up. */
export function mergeEntries(fine: Entries, children: Children, parentCount: number, memory: FoldMemory): Entries {
  const total = fine.high.length
  const starts = memory.int32(parentCount + 1)
  const high = memory.int32(total)
  const low = memory.int32(total)
  const counts = fine.counts === null ? null : memory.float64(total)
  // a table of one parent's entries (their place + 1) at a time: it stays in the processor's cache
  const table = memory.int32(2 ** slotBits(mostEntries(fine, children, parentCount)))
  let size = 0
  for (let parent = 0; parent < parentCount; parent++) {
    starts[parent] = size
    const firstChild = children.starts[parent] as number
    const lastChild = children.starts[parent + 1] as number
    const bits = slotBits(entriesOf(fine, children, parent))
    const mask = 2 ** bits - 1
    table.fill(0, 0, mask + 1)
    for (let k = firstChild; k < lastChild; k++) {
      const cell = children.order[k] as number
      const end = fine.starts[cell + 1] as number
      for (let entry = fine.starts[cell] as number; entry < end; entry++) {
        const h = fine.high[entry] as number
        const l = fine.low[entry] as number
        let slot = Math.imul(h ^ Math.imul(l, 0x85ebca6b), 0x9e3779b1) >>> (32 - bits)
        let at = (table[slot] as number) - 1
        while (at >= 0 && (high[at] !== h || low[at] !== l)) {
          slot = (slot + 1) & mask
          at = (table[slot] as number) - 1
        }
        if (at < 0) {
          at = size++
          table[slot] = size
          high[at] = h
          low[at] = l
          if (counts !== null) counts[at] = 0
        }
        if (counts !== null) counts[at]! += (fine.counts as Float64Array)[entry] as number
      }
    }
  }
  starts[parentCount] = size
  return { starts, high: high.subarray(0, size), low: low.subarray(0, size), counts }
}

function mostEntries(fine: Entries, children: Children, parentCount: number): number {
  let most = 0
  for (let parent = 0; parent < parentCount; parent++) most = Math.max(most, entriesOf(fine, children, parent))
  return most
}

function entriesOf(fine: Entries, { starts, order }: Children, parent: number): number {
  let entries = 0
  for (let k = starts[parent] as number; k < (starts[parent + 1] as number); k++) {
    const cell = order[k] as number
    entries += (fine.starts[cell + 1] as number) - (fine.starts[cell] as number)
  }
  return entries
}

/** of a table that so many entries fill at most half */
const slotBits = (entries: number): number => 33 - Math.clz32(entries + 1)
