/**
 * Folds the accepted events of one partition into slices of three levels. The 10 s level is folded event by event
 * (compile.ts); the others are rolled up from it when a batch is taken.
 */
import type { Measure } from '../definitions/index.ts'
import type { Dictionary, EventColumns, Layout } from '../event-columns.ts'
import { QUARTER_HOUR, TEN_SECONDS } from '../slices.ts'
import type { Zone } from '../windows/zones.ts'
import { Cells, shapeOf } from './cells.ts'
import { type AddRows, compileFold, type MeasureGroup } from './compile.ts'
import { type LeveledGroup, writeColumns } from './emit.ts'
import { FoldMemory } from './memory.ts'
import { type LevelCells, levelOf, rollUp } from './roll-up.ts'
import type { FoldedBatch } from './slice-columns.ts'

export interface FolderOptions {
  /** in the catalog's order */
  readonly measures: readonly Measure[]
  readonly layout: Layout
  readonly zone: Zone
  /** by layout.strings: those that the decoder fills */
  readonly dictionaries: readonly Dictionary[]
  /** what `take` works in; default: one of its own. Folders of one process may share one: see FoldedBatch */
  readonly memory?: FoldMemory
}

export interface FoldSize {
  /** cells of the 10 s level, each of them up to three rows per measure of its dimensions */
  readonly cells: number
  /** bytes of the open batch: cut it before they are too many. What is kept for the next ones does not count */
  readonly bytes: number
}

export interface Folder {
  /** adds the accepted rows of [first, last); `watermarkBefore` is the judge's */
  add(columns: EventColumns, watermarkBefore: Float64Array, first: number, last: number): void
  size(): FoldSize
  /**
   * The batch's slices, and begins the next. Reads texts from the dictionaries and keeps no id of theirs, so that
   * they may be reset afterwards. The answer is valid until the next call: see FoldedBatch.
   */
  take(): FoldedBatch
}

/** Quarter hours of a 10 s slice. */
const SLICES = QUARTER_HOUR / TEN_SECONDS

export function createFolder(options: FolderOptions): Folder {
  const { measures, layout, zone, memory = new FoldMemory() } = options
  const groups = groupMeasures(measures, layout)
  const foldRows: AddRows = compileFold(layout, groups, (time, watermark) => lateLevels(zone, time, watermark))
  const ids = measures.map(measure => measure.id)

  function take(): FoldedBatch {
    memory.begin()
    const tuples: string[][] = []
    const leveled = groups.map(group => levelsOf(group, options, memory, tuples))
    const months = writeColumns(leveled, measures.length, memory)
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
function levelsOf(group: MeasureGroup, options: FolderOptions, memory: FoldMemory, texts: string[][]): LeveledGroup {
  const { cells } = group
  const { zone, measures } = options
  const firstTuple = texts.length
  const tuples = internTuples(group, options.dictionaries, memory, texts)
  const slices = memory.int32(cells.size)
  const inQuarters = memory.int32(cells.size)
  const width = group.dimensions.length + 1
  for (let cell = 0; cell < cells.size; cell++) {
    const slice = cells.index.keys[cell * width] as number
    slices[cell] = slice
    inQuarters[cell] = Math.floor(slice / SLICES)
  }
  const tens = levelOf(cells, slices, tuples, memory)
  const quarters = rollUp(tens, inQuarters, memory)
  const days = rollUp(quarters, dayQuarters(quarters, zone, memory), memory)
  // a local day is of whole quarter hours and of one month, so the finer cells have their parents' months
  const dayMonths = memory.int32(days.size)
  for (let cell = 0; cell < days.size; cell++) {
    dayMonths[cell] = zone.day((days.slots[cell] as number) * QUARTER_HOUR).month
  }
  const quarterMonths = ofParents(dayMonths, days.parents, memory)
  const tenMonths = ofParents(quarterMonths, quarters.parents, memory)
  return {
    measures: group.measures.map(measure => measures.indexOf(measure)),
    firstTuple,
    levels: [
      { cells: tens, slot: TEN_SECONDS / 1000, months: tenMonths },
      { cells: quarters, slot: QUARTER_HOUR / 1000, months: quarterMonths },
      { cells: days, slot: QUARTER_HOUR / 1000, months: dayMonths },
    ],
  }
}

/**
 * Numbers the dimensions that occur in 10 s cells: one number per combination, whatever the slice. Gives the number of
 * each cell.
 */
function internTuples(
  { cells, dimensions }: MeasureGroup,
  dictionaries: readonly Dictionary[],
  memory: FoldMemory,
  texts: string[][],
): Int32Array {
  const width = dimensions.length
  const table = memory.table(width)
  const of = memory.int32(cells.size)
  const { key } = table
  const { keys } = cells.index
  for (let cell = 0; cell < cells.size; cell++) {
    const start = cell * (width + 1) + 1
    for (let d = 0; d < width; d++) key[d] = keys[start + d] as number
    of[cell] = table.find()
  }
  for (let row = 0; row < table.size; row++) {
    texts.push(
      dimensions.map((column, d) => (dictionaries[column] as Dictionary).text(table.keys[row * width + d] as number)),
    )
  }
  return of
}

/** The quarter hour in which the local day of each cell's quarter hour begins. */
function dayQuarters({ slots, size }: LevelCells, zone: Zone, memory: FoldMemory): Int32Array {
  const of = memory.int32(size)
  for (let cell = 0; cell < size; cell++) {
    of[cell] = zone.day((slots[cell] as number) * QUARTER_HOUR).start / QUARTER_HOUR
  }
  return of
}

function ofParents(values: Int32Array, parents: Int32Array, memory: FoldMemory): Int32Array {
  const of = memory.int32(parents.length)
  for (let cell = 0; cell < parents.length; cell++) of[cell] = values[parents[cell] as number] as number
  return of
}
