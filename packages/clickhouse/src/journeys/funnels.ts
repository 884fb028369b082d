/** Funnels: how many persons reached which step, by time and dimensions of their start. */

import {
  type Catalog,
  type DimensionFilter,
  type FunnelGroup,
  type FunnelQuestion,
  type Knowledge,
  SUM_UNIT,
} from '@kivi/domain'
import { partsOf } from '../measures/cells.ts'
import type { DerivedReader } from '../measures/derived-reader.ts'
import { rangesHolding } from '../measures/ranges.ts'
import type { Bind } from '../measures/statement.ts'
import { createParameters } from '../measures/statement.ts'
import type { JourneyDeps } from './deps.ts'
import { type StartsQuestion, startsSql } from './funnel-starts.ts'
import { stretches } from './ranges.ts'

interface StepRow {
  readonly r: number
  readonly g: readonly string[]
  /** persons who reached each step at least */
  readonly persons: readonly string[]
}

/** Reads measures of funnels: all steps of one funnel in all ranges and groups from one statement. */
export function createFunnelReader(deps: JourneyDeps): DerivedReader<'funnel'> {
  return {
    async read(catalog, question) {
      if (question.ranges.length === 0) return []
      const { ranges, by, filters } = question
      const cells = [...Map.groupBy(question.measures, measure => measure.funnel)].map(async ([name, measures]) => {
        const funnel = catalog.funnels.get(name)
        if (funnel === undefined) throw new Error(`the catalog has no funnel ${name}`)
        const { bind, values } = createParameters()
        const fields = fieldsOf(by, filters)
        const when = stretches(ranges, 0, 0)
        const starts = startsSql(catalog, { funnel, fields, when, before: beforeOf(question, bind) })
        // a person counts once, by the furthest of its starts
        const rows = await deps.rows<StepRow>(
          `SELECT r, g, [${funnel.steps.map((_, step) => `toString(countIf(furthest >= ${step}))`).join(', ')}] AS persons
FROM (
  SELECT range AS r, ${groupSql(by, fields)} AS g, person, max(reached) AS furthest
  FROM ${starts} ARRAY JOIN ${rangesHolding('t', ranges)} AS range
  WHERE ${whereSql(filters, fields, bind)}
  GROUP BY r, g, person
)
GROUP BY r, g`,
          values,
        )
        return rows.flatMap(row =>
          measures.map(measure => {
            const n = Number(row.persons[measure.step] ?? 0)
            const parts = partsOf({ count: n, sum: BigInt(n) * BigInt(SUM_UNIT), distinct: n })
            return { range: row.r, measure: measure.id, group: row.g, parts }
          }),
        )
      })
      return (await Promise.all(cells)).flat()
    },
  }
}

interface FurthestRow {
  readonly g: readonly string[]
  readonly persons: readonly string[]
  /** ms from the step before; null: nobody */
  readonly medians: ReadonlyArray<number | null>
}

/**
 * The steps of one range with the time between them: that of each person's furthest attempt, of equals the earliest.
 */
export async function readFunnel(
  deps: JourneyDeps,
  catalog: Catalog,
  question: FunnelQuestion,
): Promise<readonly FunnelGroup[]> {
  const { funnel, by, filters, range } = question
  const { bind, values } = createParameters()
  const fields = fieldsOf(by, filters)
  const asked: StartsQuestion = { funnel, fields, when: [range], before: beforeOf(question, bind) }
  const steps = funnel.steps.map((_, step) => step)
  const medians = steps.map(step =>
    step === 0
      ? "CAST(NULL, 'Nullable(Float64)')"
      : `if(countIf(best.1 >= ${step}) = 0, NULL, quantileExactInclusiveIf(0.5)(toFloat64(best.3[${step + 1}] - best.3[${step}]), best.1 >= ${step}))`,
  )
  const rows = await deps.rows<FurthestRow>(
    `SELECT g, [${steps.map(step => `toString(countIf(best.1 >= ${step}))`).join(', ')}] AS persons, [${medians.join(', ')}] AS medians
FROM (
  SELECT ${groupSql(by, fields)} AS g, person, max((reached, -t, times)) AS best
  FROM ${startsSql(catalog, asked)}
  WHERE ${whereSql(filters, fields, bind)}
  GROUP BY g, person
)
GROUP BY g`,
    values,
  )
  return rows.map(({ g, persons, medians }) => ({
    group: g,
    steps: persons.map((n, step) => ({ persons: Number(n), medianMs: medians[step] ?? null })),
  }))
}

const beforeOf = ({ known, asOf }: Knowledge, bind: Bind): string | null => (asOf ? bind(known, 'Float64') : null)

const fieldsOf = (by: readonly string[], filters: readonly DimensionFilter[]): string[] => [
  ...new Set([...by, ...filters.map(filter => filter.field)]),
]

const groupSql = (by: readonly string[], fields: readonly string[]): string =>
  `[${by.map(field => dimension(field, fields)).join(', ')}]::Array(String)`

const whereSql = (filters: readonly DimensionFilter[], fields: readonly string[], bind: Bind): string =>
  [
    '1',
    ...filters.map(filter => `has(${bind(filter.values, 'Array(String)')}, ${dimension(filter.field, fields)})`),
  ].join(' AND ')

const dimension = (field: string, fields: readonly string[]): string => `dims[${fields.indexOf(field) + 1}]`
