/**
 * The partial aggregates of one level: cells of all measures that share a list of dimensions, in typed arrays.
 * A cell's lanes lie side by side, a few per measure; sets and histograms are tables keyed by cell.
 */
import type { Aggregation } from '../definitions.ts'
import { createKeyTable, type KeyTable } from './key-table.ts'
import { CARRY, CARRY_AT } from './numbers.ts'

/** Offsets within a measure's lanes. */
export const LANE = { count: 0, low: 1, high: 2, min: 1, max: 2 } as const

/** How many lanes a measure takes: sums are [count, low, high], ranked numbers [count, min, max]. */
const lanesOfAggregation = (agg: Aggregation): number => (agg === 'count' || agg === 'count_distinct' ? 1 : 3)

export const isSummed = (agg: Aggregation): boolean => agg === 'sum' || agg === 'mean'
export const isRanked = (agg: Aggregation): boolean => agg === 'min' || agg === 'max' || agg === 'quantile'

/** Levels at which a late event is counted, as lanes of `late`: 10 s, 15 min, day. */
export const LATE_LANES = 3

const LEAST = 256
const KEPT = 262_144

/** The shape that cells of all three levels of a group share. */
export interface CellShape {
  /** aggregation of each measure of the group */
  readonly aggregations: readonly Aggregation[]
  /** first lane of each measure */
  readonly first: readonly number[]
  /** lanes of a cell */
  readonly stride: number
}

export function shapeOf(aggregations: readonly Aggregation[]): CellShape {
  const first: number[] = []
  let stride = 0
  for (const agg of aggregations) {
    first.push(stride)
    stride += lanesOfAggregation(agg)
  }
  return { aggregations, first, stride }
}

/** A histogram per cell: (cell, bucket) → count. */
export class Histograms {
  readonly entries: KeyTable = createKeyTable(2)
  counts = new Float64Array(LEAST)

  add(cell: number, bucket: number, count: number): void {
    const { key } = this.entries
    key[0] = cell
    key[1] = bucket
    const entry = this.entries.find()
    if (entry >= this.counts.length) this.counts = grown(this.counts)
    this.counts[entry] = (this.counts[entry] as number) + count
  }

  reset(): void {
    this.entries.reset()
    this.counts = new Float64Array(LEAST)
  }
}

/** A class, as generated code writes its fields in the hot path. */
export class Cells {
  readonly shape: CellShape
  /** a cell's key: its slice, then what tells cells of a slice apart */
  readonly index: KeyTable
  lanes: Float64Array
  /** [cell][measure][level − 1]; empty until the first late event */
  late: Float64Array = new Float64Array(0)
  /** by measure: (cell, high, low) of each distinct value */
  readonly distinct: (KeyTable | null)[]
  readonly histograms: readonly (Histograms | null)[]

  constructor(shape: CellShape, keyWidth: number) {
    this.shape = shape
    this.index = createKeyTable(keyWidth)
    this.lanes = new Float64Array(LEAST * shape.stride)
    this.distinct = shape.aggregations.map(agg => (agg === 'count_distinct' ? createKeyTable(3) : null))
    this.histograms = shape.aggregations.map(agg => (agg === 'quantile' ? new Histograms() : null))
  }

  get size(): number {
    return this.index.size
  }

  /** the cell of `index.key`; new ones are zero */
  cell(): number {
    const cell = this.index.find()
    if ((cell + 1) * this.shape.stride > this.lanes.length) this.lanes = grown(this.lanes)
    return cell
  }

  /** adds to a sum whose low lane would leave the exact range: `at` is its measure's first lane of the cell */
  carry(at: number, units: number): void {
    const low = this.lanes[at + LANE.low] as number
    const lowCarry = Math.trunc(low / CARRY)
    const unitsCarry = Math.trunc(units / CARRY)
    this.lanes[at + LANE.high] = (this.lanes[at + LANE.high] as number) + lowCarry + unitsCarry
    this.lanes[at + LANE.low] = low - lowCarry * CARRY + (units - unitsCarry * CARRY)
  }

  addUnits(at: number, units: number): void {
    const low = (this.lanes[at + LANE.low] as number) + units
    if (low <= CARRY_AT && low >= -CARRY_AT) this.lanes[at + LANE.low] = low
    else this.carry(at, units)
  }

  /** counts an event of the measure that came late at the first `levels` levels */
  countLate(cell: number, measure: number, levels: number): void {
    for (let level = 0; level < levels; level++) this.addLate(cell, measure, level, 1)
  }

  addLate(cell: number, measure: number, level: number, count: number): void {
    const at = (cell * this.shape.aggregations.length + measure) * LATE_LANES + level
    while (at >= this.late.length) {
      this.late = this.late.length === 0 ? new Float64Array(LEAST * LATE_LANES) : grown(this.late)
    }
    this.late[at] = (this.late[at] as number) + count
  }

  lateOf(cell: number, measure: number, level: number): number {
    return this.late[(cell * this.shape.aggregations.length + measure) * LATE_LANES + level] ?? 0
  }

  get bytes(): number {
    let bytes = this.index.bytes + this.lanes.byteLength + this.late.byteLength
    for (const table of this.distinct) bytes += table?.bytes ?? 0
    for (const table of this.histograms) bytes += table === null ? 0 : table.entries.bytes + table.counts.byteLength
    return bytes
  }

  /** forgets all cells; keeps the memory of a usual batch */
  reset(): void {
    if (this.size > KEPT) this.lanes = new Float64Array(LEAST * this.shape.stride)
    else this.lanes.fill(0, 0, this.size * this.shape.stride)
    this.late = new Float64Array(0)
    this.index.reset()
    for (const table of this.distinct) table?.reset()
    for (const table of this.histograms) table?.reset()
  }
}

function grown(array: Float64Array): Float64Array<ArrayBuffer> {
  const more = new Float64Array(array.length * 2)
  more.set(array)
  return more
}
