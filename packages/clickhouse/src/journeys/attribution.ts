/** Numbers of attributions: what touches earned, by time and dimensions of the touch. */
import {
  type AttributedMeasure,
  type Attribution,
  type Catalog,
  type CreditModel,
  type MergedParts,
  type Occurrences,
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
  readonly persons: string
  /** by credit model */
  readonly models: readonly ModelRow[]
}

/** touches and persons who earned, units of 1e-12 conversions, and per value units of 1e-4 × 1e-12 */
type ModelRow = readonly [touches: string, persons: string, credit: string, worth: readonly string[]]

type Value = NonNullable<AttributedMeasure['expr']>

/** What one statement answers: attributions of the same touches and conversions, whatever their credit. */
interface Journey {
  readonly attribution: Omit<Attribution, 'credit' | 'name' | 'version'>
  readonly models: readonly CreditModel[]
  readonly measures: ReadonlyArray<AttributedMeasure & { readonly credit: CreditModel }>
  readonly values: readonly Value[]
}

/** Reads attributed measures: all of the same touches and conversions, in all ranges and groups, from one statement. */
export function createAttributionReader(deps: JourneyDeps): DerivedReader<'attributed'> {
  return {
    async read(catalog, question) {
      if (question.ranges.length === 0) return []
      const cells = journeysOf(catalog, question.measures).map(async (journey): Promise<SliceCell[]> => {
        const { bind, values: parameters } = createParameters()
        const sql = attributionSql(catalog, journey, question, bind)
        return (await deps.rows<CreditRow>(sql, parameters)).flatMap(row =>
          journey.measures.map(measure => ({
            range: row.r,
            measure: measure.id,
            group: row.g,
            parts: partsFor(measure, row, journey),
          })),
        )
      })
      return (await Promise.all(cells)).flat()
    },
  }
}

function journeysOf(catalog: Catalog, measures: readonly AttributedMeasure[]): Journey[] {
  const told = measures.map(measure => {
    const attribution = catalog.attributions.get(measure.attribution)
    if (attribution === undefined) throw new Error(`the catalog has no attribution ${measure.attribution}`)
    return { attribution, measure: { ...measure, credit: attribution.credit } }
  })
  return [...Map.groupBy(told, ({ attribution }) => shapeOf(attribution)).values()].map(alike => {
    const all = alike.map(({ measure }) => measure)
    return {
      attribution: alike[0]!.attribution,
      models: [...new Set(all.map(measure => measure.credit))],
      measures: all,
      values: [...new Map(all.flatMap(({ expr }) => (expr === null ? [] : [[expr.source, expr]]))).values()],
    }
  })
}

/** The same for attributions that differ in nothing but their credit. */
function shapeOf({ touches, conversions, windowMs }: Attribution): string {
  const of = (occurrences: Occurrences) => ({
    ...occurrences,
    filter: occurrences.filter?.source ?? null,
    ...(occurrences.kind === 'rows' ? { at: occurrences.at.source } : {}),
  })
  return JSON.stringify([touches.map(of), of(conversions), windowMs])
}

/**
 * Touches, their ends (when they are too old to earn) and conversions of a person in one sequence. Of the touches before
 * a conversion those that have not ended earn its credit, and they are a run of the touches' numbers: no pairs of
 * touches and conversions are made but those that share credit. In one ms a touch comes before what it earns, and its
 * end before what it is too old for. Of touches in the same ms the one listed in a later source is the later one, then
 * the one with the greater texts (keys of rows, kept fields of lists).
 */
