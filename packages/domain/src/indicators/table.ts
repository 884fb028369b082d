import type { SliceCell } from '../ports/slice-source.ts'
import type { Cells } from './measures.ts'

/** Cells of one question, found by range and group. */
export interface Table {
  /** cells of a range and group; empty where there are none */
  at(range: number, group?: readonly string[]): Cells
  /** groups that have cells in the range, in no order */
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
