/** Cells of a fine level into those of a coarser one: everything a slice holds merges by adding (or min, max). */
import { type CellShape, Cells, isRanked, isSummed, LANE, LATE_LANES } from './cells.ts'
import { createKeyTable } from './key-table.ts'

/**
 * @param slots the coarser slice of each fine cell, a small integer
 * @param tuples the dimensions of each fine cell, a small integer
 */
export function rollUp(fine: Cells, slots: Int32Array, tuples: Int32Array): Cells {
  const { shape } = fine
  const coarse = new Cells(shape, 2)
  const parents = new Int32Array(fine.size)
  const { key } = coarse.index
  for (let cell = 0; cell < fine.size; cell++) {
    key[0] = slots[cell] as number
    key[1] = tuples[cell] as number
    const parent = coarse.cell()
    parents[cell] = parent
    addLanes(shape, fine, cell, coarse, parent)
  }
  for (let m = 0; m < shape.aggregations.length; m++) {
    addDistinct(fine, coarse, m, parents)
    addHistogram(fine, coarse, m, parents)
  }
  return coarse
}

function addLanes(shape: CellShape, fine: Cells, cell: number, coarse: Cells, parent: number): void {
  const from = cell * shape.stride
  const to = parent * shape.stride
  for (let m = 0; m < shape.aggregations.length; m++) {
    const agg = shape.aggregations[m] as CellShape['aggregations'][number]
    const a = from + (shape.first[m] as number)
    const b = to + (shape.first[m] as number)
    const count = fine.lanes[a] as number
    if (count === 0) continue
    if (isSummed(agg)) {
      coarse.lanes[b + LANE.high] = (coarse.lanes[b + LANE.high] as number) + (fine.lanes[a + LANE.high] as number)
      coarse.addUnits(b, fine.lanes[a + LANE.low] as number)
    } else if (isRanked(agg)) {
      const first = coarse.lanes[b] === 0
      const min = fine.lanes[a + LANE.min] as number
      const max = fine.lanes[a + LANE.max] as number
      if (first || min < (coarse.lanes[b + LANE.min] as number)) coarse.lanes[b + LANE.min] = min
      if (first || max > (coarse.lanes[b + LANE.max] as number)) coarse.lanes[b + LANE.max] = max
    }
    coarse.lanes[b] = (coarse.lanes[b] as number) + count
    for (let level = 0; level < LATE_LANES; level++) {
      const late = fine.lateOf(cell, m, level)
      if (late !== 0) coarse.addLate(parent, m, level, late)
    }
  }
}

function addDistinct(fine: Cells, coarse: Cells, m: number, parents: Int32Array): void {
  const from = fine.distinct[m]
  if (from == null) return
  const { keys, size } = from
  // most values are still distinct in the coarser slice: growing step by step would cost more than the look-ups
  const to = createKeyTable(3, size)
  coarse.distinct[m] = to
  for (let entry = 0; entry < size; entry++) {
    to.key[0] = parents[keys[3 * entry] as number] as number
    to.key[1] = keys[3 * entry + 1] as number
    to.key[2] = keys[3 * entry + 2] as number
    to.find()
  }
}

function addHistogram(fine: Cells, coarse: Cells, m: number, parents: Int32Array): void {
  const from = fine.histograms[m]
  const to = coarse.histograms[m]
  if (from == null || to == null) return
  const { keys, size } = from.entries
  for (let entry = 0; entry < size; entry++) {
    to.add(parents[keys[2 * entry] as number] as number, keys[2 * entry + 1] as number, from.counts[entry] as number)
  }
}
