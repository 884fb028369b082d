/** Cohorts: persons by the period of their first time, and how many of them came back how many periods later. */
import type { Catalog, CohortCounts, CohortQuestion, EntityField } from '@kivi/domain'
import { span } from '../measures/ranges.ts'
import type { Reach } from '../measures/reach.ts'
import { entityRows, fieldOf, scalarSql } from '../measures/rows.ts'
import { selectionOf } from '../measures/selection.ts'
import { createParameters } from '../measures/statement.ts'
import type { JourneyDeps } from './deps.ts'

interface CellRow {
  readonly cohort: number
  /** periods later; -1: the cohort itself */
  readonly later: number
  readonly persons: string
}

/**
 * One row per person: its cohort's number, and the numbers of the periods in which it was back, from its own first
 * time on. Periods have no gaps, so the last one that begins at or before an instant holds it.
 */
export async function readCohorts(
  deps: JourneyDeps,
  catalog: Catalog,
  question: CohortQuestion,
): Promise<readonly CohortCounts[]> {
  const { periods, cohorts, first, again, rule } = question
  if (periods.length === 0) return []
  const entity = catalog.entities.get(question.entity)
  if (entity === undefined) throw new Error(`the catalog has no entity ${question.entity}`)
  const { bind, values } = createParameters()
  const end = periods.at(-1)!.to
  const starts = bind([...periods.map(period => period.from), end], 'Array(Int64)')
  // the number of the period that holds an instant; before the first: the first, after the last: their count
  const numbers = bind([...periods.keys(), periods.length], 'Array(Int32)')
  const period = (time: string) =>
    `transform(roundDown(toInt64(${time}), ${starts}), ${starts}, ${numbers}, toInt32(-1))`
  const before = question.asOf ? bind(question.known, 'Float64') : null
  const rows = entityRows(catalog, entity, {
    fields: [...new Set([first, again])],
    before,
    kept: new Set(),
    ...selectionOf(catalog, entity, reachOf(question, fieldOf(entity, first)), before),
  })
  const back = `arrayDistinct(arrayMap(x -> ${period('x.1')} - cohort, arrayFilter(x -> x.1 >= started AND x.1 < ${end}, l_${again})))`
  const later = rule === 'on' ? back : `range(toUInt32(arrayMax(arrayPushBack(${back}, -1)) + 1))`
  const cells = await deps.rows<CellRow>(
    `SELECT cohort, toInt32(later) AS later, toString(count()) AS persons
FROM (
  SELECT cohort, arrayPushFront(CAST(${later}, 'Array(Int32)'), toInt32(-1)) AS laters
  FROM (SELECT *, ${startSql(fieldOf(entity, first))} AS started, ${period('started')} AS cohort FROM (${rows})
    WHERE person != 0 AND started >= ${periods[0]!.from} AND started < ${periods[cohorts - 1]?.to ?? 0})
)
ARRAY JOIN laters AS later
GROUP BY cohort, later`,
    values,
  )
  const found = new Map<number, { persons: number; retained: Map<number, number> }>()
  for (const { cohort, later, persons } of cells) {
    const counts = found.get(cohort) ?? { persons: 0, retained: new Map() }
    if (later < 0) counts.persons = Number(persons)
    else counts.retained.set(later, Number(persons))
    found.set(cohort, counts)
  }
  return [...found].map(([cohort, counts]) => ({ cohort, ...counts })).sort((a, b) => a.cohort - b.cohort)
}

/** Who came first in the cohorts' periods was seen then; of the others nothing has to be read. */
function reachOf({ periods, cohorts, again }: CohortQuestion, first: EntityField): Reach {
  const [begin, end] = [periods[0]!.from, periods.at(-1)!.to]
  // the last of several times can be any of them
  const isFirst = first.agg === 'list' || first.agg === 'min' || first.agg === 'first'
  const members = { from: begin, to: periods[cohorts - 1]?.to ?? begin }
  const decides = { from: Number.NEGATIVE_INFINITY, to: isFirst ? members.to : Number.POSITIVE_INFINITY }
  const looked = { from: begin, to: end }
  const reads = new Map([[first.name, decides]])
  reads.set(again, span([looked, ...(again === first.name ? [decides] : [])]))
  return { reads, needs: new Map([[first.name, members]]) }
}

/** When a person's first time was: the field's time, of a list its first observation; nan: never. */
function startSql(field: EntityField): string {
  if (field.agg !== 'list') return scalarSql(field, null)
  return `if(empty(l_${field.name}), nan, l_${field.name}[1].1)`
}