function attributionSql(
  catalog: Catalog,
  { attribution, models, values }: Journey,
  { ranges, by, filters, ...question }: Question,
  bind: Bind,
): string {
  const { windowMs } = attribution
  const known = bind(question.known, 'Float64')
  const fields = [...new Set([...by, ...filters.map(filter => filter.field)])]
  const common = { knownUntil: question.known, known, before: question.asOf ? known : null }
  // a touch before a range takes credit from one in it, never the other way round
  const touches = attribution.touches.map(
    (of, source) =>
      `SELECT person, [(t, ${TOUCH}), (t + ${windowMs}, ${END})] AS moments, ${source} AS source, tie, dims${values.map((_, i) => `, nan AS v${i}`).join('')}
  FROM (${occurrencesSql(catalog, { ...common, of, dimensions: fields, values: [], when: stretches(ranges, windowMs, windowMs) })})`,
  )
  const conversions = `SELECT person, [(t, ${CONVERSION})] AS moments, 0 AS source, tie, dims${values.map((_, i) => `, v${i}`).join('')}
  FROM (${occurrencesSql(catalog, { ...common, of: attribution.conversions, dimensions: [], values, when: stretches(ranges, 0, windowMs) })})`
  const worth = values.map((_, i) => `if(isFinite(v${i}), ${unitsSql(`v${i}`)}, 0)`)
  const dimension = (field: string) => `dims[${fields.indexOf(field) + 1}]`
  const conditions = [
    '1',
    ...filters.map(({ field, values }) => `has(${bind(values, 'Array(String)')}, ${dimension(field)})`),
  ]
  const given = models.map((model, m) => `arrayMap(g -> (g.1, g.2, ${m}), ${creditSql(model, 'ended', 'n')})`)
  const earned = models.map((_, m) =>
    [
      `sumIf(units, model = ${m}) AS e${m}`,
      ...values.map((_, i) => `sumIf(units * toInt128(w${i}), model = ${m}) AS e${m}w${i}`),
    ].join(', '),
  )
  const told = models.map(
    (_, m) => `(toString(countIf(e${m} > 0)), toString(uniqExactIf(person, e${m} > 0)), toString(sum(toInt128(e${m}))),
    [${values.map((_, i) => `toString(sum(e${m}w${i}))`).join(', ')}]::Array(String))`,
  )
  return `SELECT range AS r, [${by.map(dimension).join(', ')}]::Array(String) AS g,
  toString(count()) AS touches, toString(uniqExact(person)) AS persons, [${told.join(', ')}] AS models
FROM (
  SELECT person, touch, max(if(kind = ${TOUCH}, t, 0)) AS at, anyIf(dims, kind = ${TOUCH}) AS dims, ${earned.join(', ')}
  FROM (
    SELECT person, t, kind, dims, given.1 AS touch, given.2 AS units, given.3 AS model${worth.map((sql, i) => `, ${sql} AS w${i}`).join('')}
    FROM (
      SELECT *, sum(kind = ${TOUCH}) OVER sequence AS number, sum(kind = ${END}) OVER sequence AS ended,
        if(kind = ${CONVERSION}, number - ended, 0) AS n
      FROM (
        SELECT person, moment.1 AS t, moment.2 AS kind, source, tie, dims${values.map((_, i) => `, v${i}`).join('')}
        FROM (${[...touches, conversions].join('\n  UNION ALL\n  ')})
        ARRAY JOIN moments AS moment
      )
      WINDOW sequence AS (PARTITION BY person ORDER BY t, kind, source, tie ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
    )
    ARRAY JOIN multiIf(kind = ${TOUCH}, [(toUInt64(number), toUInt64(0), 0)], kind = ${END}, [], arrayConcat(${given.join(', ')})) AS given
  )
  GROUP BY person, touch
)
ARRAY JOIN ${rangesHolding('at', ranges)} AS range
WHERE ${conditions.join(' AND ')}
GROUP BY r, g`
}

/** What comes first in one ms. */
const [TOUCH, END, CONVERSION] = [0, 1, 2]

function partsFor(
  { counts, credit: model, expr }: Journey['measures'][number],
  row: CreditRow,
  { models, values }: Journey,
): MergedParts {
  const [converted, persons, credit, worths] = row.models[models.indexOf(model)]!
  switch (counts) {
    case 'touches':
      return counted(Number(row.touches))
    case 'persons':
      return counted(Number(row.persons))
    case 'converted_touches':
      return counted(Number(converted))
    case 'converted_persons':
      return counted(Number(persons))
    case 'conversions': {
      const units = BigInt(credit)
      const parts = counted(Math.round(Number(units) / Number(WHOLE)))
      return units % WHOLE === 0n ? parts : { ...parts, value: Number(units) / Number(WHOLE) }
    }
    case 'value': {
      const place = values.findIndex(value => value.source === expr?.source)
      const worth = BigInt(worths[place] ?? '0')
      const [sum, rest] = [worth / WHOLE, worth % WHOLE]
      const parts = partsOf({ count: Number(converted), sum })
      // money that was credited whole is exact as it is; shares of it are the nearest number
      return rest === 0n ? parts : { ...parts, value: sumToNumber(sum) + Number(rest) / Number(WHOLE) / SUM_UNIT }
    }
  }
}

/** A whole number, by whichever aggregate it is read. */
const counted = (n: number): MergedParts => partsOf({ count: n, sum: BigInt(n) * BigInt(SUM_UNIT), distinct: n })
