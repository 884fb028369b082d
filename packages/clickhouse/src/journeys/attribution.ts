/** Numbers of attributions: what touches earned, by time and dimensions of the touch. */
import {
  type AttributedMeasure,
  type Attribution,
  type Catalog,
  type MergedParts,
  type SliceCell,
  SUM_UNIT,
  sumToNumber,
} from '@kivi/domain'
import { partsOf, unitsSql } from '../measures/cells.ts'
import type { DerivedQuestion, DerivedReader } from '../measures/derived-reader.ts'
import { rangesHolding } from '../measures/ranges.ts'
import { type Bind, createParameters } from '../measures/statement.ts'
import { creditSql, WHOLE } from './credit.ts'
import type { JourneyDeps } from './deps.ts'
import { occurrencesSql } from './occurrences.ts'
import { stretches } from './ranges.ts'

type Question = DerivedQuestion<'attributed'>

interface CreditRow {
  /** index into the question's ranges */
  readonly r: number
  readonly g: readonly string[]
  readonly touches: string
  readonly converted: string
  readonly persons: string
  readonly persons_converted: string
  /** units of 1e-12 conversions */
  readonly credit: string
  /** per value: units of 1e-4 × 1e-12 */
  readonly worth: readonly string[]
}

/** Reads attributed measures: of one attribution all of them, in all ranges and groups, from one statement. */
export function createAttributionReader(deps: JourneyDeps): DerivedReader<'attributed'> {
  return {
    async read(catalog, question) {
      if (question.ranges.length === 0) return []
      const byAttribution = Map.groupBy(question.measures, measure => measure.attribution)
      const cells = [...byAttribution].map(async ([name, measures]): Promise<SliceCell[]> => {
        const attribution = catalog.attributions.get(name)
        if (attribution === undefined) throw new Error(`the catalog has no attribution ${name}`)
        const values = [
          ...new Map(measures.flatMap(({ expr }) => (expr === null ? [] : [[expr.source, expr]]))).values(),
        ]
        const { bind, values: parameters } = createParameters()
        const sql = attributionSql(catalog, { attribution, values, question, bind })
        const sources = values.map(value => value.source)
        return (await deps.rows<CreditRow>(sql, parameters)).flatMap(row =>
          measures.map(measure => ({
            range: row.r,
            measure: measure.id,
            group: row.g,
            parts: partsFor(measure, row, sources),
          })),
        )
      })
      return (await Promise.all(cells)).flat()
    },
  }
}

interface Asked {
  readonly attribution: Attribution
  readonly values: ReadonlyArray<NonNullable<AttributedMeasure['expr']>>
  readonly question: Question
  readonly bind: Bind
}

/**
 * Touches and conversions of a person in one sequence. Counting the touches up to a conversion, and those up to the
 * beginning of its attribution window, gives the touches that it is credited to as a run of their numbers: no pairs of
 * touches and conversions are made but those that share credit. A touch is told a second time (kind 2) when its window
 * ends: a window frame of ClickHouse reaches no further than 24 days. Of touches in the same ms the one listed in a later
 * source is the later one, then the one with the greater texts (keys of rows, kept fields of lists).
 */
