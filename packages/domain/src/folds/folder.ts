/**
 * Folds the accepted events of one partition into slices of three levels. The 10 s level is folded event by event
 * (compile.ts); the others are rolled up from it when a batch is taken.
 */
import type { Measure } from '../definitions.ts'
import type { Dictionary, EventColumns, Layout } from '../event-columns.ts'
import { QUARTER_HOUR, TEN_SECONDS } from '../slices.ts'
import type { Zone } from '../windows/zones.ts'
import { Cells, shapeOf } from './cells.ts'
import { type AddRows, compileFold, type MeasureGroup } from './compile.ts'
import { type LeveledGroup, writeColumns } from './emit.ts'
import { createKeyTable } from './key-table.ts'
import { rollUp } from './roll-up.ts'
import type { FoldedBatch } from './slice-columns.ts'

export interface FolderOptions {
  /** in the catalog's order */
  readonly measures: readonly Measure[]
  readonly layout: Layout
  readonly zone: Zone
  /** by layout.strings: those that the decoder fills */
  readonly dictionaries: readonly Dictionary[]
}

export interface FoldSize {
  /** cells of the 10 s level, each of them up to three rows per measure of its dimensions */
  readonly cells: number
  /** bytes of the open batch's tables: cut it before they are too many */
  readonly bytes: number
}

export interface Folder {
  /** adds the accepted rows of [first, last); `watermarkBefore` is the judge's */
  add(columns: EventColumns, watermarkBefore: Float64Array, first: number, last: number): void
  size(): FoldSize
  /**
   * The batch's slices, and begins the next. Reads texts from the dictionaries and keeps no id of theirs, so that
   * they may be reset afterwards.
   */
  take(): FoldedBatch
}

/** Quarter hours of a 10 s slice. */
const SLICES = QUARTER_HOUR / TEN_SECONDS

export function createFolder(options: FolderOptions): Folder {
  const { measures, layout, zone, dictionaries } = options
  const groups = groupMeasures(measures, layout)
  const foldRows: AddRows = compileFold(layout, groups, (time, watermark) => lateLevels(zone, time, watermark))
  const ids = measures.map(measure => measure.id)

  function take(): FoldedBatch {
    const tuples: string[][] = []
    const leveled = groups.map(group => levelsOf(group, zone, dictionaries, measures, tuples))
    const months = writeColumns(leveled, measures.length)
    for (const group of groups) group.cells.reset()
    return { measures: ids, tuples, months }
  }

  return {
    add: foldRows,
    size: () =>
      groups.reduce((sum, { cells }) => ({ cells: sum.cells + cells.size, bytes: sum.bytes + cells.bytes }), {
        cells: 0,
        bytes: 0,
      }),
    take,
  }
}

/** At how many levels the event's slice had been passed by the watermark; called when the 10 s slice was. */
export function lateLevels(zone: Zone, time: number, watermark: number): number {
  if ((Math.floor(time / TEN_SECONDS) + 1) * TEN_SECONDS > watermark) return 0
  if ((Math.floor(time / QUARTER_HOUR) + 1) * QUARTER_HOUR > watermark) return 1
  return zone.day(time).end > watermark ? 2 : 3
}

function groupMeasures(measures: readonly Measure[], layout: Layout): MeasureGroup[] {
  const byDimensions = new Map<string, Measure[]>()
  for (const measure of measures) {
    const key = JSON.stringify(measure.dimensions)
    byDimensions.set(key, [...(byDimensions.get(key) ?? []), measure])
  }
  return [...byDimensions.values()].map(members => {
    const dimensions = (members[0] as Measure).dimensions.map(name => {
      const column = layout.strings.indexOf(name)
      if (column < 0) throw new TypeError(`The dimension ${name} of ${members[0]?.id} is not in the layout.`)
      return column
    })
    const shape = shapeOf(members.map(measure => measure.agg))
    return { dimensions, measures: members, cells: new Cells(shape, dimensions.length + 1) }
  })
}

/** The three levels of a group, with its dimensions' texts appended to `texts`. */
function levelsOf(
  group: MeasureGroup,
  zone: Zone,
  dictionaries: readonly Dictionary[],
  measures: readonly Measure[],
  texts: string[][],
): LeveledGroup {
  const { cells } = group
  const width = group.dimensions.length
  const tuple = internTuples(cells, width)
  const firstTuple = texts.length
  for (let row = 0; row < tuple.table.size; row++) {
    const { keys } = tuple.table
    texts.push(
      group.dimensions.map((column, d) => (dictionaries[column] as Dictionary).text(keys[row * width + d] as number)),
    )
  }
  const tenSlots = new Int32Array(cells.size)
  const tenQuarters = new Int32Array(cells.size)
  for (let cell = 0; cell < cells.size; cell++) {
    const slice = cells.index.keys[cell * (width + 1)] as number
    tenSlots[cell] = slice
    tenQuarters[cell] = Math.floor(slice / SLICES)
  }
  const quarters = rollUp(cells, tenQuarters, tuple.of)
  const [quarterSlots, quarterTuples] = keysOf(quarters)
  const days = rollUp(quarters, dayQuarters(quarterSlots, zone), quarterTuples)
  const [daySlots, dayTuples] = keysOf(days)
  const level = (levelCells: Cells, slots: Int32Array, tuples: Int32Array, slot: number) => ({
    cells: levelCells,
    tuples,
    starts: Float64Array.from(slots, value => value * slot),
    months: Int32Array.from(slots, value => zone.day(value * slot).month),
  })
  return {
    measures: group.measures.map(measure => measures.indexOf(measure)),
    firstTuple,
    levels: [
      level(cells, tenSlots, tuple.of, TEN_SECONDS),
      level(quarters, quarterSlots, quarterTuples, QUARTER_HOUR),
      level(days, daySlots, dayTuples, QUARTER_HOUR),
    ],
  }
}

/** Numbers the dimensions that occur in 10 s cells: one number per combination, whatever the slice. */
function internTuples(cells: Cells, width: number) {
  const table = createKeyTable(width)
  const of = new Int32Array(cells.size)
  const { keys } = cells.index
  for (let cell = 0; cell < cells.size; cell++) {
    const start = cell * (width + 1) + 1
    for (let d = 0; d < width; d++) table.key[d] = keys[start + d] as number
    of[cell] = table.find()
  }
  return { table, of }
}

/** The quarter hour in which the local day of each quarter hour begins. */
function dayQuarters(quarters: Int32Array, zone: Zone): Int32Array {
  return quarters.map(quarter => zone.day(quarter * QUARTER_HOUR).start / QUARTER_HOUR)
}

/** Slots and tuples of rolled-up cells. */
function keysOf(cells: Cells): [slots: Int32Array, tuples: Int32Array] {
  const { keys } = cells.index
  const slots = new Int32Array(cells.size)
  const tuples = new Int32Array(cells.size)
  for (let cell = 0; cell < cells.size; cell++) {
    slots[cell] = keys[2 * cell] as number
    tuples[cell] = keys[2 * cell + 1] as number
  }
  return [slots, tuples]
}
