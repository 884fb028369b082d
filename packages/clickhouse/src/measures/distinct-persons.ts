import type { Catalog, Measure, MeasureQuestion, SliceCell } from '@kivi/domain'
import { partsOf } from './cells.ts'
import { countsSql, dimensionSql, filtersSql, inRange } from './events.ts'
import { eventPerson, resolvePersons } from './persons.ts'
import { rangesHolding, span } from './ranges.ts'
import { type BoundedRows, createParameters } from './statement.ts'

export type EventQuestion = Omit<MeasureQuestion, 'measures'> & { readonly measures: readonly Measure[] }

interface PersonsRow {
  /** index into the question's measures, into its ranges */
  readonly m: number
  readonly r: number
  readonly g: readonly string[]
  readonly n: string
  readonly d: string
}

/**
 * Distinct persons of event measures from raw events: slices hold hashes of the ids that events carry, and two of
 * them may be one person. Exact in every range.
 */
export async function readDistinctPersons(
  rows: BoundedRows,
  catalog: Catalog,
  question: EventQuestion,
): Promise<readonly SliceCell[]> {
  const { measures, ranges, by, filters, known, asOf } = question
  if (ranges.length === 0) return []
  const { bind, values } = createParameters()
  const person = eventPerson(resolvePersons(catalog, asOf ? bind(known, 'Float64') : null))
  const group = by.length === 0 ? 'emptyArrayString()' : `[${by.map(dimensionSql).join(', ')}]`
  const time = 'toUnixTimestamp64Milli(event_time)'
  // one scan for all: which measures an event counts for, and in which ranges
  const counted = measures.map((measure, index) => `if(${countsSql(measure, bind)}, toInt32(${index}), toInt32(-1))`)
  const sql = `SELECT m, r, g, toString(count()) AS n, toString(uniqExact(who)) AS d
FROM (SELECT ${person} AS who, arrayJoin(arrayFilter(m -> m >= 0, [${counted.join(', ')}])) AS m,
  arrayJoin(${rangesHolding(time, ranges)}) AS r, ${group} AS g
FROM events
WHERE ${[inRange(span(ranges), measures, bind), ...filtersSql(filters, bind)].join(' AND ')})
WHERE who != 0
GROUP BY m, r, g`
  return (await rows<PersonsRow>(sql, values)).map(row => ({
    range: row.r,
    measure: measures[row.m]!.id,
    group: row.g,
    parts: partsOf({ count: Number(row.n), distinct: Number(row.d) }),
  }))
}
