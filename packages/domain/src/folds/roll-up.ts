/** Cells of a fine level into those of a coarser one: everything a slice holds merges by adding (or min, max). */
import { addUnits, type CellShape, type Cells, isRanked, isSummed, LANE, LATE_LANES } from './cells.ts'
import { childrenOf, type Entries, groupEntries, mergeEntries } from './entries.ts'
import type { FoldMemory } from './memory.ts'

/** The cells of a level as they are written: a cell's slice and dimensions are small integers. */
export interface LevelCells {
  readonly shape: CellShape
  readonly size: number
  readonly slots: Int32Array
  readonly tuples: Int32Array
  readonly lanes: Float64Array
  /** null: nothing came late */
  readonly late: Float64Array | null
  /** by measure: its sets or histograms */
  readonly entries: readonly (Entries | null)[]
}

/** The finest level: the cells as they were folded. */
export function levelOf(cells: Cells, slots: Int32Array, tuples: Int32Array, memory: FoldMemory): LevelCells {
  const { shape, size, lanes } = cells
  const entries = shape.aggregations.map((_, m) => {
    const [distinct, histograms] = [cells.distinct[m], cells.histograms[m]]
    if (distinct != null) return groupEntries(distinct, null, size, memory)
    return histograms == null ? null : groupEntries(histograms.entries, histograms.counts, size, memory)
  })
  return { shape, size, slots, tuples, lanes, late: cells.lateLanes(), entries }
}

/** A coarser level, and which of its cells each fine cell went into. */
export interface RolledUp extends LevelCells {
  readonly parents: Int32Array
}

/** @param coarser the coarser slot of each fine cell */
export function rollUp(fine: LevelCells, coarser: Int32Array, memory: FoldMemory): RolledUp {
  const { shape } = fine
  const table = memory.table(2)
  const { key } = table
  const parents = memory.int32(fine.size)
  for (let cell = 0; cell < fine.size; cell++) {
    key[0] = coarser[cell] as number
    key[1] = fine.tuples[cell] as number
    parents[cell] = table.find()
  }
  const { size, keys } = table
  const slots = memory.int32(size)
  const tuples = memory.int32(size)
  for (let cell = 0; cell < size; cell++) {
    slots[cell] = keys[2 * cell] as number
    tuples[cell] = keys[2 * cell + 1] as number
  }
  const level = { shape, size, slots, tuples, parents }
  // parents are numbered as they appear: where each has one child, all of it is the child's
  if (size === fine.size) return { ...level, lanes: fine.lanes, late: fine.late, entries: fine.entries }
  const lanes = memory.float64(size * shape.stride).fill(0)
  for (let m = 0; m < shape.aggregations.length; m++) addLanes(fine, m, lanes, parents)
  const children = fine.entries.some(entries => entries !== null) ? childrenOf(parents, fine.size, size, memory) : null
  const entries = fine.entries.map(of =>
    of === null || children === null ? null : mergeEntries(of, children, size, memory),
  )
  return { ...level, lanes, late: addLate(fine, size, parents, memory), entries }
}

function addLanes({ shape, size, lanes: from }: LevelCells, m: number, to: Float64Array, parents: Int32Array): void {
  const { stride } = shape
  const lane = shape.first[m] as number
  const agg = shape.aggregations[m] as CellShape['aggregations'][number]
  const [summed, ranked] = [isSummed(agg), isRanked(agg)]
  for (let cell = 0; cell < size; cell++) {
    const a = cell * stride + lane
    const count = from[a] as number
    if (count === 0) continue
    const b = (parents[cell] as number) * stride + lane
    if (summed) {
      to[b + LANE.high] = (to[b + LANE.high] as number) + (from[a + LANE.high] as number)
      addUnits(to, b, from[a + LANE.low] as number)
    } else if (ranked) {
      const first = to[b] === 0
      const min = from[a + LANE.min] as number
      const max = from[a + LANE.max] as number
      if (first || min < (to[b + LANE.min] as number)) to[b + LANE.min] = min
      if (first || max > (to[b + LANE.max] as number)) to[b + LANE.max] = max
    }
    to[b] = (to[b] as number) + count
  }
}

function addLate(fine: LevelCells, size: number, parents: Int32Array, memory: FoldMemory): Float64Array | null {
  if (fine.late === null) return null
  const width = fine.shape.aggregations.length * LATE_LANES
  const late = memory.float64(size * width).fill(0)
  for (let cell = 0; cell < fine.size; cell++) {
    const a = cell * width
    const b = (parents[cell] as number) * width
    for (let k = 0; k < width; k++) late[b + k]! += fine.late[a + k] as number
  }
  return late
}
