import type { AnyMeasure } from '../definitions/index.ts'
import type { MeasureQuestion } from '../ports/measure-source.ts'
import type { MergedParts, SliceCell } from '../ports/slice-source.ts'
import type { AskedRange } from '../ranges.ts'
import type { Read, Scope } from './evaluate.ts'

/** Up to when the data are known for a reading, and whether nothing after it may count. */
export interface Known {
  readonly known: number
  readonly asOf: boolean
}

interface Wanted {
  readonly scope: Scope
  readonly known: Known
  readonly measures: Map<string, { readonly measure: AnyMeasure; readonly ranges: Map<string, AskedRange> }>
}

/**
 * What several evaluations ask for, as few questions as there are sets of ranges: each number is asked for once,
 * however many indicators rest on it.
 */
export function createNeeds() {
  const wanted = new Map<string, Wanted>()
  return {
    add({ measure, range, scope }: Read, known: Known): void {
      const key = placeOf(measure, scope, known)
      let place = wanted.get(key)
      if (place === undefined) {
        place = { scope, known, measures: new Map() }
        wanted.set(key, place)
      }
      let entry = place.measures.get(measure.id)
      if (entry === undefined) {
        entry = { measure, ranges: new Map() }
        place.measures.set(measure.id, entry)
      }
      const bounds = rangeKey(range)
      // bounds only: whether they are those of a month is nothing to the store
      if (!entry.ranges.has(bounds)) entry.ranges.set(bounds, boundsOf(range))
    },

    questions(): AskedFor[] {
      return [...wanted].flatMap(([place, { scope, known, measures }]) => {
        const bySet = new Map<string, { ranges: AskedRange[]; measures: AnyMeasure[] }>()
        for (const { measure, ranges } of measures.values()) {
          // in the order of time, the longest first: neighbours of one length are then read as steps
          const sorted = [...ranges.values()].sort((a, b) => a.from - b.from || b.to - a.to)
          const key = sorted.map(rangeKey).join()
          const set = bySet.get(key)
          if (set === undefined) bySet.set(key, { ranges: sorted, measures: [measure] })
          else set.measures.push(measure)
        }
        return [...bySet.values()].map(set => ({ place, question: { ...set, ...scope, ...known } }))
      })
    },
  }
}

interface AskedFor {
  readonly place: string
  readonly question: MeasureQuestion
}

/** Cells of one measure in one range, by group. */
type Table = Map<string, SliceCell>

/** The cells of all questions, found by measure, range, scope and group. */
export function cellIndex(asked: readonly AskedFor[], answers: ReadonlyArray<readonly SliceCell[]>) {
  const tables = new Map<string, Table>()
  const keyOf = createGroupKeys()
  for (const [index, { place, question }] of asked.entries()) {
    const own = new Map<string, Array<Table | undefined>>()
    for (const cell of answers[index] ?? []) {
      let ranges = own.get(cell.measure)
      if (ranges === undefined) {
        ranges = []
        own.set(cell.measure, ranges)
      }
      let table = ranges[cell.range]
      if (table === undefined) {
        const key = tableKey(place, cell.measure, question.ranges[cell.range] as AskedRange)
        table = tables.get(key) ?? new Map()
        tables.set(key, table)
        ranges[cell.range] = table
      }
      table.set(keyOf(cell.group), cell)
    }
  }
  const tableOf = createTableFinder(tables)
  return {
    cell: (read: Read, known: Known, group: readonly string[]): MergedParts | undefined =>
      tableOf(read, known)?.get(keyOf(group))?.parts,
    groups: (read: Read, known: Known): ReadonlyArray<readonly string[]> =>
      Array.from(tableOf(read, known)?.values() ?? [], cell => cell.group),
    /** of any of the readings, each once */
    groupsOf(reads: readonly Read[], known: Known): ReadonlyArray<readonly string[]> {
      const found = new Map<string, readonly string[]>()
      for (const read of reads)
        for (const [key, { group }] of tableOf(read, known) ?? []) if (!found.has(key)) found.set(key, group)
      return [...found.values()]
    },
  }
}

/** Keys of groups; of one array it is made once, however many cells and questions it is in. */
function createGroupKeys(): (group: readonly string[]) => string {
  const made = new WeakMap<readonly string[], string>()
  return group => {
    if (group.length <= 1) return group[0] ?? ''
    let key = made.get(group)
    if (key === undefined) {
      key = group.join('\u0000')
      made.set(group, key)
    }
    return key
  }
}

/** Whoever goes through the groups of a window asks for the same few tables again and again. */
function createTableFinder(tables: ReadonlyMap<string, Table>) {
  interface Found {
    readonly range: AskedRange
    readonly scope: Scope
    readonly known: Known
    readonly table: Table | undefined
  }
  const last = new Map<AnyMeasure, Found>()
  return ({ measure, range, scope }: Read, known: Known): Table | undefined => {
    const found = last.get(measure)
    if (found !== undefined && found.range === range && found.scope === scope && found.known === known)
      return found.table
    const table = tables.get(tableKey(placeOf(measure, scope, known), measure.id, range))
    last.set(measure, { range, scope, known, table })
    return table
  }
}

const boundsOf = ({ from, to, previous }: AskedRange): AskedRange =>
  previous === undefined ? { from, to } : { from, to, previous }

const rangeKey = ({ from, to, previous }: AskedRange): string =>
  previous === undefined ? `${from}/${to}` : `${from}/${to}/${previous.start}/${previous.before}`
const tableKey = (place: string, measure: string, range: AskedRange): string => `${place} ${measure} ${rangeKey(range)}`

/** Slices know no later: what is known is a matter of derived measures only. */
function placeOf(measure: AnyMeasure, scope: Scope, { known, asOf }: Known): string {
  const isEvent = measure.kind === undefined || measure.kind === 'event'
  return `${scopeKey(scope)} ${isEvent ? '' : `${known} ${asOf}`}`
}

function scopeKey(scope: Scope): string {
  let key = scopeKeys.get(scope)
  if (key === undefined) {
    key = JSON.stringify([scope.by, scope.filters.map(({ field, values }) => [field, values])])
    scopeKeys.set(scope, key)
  }
  return key
}

const scopeKeys = new WeakMap<Scope, string>()
