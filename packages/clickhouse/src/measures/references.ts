import type { Catalog, Reference, ReferenceMeasure, ReferenceValue, SliceCell, TimeRange } from '@kivi/domain'
import { partsOf } from './cells.ts'
import type { DerivedQuestion, DerivedReader } from './derived-reader.ts'

/** Answers references from the catalog's series, to which posted values have been added (steerCatalog). */
export function createReferenceReader(): DerivedReader<'reference'> {
  return {
    read: async (catalog, question) => question.measures.flatMap(measure => cellsOf(catalog, measure, question)),
  }
}

function cellsOf(
  catalog: Catalog,
  measure: ReferenceMeasure,
  { ranges, by, filters }: DerivedQuestion<'reference'>,
): SliceCell[] {
  const reference = catalog.references.get(measure.reference)
  if (reference === undefined) throw new Error(`the catalog has no reference ${measure.reference}`)
  const kept = reference.values.filter(value =>
    filters.every(filter => filter.values.includes(value.by[filter.field] ?? '')),
  )
  const groups = Map.groupBy(
    kept.filter(value => by.every(field => value.by[field] !== undefined)),
    value => JSON.stringify(by.map(field => value.by[field])),
  )
  return ranges.flatMap((range, index) =>
    [...groups].flatMap(([key, values]) => {
      const value = seriesValue(reference, measure, values, range)
      const cell: SliceCell = {
        range: index,
        measure: measure.id,
        group: JSON.parse(key) as string[],
        parts: partsOf({ count: 1, value: value ?? 0 }),
      }
      return value === null ? [] : [cell]
    }),
  )
}

/** Of a group: the series that says all dimensions asked and no more, else the sum of the finer ones; null: missing. */
function seriesValue(
  reference: Reference,
  measure: ReferenceMeasure,
  values: readonly ReferenceValue[],
  range: TimeRange,
): number | null {
  const series = Map.groupBy(values, value => JSON.stringify(Object.entries(value.by).sort()))
  const fewest = Math.min(...values.map(value => Object.keys(value.by).length))
  const coarsest = [...series.values()].filter(one => Object.keys(one[0]!.by).length === fewest)
  let sum = 0
  for (const one of coarsest) {
    const value = reference.kind === 'flow' ? flow(one, range) : level(one, measure.take, range)
    // a sum of which a part is missing would be too small, and nobody would see it
    if (value === null) return null
    sum += value
  }
  return sum
}

/** What is in force at the window's first and last moment: a value from the instant at which it ends is the next one's. */
function level(
  values: readonly ReferenceValue[],
  take: ReferenceMeasure['take'],
  { from, to }: TimeRange,
): number | null {
  const first = () => inForce(values, from)
  const last = () => inForce(values, to - 1)
  switch (take) {
    case 'start':
      return first()
    case 'mean': {
      const [opening, closing] = [first(), last()]
      return opening === null || closing === null ? null : (opening + closing) / 2
    }
    default:
      return last()
  }
}

function inForce(values: readonly ReferenceValue[], at: number): number | null {
  let found: ReferenceValue | null = null
  for (const value of values)
    if (value.from <= at && (value.until === null || at < value.until) && (found === null || value.from >= found.from))
      found = value
  return found?.value ?? null
}

/** The part of each value's time that lies in the range; null where they leave some of it open. */
function flow(values: readonly ReferenceValue[], { from, to }: TimeRange): number | null {
  let sum = 0
  let covered = from
  for (const value of [...values].sort((a, b) => a.from - b.from)) {
    if (value.until === null || value.until <= from || value.from >= to) continue
    if (value.from > covered) return null
    sum += (value.value * (Math.min(value.until, to) - Math.max(value.from, from))) / (value.until - value.from)
    covered = Math.max(covered, value.until)
  }
  return covered >= to ? sum : null
}
