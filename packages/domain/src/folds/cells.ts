/**
 * The partial aggregates of one level: cells of all measures that share a list of dimensions, in typed arrays.
 * A cell's lanes lie side by side, a few per measure; sets and histograms are tables keyed by cell.
 */
import type { Aggregation } from '../definitions/index.ts'
import { KeyTable } from './key-table.ts'
import { CARRY, CARRY_AT } from './numbers.ts'
import { Usage } from './usage.ts'

/** Offsets within a measure's lanes. */
export const LANE = { count: 0, low: 1, high: 2, min: 1, max: 2 } as const

/** How many lanes a measure takes: sums are [count, low, high], ranked numbers [count, min, max]. */
const lanesOfAggregation = (agg: Aggregation): number => (agg === 'count' || agg === 'count_distinct' ? 1 : 3)

export const isSummed = (agg: Aggregation): boolean => agg === 'sum' || agg === 'mean'
export const isRanked = (agg: Aggregation): boolean => agg === 'min' || agg === 'max' || agg === 'quantile'

/** Levels at which a late event is counted, as lanes of `late`: 10 s, 15 min, day. */
export const LATE_LANES = 3

const LEAST = 256

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

/** A histogram per cell: (cell, bucket, 0) → count, of the same width as sets, so that both are grouped alike. */
export class Histograms {
  readonly entries = new KeyTable(3)
  counts: Float64Array<ArrayBuffer> = new Float64Array(LEAST)
  readonly #usage = new Usage()

  add(cell: number, bucket: number, count: number): void {
    const entry = this.entries.find3(cell, bucket, 0)
    if (entry >= this.counts.length) this.counts = grown(this.counts)
    this.counts[entry] = (this.counts[entry] as number) + count
  }

  get bytes(): number {
    return this.entries.bytes + 8 * this.entries.size
  }

  reset(): void {
    this.counts = cleared(this.counts, this.entries.size, LEAST, this.#usage)
    this.entries.reset()
  }
}

/** A class, as generated code writes its fields in the hot path. All memory is kept from batch to batch. */
export class Cells {
  readonly shape: CellShape
  /** a cell's key: its slice, then its dimensions */
  readonly index: KeyTable
  lanes: Float64Array<ArrayBuffer>
  /** [cell][measure][level − 1] */
  late: Float64Array<ArrayBuffer>
  /** has any event of the batch come late? */
  anyLate = false
  /** by measure: (cell, high, low) of each distinct value */
  readonly distinct: readonly (KeyTable | null)[]
  readonly histograms: readonly (Histograms | null)[]
  readonly #usage = { lanes: new Usage(), late: new Usage() }

  constructor(shape: CellShape, keyWidth: number) {
    this.shape = shape
    this.index = new KeyTable(keyWidth)
    this.lanes = new Float64Array(LEAST * shape.stride)
    this.late = new Float64Array(0)
    this.distinct = shape.aggregations.map(agg => (agg === 'count_distinct' ? new KeyTable(3) : null))
    this.histograms = shape.aggregations.map(agg => (agg === 'quantile' ? new Histograms() : null))
  }

  get size(): number {
    return this.index.size
  }

  /** The cell of `index.key`; new ones are zero. */
  cell(): number {
    const cell = this.index.find()
    if ((cell + 1) * this.shape.stride > this.lanes.length) this.lanes = grown(this.lanes)
    return cell
  }

  /** `cell` of two dimensions. */
  cell3(slice: number, a: number, b: number): number {
    const cell = this.index.find3(slice, a, b)
    if ((cell + 1) * this.shape.stride > this.lanes.length) this.lanes = grown(this.lanes)
    return cell
  }

  /** Adds to a sum, given the measure's first lane of the cell. */
  addUnits(at: number, units: number): void {
    addUnits(this.lanes, at, units)
  }

  /** Counts an event of the measure that came late at the first `levels` levels. */
  countLate(cell: number, measure: number, levels: number): void {
    this.anyLate = true
    this.#roomForLate(cell)
    const at = (cell * this.shape.aggregations.length + measure) * LATE_LANES
    for (let level = 0; level < levels; level++) this.late[at + level] = (this.late[at + level] as number) + 1
  }

  /** Late events of all cells, null where there are none. */
  lateLanes(): Float64Array | null {
    if (!this.anyLate) return null
    this.#roomForLate(this.size - 1)
    return this.late
  }

  get bytes(): number {
    const { size, shape } = this
    let bytes = this.index.bytes + 8 * size * shape.stride
    if (this.anyLate) bytes += 8 * size * shape.aggregations.length * LATE_LANES
    for (const table of this.distinct) bytes += table?.bytes ?? 0
    for (const table of this.histograms) bytes += table?.bytes ?? 0
    return bytes
  }

  /** Forgets all cells. */
  reset(): void {
    const { size, shape } = this
    this.lanes = cleared(this.lanes, size * shape.stride, LEAST * shape.stride, this.#usage.lanes)
    const late = this.anyLate ? size * shape.aggregations.length * LATE_LANES : 0
    this.late = cleared(this.late, late, 0, this.#usage.late)
    this.anyLate = false
    this.index.reset()
    for (const table of this.distinct) table?.reset()
    for (const table of this.histograms) table?.reset()
  }

  #roomForLate(cell: number): void {
    const room = (cell + 1) * this.shape.aggregations.length * LATE_LANES
    while (this.late.length < room) {
      this.late = this.late.length === 0 ? new Float64Array(LEAST * LATE_LANES) : grown(this.late)
    }
  }
}

/** Adds units of a sum, given the measure's first lane of the cell. */
export function addUnits(lanes: Float64Array, at: number, units: number): void {
  const low = (lanes[at + LANE.low] as number) + units
  if (low <= CARRY_AT && low >= -CARRY_AT) lanes[at + LANE.low] = low
  else carryUnits(lanes, at, units)
}

function carryUnits(lanes: Float64Array, at: number, units: number): void {
  const low = lanes[at + LANE.low] as number
  const lowCarry = Math.trunc(low / CARRY)
  const unitsCarry = Math.trunc(units / CARRY)
  lanes[at + LANE.high] = (lanes[at + LANE.high] as number) + lowCarry + unitsCarry
  lanes[at + LANE.low] = low - lowCarry * CARRY + (units - unitsCarry * CARRY)
}

function grown(array: Float64Array): Float64Array<ArrayBuffer> {
  const more = new Float64Array(array.length * 2)
  more.set(array)
  return more
}

/** All zeros again, of which the first `used` were not: the same array, unless it has been far too large for long. */
function cleared(array: Float64Array<ArrayBuffer>, used: number, least: number, usage: Usage) {
  const enough = usage.after(used, array.length)
  if (enough !== null && array.length > least) return new Float64Array(Math.max(least, enough))
  return array.fill(0, 0, used)
}