function attributionSql(catalog: Catalog, { attribution, values, question, bind }: Asked): string {
  const { windowMs, credit } = attribution
  const { ranges, by, filters } = question
  const known = bind(question.known, 'Float64')
  const fields = [...new Set([...by, ...filters.map(filter => filter.field)])]
  const common = { known, before: question.asOf ? known : null }
  // a touch before a range takes credit from one in it, never the other way round
  const touches = attribution.touches.map(
    (of, source) =>
      `SELECT person, t AS happened, 0 AS what, ${source} AS source, tie, dims${values.map((_, i) => `, nan AS v${i}`).join('')}
  FROM (${occurrencesSql(catalog, { ...common, of, dimensions: fields, values: [], when: stretches(ranges, windowMs, windowMs) })})`,
  )
  const conversions = `SELECT person, t AS happened, 1 AS what, 0 AS source, tie, dims${values.map((_, i) => `, v${i}`).join('')}
  FROM (${occurrencesSql(catalog, { ...common, of: attribution.conversions, dimensions: [], values, when: stretches(ranges, 0, windowMs) })})`
  const worth = values.map((_, i) => `if(isFinite(v${i}), ${unitsSql(`v${i}`)}, 0)`)
  const dimension = (field: string) => `dims[${fields.indexOf(field) + 1}]`
  const conditions = [
    '1',
    ...filters.map(({ field, values }) => `has(${bind(values, 'Array(String)')}, ${dimension(field)})`),
  ]
  return `SELECT range AS r, [${by.map(dimension).join(', ')}]::Array(String) AS g,
  toString(count()) AS touches, toString(countIf(earned > 0)) AS converted,
  toString(uniqExact(person)) AS persons, toString(uniqExactIf(person, earned > 0)) AS persons_converted,
  toString(sum(toInt128(earned))) AS credit, [${worth.map((_, i) => `toString(sum(c${i}))`).join(', ')}]::Array(String) AS worth
FROM (
  SELECT person, touch, max(if(kind = 0, t, 0)) AS at, anyIf(dims, kind = 0) AS dims, sum(units) AS earned${worth.map((_, i) => `, sum(units * toInt128(w${i})) AS c${i}`).join('')}
  FROM (
    SELECT person, t, kind, dims, given.1 AS touch, given.2 AS units${worth.map((sql, i) => `, ${sql} AS w${i}`).join('')}
    FROM (
      SELECT *, if(kind = 0, 0, until - before) AS n,
        sum(kind = 0) OVER (PARTITION BY person ORDER BY t, kind, source, tie ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS number,
        sum(kind = 0) OVER (PARTITION BY person ORDER BY t RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS until,
        sum(kind = 2) OVER (PARTITION BY person ORDER BY t RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS before
      FROM (
        SELECT person, entry.1 AS t, entry.2 AS kind, source, tie, dims${values.map((_, i) => `, v${i}`).join('')}
        FROM (${[...touches, conversions].join('\n  UNION ALL\n  ')})
        ARRAY JOIN if(what = 0, [(happened, 0), (happened + ${windowMs}, 2)], [(happened, 1)]) AS entry
      )
    )
    ARRAY JOIN if(kind = 0, [(toUInt64(number), toUInt64(0))], ${creditSql(credit, 'before', 'n')}) AS given
    WHERE kind != 2
  )
  GROUP BY person, touch
)
ARRAY JOIN ${rangesHolding('at', ranges)} AS range
WHERE ${conditions.join(' AND ')}
GROUP BY r, g`
}

function partsFor(measure: AttributedMeasure, row: CreditRow, sources: readonly string[]): MergedParts {
  switch (measure.counts) {
    case 'touches':
      return counted(Number(row.touches))
    case 'converted_touches':
      return counted(Number(row.converted))
    case 'persons':
      return counted(Number(row.persons))
    case 'converted_persons':
      return counted(Number(row.persons_converted))
    case 'conversions': {
      const credit = BigInt(row.credit)
      const parts = counted(Math.round(Number(credit) / Number(WHOLE)))
      return credit % WHOLE === 0n ? parts : { ...parts, value: Number(credit) / Number(WHOLE) }
    }
    case 'value': {
      const worth = BigInt(row.worth[sources.indexOf(measure.expr?.source ?? '')] ?? '0')
      const [sum, rest] = [worth / WHOLE, worth % WHOLE]
      const parts = partsOf({ count: Number(row.converted), sum })
      // money that was credited whole is exact as it is; shares of it are the nearest number
      return rest === 0n ? parts : { ...parts, value: sumToNumber(sum) + Number(rest) / Number(WHOLE) / SUM_UNIT }
    }
  }
}

/** A whole number, by whichever aggregate it is read. */
const counted = (n: number): MergedParts => partsOf({ count: n, sum: BigInt(n) * BigInt(SUM_UNIT), distinct: n })
