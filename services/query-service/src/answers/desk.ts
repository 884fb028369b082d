import type { Catalog, Indicator, SliceCell, SliceSource, TimeRange } from '@kivi/domain'
import type { Freshness } from '../freshness.ts'
import { formatTime } from '../questions/times.ts'
import type { Moment } from '../questions/windows.ts'
import { type Cells, type Evaluation, evaluate } from '../values/evaluate.ts'

/** What an answer is made with: one catalog, one moment, one state of the data. */
export interface Desk {
  readonly catalog: Catalog
  readonly source: SliceSource
  readonly moment: Moment
  readonly freshness: Freshness
}

/** Cells of one question, found by range and group. */
export interface Table {
  /** cells of a range and group; empty where there are no slices */
  at(range: number, group?: readonly string[]): Cells
  /** groups that have slices in the range, in no order */
  groups(range: number): ReadonlyArray<readonly string[]>
}

const NONE: Cells = new Map()

export function tableOf(cells: readonly SliceCell[]): Table {
  const entries = new Map<string, { group: readonly string[]; cells: Map<string, SliceCell['parts']> }>()
  const groups = new Map<number, Array<readonly string[]>>()
  for (const cell of cells) {
    const key = keyOf(cell.range, cell.group)
    const entry = entries.get(key)
    if (entry !== undefined) {
      entry.cells.set(cell.measure, cell.parts)
      continue
    }
    entries.set(key, { group: cell.group, cells: new Map([[cell.measure, cell.parts]]) })
    const list = groups.get(cell.range)
    if (list === undefined) groups.set(cell.range, [cell.group])
    else list.push(cell.group)
  }
  return {
    at: (range, group = []) => entries.get(keyOf(range, group))?.cells ?? NONE,
    groups: range => groups.get(range) ?? [],
  }
}

const keyOf = (range: number, group: readonly string[]): string => JSON.stringify([range, ...group])

/** Value of an indicator in one range and group. */
export function evaluateAt(desk: Desk, indicator: Indicator, cells: Cells, range: TimeRange): Evaluation {
  const { watermark, newest } = desk.freshness
  const known = watermark !== null && watermark > range.from
  const result = evaluate(desk.catalog, indicator, cells, known)
  // data of years ago, or a source that fell silent: zeros that nobody should take for a bad day
  return known && newest !== null && newest < range.from ? { ...result, reason: 'after_newest_event' } : result
}

/** All events before the end have been counted. */
export function isComplete(desk: Desk, range: TimeRange): boolean {
  const { watermark } = desk.freshness
  return watermark !== null && watermark >= range.to
}

/** How far the data are, as answers tell it. */
export function freshnessOf({ freshness: { watermark, newest } }: Desk): {
  watermark: string | null
  newest_event: string | null
} {
  return {
    watermark: watermark === null ? null : formatTime(watermark),
    newest_event: newest === null ? null : formatTime(newest),
  }
}
