/** Writes the cells of all groups and levels as columns of rows, one block per month. */
import { LEVEL } from '../slices.ts'
import { isRanked, isSummed, LANE, LATE_LANES } from './cells.ts'
import type { Entries } from './entries.ts'
import type { FoldMemory } from './memory.ts'
import type { LevelCells } from './roll-up.ts'
import { type ColumnSizes, lendColumns, type SliceColumns } from './slice-columns.ts'

export interface LeveledGroup {
  /** index of each of the group's measures in the catalog */
  readonly measures: readonly number[]
  /** added to a cell's tuple */
  readonly firstTuple: number
  /** 10 s, 15 min, day */
  readonly levels: readonly WrittenLevel[]
}

interface WrittenLevel {
  readonly cells: LevelCells
  /** seconds from one slot to the next: a cell's slice begins at its slot times this */
  readonly slot: number
  /** by cell: yyyymm */
  readonly months: Int32Array
}

const LEVELS = [LEVEL.tenSeconds, LEVEL.quarterHour, LEVEL.day]

/** A month's columns, and how far they are measured or written. */
interface Cursor extends ColumnSizes {
  columns: SliceColumns | null
}

/** One measure at one level. */
interface Run {
  readonly group: LeveledGroup
  /** the measure within its group */
  readonly m: number
  readonly measure: number
  readonly level: WrittenLevel
  readonly levelIndex: number
}

export function writeColumns(
  groups: readonly LeveledGroup[],
  measureCount: number,
  memory: FoldMemory,
): SliceColumns[] {
  const runs = runsOf(groups, measureCount)
  const cursors = new Map<number, Cursor>()
  for (const run of runs) measureRun(run, cursors)
  const months = [...cursors.keys()].sort((a, b) => a - b)
  const written = months.map(month => {
    const cursor = cursors.get(month) as Cursor
    const columns = lendColumns(month, cursor, memory)
    cursors.set(month, { columns, rows: 0, distinct: 0, buckets: 0 })
    return columns
  })
  for (const run of runs) writeRun(run, cursors)
  return written
}

/** In the catalog's order of measures, then by level. */
function runsOf(groups: readonly LeveledGroup[], measureCount: number): Run[] {
  const runs: Run[][] = new Array(measureCount)
  for (const group of groups) {
    group.measures.forEach((measure, m) => {
      runs[measure] = group.levels.map((level, levelIndex) => ({ group, m, measure, level, levelIndex }))
    })
  }
  return runs.flat()
}

function cursorOf(cursors: Map<number, Cursor>, month: number): Cursor {
  let cursor = cursors.get(month)
  if (cursor === undefined) {
    cursor = { columns: null, rows: 0, distinct: 0, buckets: 0 }
    cursors.set(month, cursor)
  }
  return cursor
}

function measureRun({ m, level: { cells, months } }: Run, cursors: Map<number, Cursor>): void {
  const { lanes, shape, size } = cells
  const { stride } = shape
  const entries = cells.entries[m] ?? null
  let month = -1
  let cursor: Cursor | null = null
  for (let cell = 0, at = shape.first[m] as number; cell < size; cell++, at += stride) {
    if (lanes[at] === 0) continue
    if (months[cell] !== month || cursor === null) {
      month = months[cell] as number
      cursor = cursorOf(cursors, month)
    }
    cursor.rows++
    if (entries === null) continue
    const length = (entries.starts[cell + 1] as number) - (entries.starts[cell] as number)
    if (entries.counts === null) cursor.distinct += length
    else cursor.buckets += length
  }
}

function writeRun({ group, m, measure, level, levelIndex }: Run, cursors: Map<number, Cursor>): void {
  const { cells, months, slot } = level
  const { lanes, late, shape, size, slots, tuples } = cells
  const { stride } = shape
  const { firstTuple } = group
  const code = LEVELS[levelIndex] as number
  const agg = shape.aggregations[m] as (typeof shape.aggregations)[number]
  const [summed, ranked] = [isSummed(agg), isRanked(agg)]
  const entries = cells.entries[m] ?? null
  const lateWidth = shape.aggregations.length * LATE_LANES
  const lateAt = m * LATE_LANES + levelIndex
  let month = -1
  let cursor: Cursor | null = null
  for (let cell = 0, at = shape.first[m] as number; cell < size; cell++, at += stride) {
    const count = lanes[at] as number
    if (count === 0) continue
    if (months[cell] !== month || cursor === null) {
      month = months[cell] as number
      cursor = cursorOf(cursors, month)
    }
    const columns = cursor.columns as SliceColumns
    const row = cursor.rows++
    columns.measure[row] = measure
    columns.level[row] = code
    columns.start[row] = (slots[cell] as number) * slot
    columns.tuple[row] = firstTuple + (tuples[cell] as number)
    columns.count[row] = count
    columns.sumHigh[row] = summed ? (lanes[at + LANE.high] as number) : 0
    columns.sumLow[row] = summed ? (lanes[at + LANE.low] as number) : 0
    columns.min[row] = ranked ? (lanes[at + LANE.min] as number) : 0
    columns.max[row] = ranked ? (lanes[at + LANE.max] as number) : 0
    columns.late[row] = late === null ? 0 : (late[cell * lateWidth + lateAt] as number)
    if (entries !== null) writeEntries(entries, cell, cursor, columns)
    columns.distinctStart[row + 1] = cursor.distinct
    columns.bucketStart[row + 1] = cursor.buckets
  }
}

function writeEntries({ starts, high, low, counts }: Entries, cell: number, cursor: Cursor, to: SliceColumns): void {
  const end = starts[cell + 1] as number
  for (let entry = starts[cell] as number; entry < end; entry++) {
    if (counts === null) {
      to.distinctHigh[cursor.distinct] = high[entry] as number
      to.distinctLow[cursor.distinct++] = low[entry] as number
    } else {
      to.bucket[cursor.buckets] = high[entry] as number
      to.bucketCount[cursor.buckets++] = counts[entry] as number
    }
  }
}
