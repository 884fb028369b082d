/** Writes the cells of all groups and levels as columns of rows, one block per month. */
import { LEVEL } from '../slices.ts'
import { type Cells, isRanked, isSummed, LANE } from './cells.ts'
import type { KeyTable } from './key-table.ts'
import { type ColumnSizes, emptyColumns, type SliceColumns } from './slice-columns.ts'

export interface LeveledGroup {
  /** index of each of the group's measures in the catalog */
  readonly measures: readonly number[]
  /** added to a cell's tuple */
  readonly firstTuple: number
  /** 10 s, 15 min, day */
  readonly levels: readonly LevelCells[]
}

interface LevelCells {
  readonly cells: Cells
  /** by cell */
  readonly tuples: Int32Array
  /** by cell: the slice's start, epoch ms */
  readonly starts: Float64Array
  /** by cell: yyyymm */
  readonly months: Int32Array
}

const LEVELS = [LEVEL.tenSeconds, LEVEL.quarterHour, LEVEL.day]

/** Where a month's columns are being written. */
interface Cursor {
  readonly columns: SliceColumns
  row: number
  distinct: number
  bucket: number
}

interface Piece {
  readonly group: LeveledGroup
  /** the measure within its group */
  readonly m: number
}

/** One measure at one level, its set entries grouped by cell. */
interface Run extends Piece {
  readonly measure: number
  readonly level: LevelCells
  readonly levelIndex: number
  readonly distinct: Grouped | null
  readonly buckets: Grouped | null
}

export function writeColumns(groups: readonly LeveledGroup[], measureCount: number): SliceColumns[] {
  const runs = runsOf(groups, measureCount)
  const sizes = new Map<number, ColumnSizes>()
  for (const run of runs) measureRun(run, sizes)
  const cursors = new Map<number, Cursor>()
  for (const month of [...sizes.keys()].sort((a, b) => a - b)) {
    const columns = emptyColumns(month, sizes.get(month) as ColumnSizes)
    cursors.set(month, { columns, row: 0, distinct: 0, bucket: 0 })
  }
  for (const run of runs) writeRun(run, cursors)
  return [...cursors.values()].map(cursor => cursor.columns)
}

/** In the catalog's order of measures, then by level. */
function runsOf(groups: readonly LeveledGroup[], measureCount: number): Run[] {
  const pieces: Piece[] = new Array(measureCount)
  for (const group of groups) {
    group.measures.forEach((measure, m) => {
      pieces[measure] = { group, m }
    })
  }
  return pieces.flatMap(({ group, m }, measure) =>
    group.levels.map((level, levelIndex) => {
      const { cells } = level
      const distinct = groupByCell(cells.distinct[m], 3, cells.size)
      const buckets = groupByCell(cells.histograms[m]?.entries, 2, cells.size)
      return { group, m, measure, level, levelIndex, distinct, buckets }
    }),
  )
}

function measureRun({ group: _, m, level, distinct, buckets }: Run, sizes: Map<number, ColumnSizes>): void {
  const { cells, months } = level
  const lane = cells.shape.first[m] as number
  let month = -1
  let size: ColumnSizes = { rows: 0, distinct: 0, buckets: 0 }
  for (let cell = 0; cell < cells.size; cell++) {
    if (cells.lanes[cell * cells.shape.stride + lane] === 0) continue
    if (months[cell] !== month) {
      month = months[cell] as number
      size = sizes.get(month) ?? { rows: 0, distinct: 0, buckets: 0 }
      sizes.set(month, size)
    }
    size.rows++
    if (distinct !== null) size.distinct += lengthOf(distinct, cell)
    if (buckets !== null) size.buckets += lengthOf(buckets, cell)
  }
}

function writeRun(run: Run, cursors: ReadonlyMap<number, Cursor>): void {
  const { group, m, measure, level, levelIndex, distinct, buckets } = run
  const { cells, months, tuples, starts } = level
  const { lanes, shape } = cells
  const agg = shape.aggregations[m] as (typeof shape.aggregations)[number]
  const summed = isSummed(agg)
  const ranked = isRanked(agg)
  for (let cell = 0; cell < cells.size; cell++) {
    const at = cell * shape.stride + (shape.first[m] as number)
    if (lanes[at] === 0) continue
    const cursor = cursors.get(months[cell] as number) as Cursor
    const { columns } = cursor
    const row = cursor.row++
    columns.measure[row] = measure
    columns.level[row] = LEVELS[levelIndex] as number
    columns.start[row] = (starts[cell] as number) / 1000
    columns.tuple[row] = group.firstTuple + (tuples[cell] as number)
    columns.count[row] = lanes[at] as number
    if (summed) {
      columns.sumHigh[row] = lanes[at + LANE.high] as number
      columns.sumLow[row] = lanes[at + LANE.low] as number
    }
    if (ranked) {
      columns.min[row] = lanes[at + LANE.min] as number
      columns.max[row] = lanes[at + LANE.max] as number
    }
    columns.late[row] = cells.lateOf(cell, m, levelIndex)
    if (distinct !== null) writeDistinct(distinct, cells.distinct[m] as KeyTable, cell, cursor)
    if (buckets !== null) writeBuckets(buckets, cells, m, cell, cursor)
    columns.distinctStart[row + 1] = cursor.distinct
    columns.bucketStart[row + 1] = cursor.bucket
  }
}

function writeDistinct({ starts, order }: Grouped, { keys }: KeyTable, cell: number, cursor: Cursor): void {
  for (let k = starts[cell] as number; k < (starts[cell + 1] as number); k++) {
    const entry = 3 * (order[k] as number)
    cursor.columns.distinctHigh[cursor.distinct] = keys[entry + 1] as number
    cursor.columns.distinctLow[cursor.distinct++] = keys[entry + 2] as number
  }
}

function writeBuckets({ starts, order }: Grouped, cells: Cells, m: number, cell: number, cursor: Cursor): void {
  const { entries, counts } = cells.histograms[m] as NonNullable<Cells['histograms'][number]>
  for (let k = starts[cell] as number; k < (starts[cell + 1] as number); k++) {
    const entry = order[k] as number
    cursor.columns.bucket[cursor.bucket] = entries.keys[2 * entry + 1] as number
    cursor.columns.bucketCount[cursor.bucket++] = counts[entry] as number
  }
}

/** Entries of a table whose first word is the cell: cell c's are order[starts[c], starts[c + 1]). */
interface Grouped {
  readonly starts: Int32Array
  readonly order: Int32Array
}

const lengthOf = ({ starts }: Grouped, cell: number): number => (starts[cell + 1] as number) - (starts[cell] as number)

/** A counting sort by cell. */
function groupByCell(table: KeyTable | null | undefined, width: number, cellCount: number): Grouped | null {
  if (table == null) return null
  const { keys, size } = table
  const starts = new Int32Array(cellCount + 1)
  for (let entry = 0; entry < size; entry++) starts[(keys[width * entry] as number) + 1]!++
  for (let cell = 0; cell < cellCount; cell++) starts[cell + 1]! += starts[cell] as number
  const next = starts.slice(0, cellCount)
  const order = new Int32Array(size)
  for (let entry = 0; entry < size; entry++) order[next[keys[width * entry] as number]!++] = entry
  return { starts, order }
}
