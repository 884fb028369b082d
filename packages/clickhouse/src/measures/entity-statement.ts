import type { Catalog, Entity } from '@kivi/domain'
import { type Asked, fieldsOf, keptOf } from './asked.ts'
import { unitsSql } from './cells.ts'
import { type ContributionScope, contributionsSql, restsOnExistence } from './contributions.ts'
import { reachOf } from './reach.ts'
import { entityRows } from './rows.ts'
import { selectionOf } from './selection.ts'
import { createParameters } from './statement.ts'

/** A row of the answer. */
export interface ContributionRow {
  /** number of the measure, index of the range */
  readonly m: number
  readonly r: number
  readonly g: readonly string[]
  /** integers of 64 and 128 bits travel as text */
  readonly n: string
  readonly s: string
  /** null: no finite number */
  readonly lo: number | null
  readonly hi: number | null
  readonly d: string
  readonly q: number | null
}

export interface EntityStatement {
  readonly sql: string
  readonly params: Readonly<Record<string, unknown>>
}

/** What is asked of one entity at once. */
export interface EntityAsked {
  readonly entity: Entity
  readonly measures: readonly Asked[]
  /** epoch ms */
  readonly known: number
  readonly asOf: boolean
}

/** One statement that folds the entity's rows once, for all measures, ranges and groups that are asked of it. */
export function entityStatement(catalog: Catalog, { entity, measures, known, asOf }: EntityAsked): EntityStatement {
  const parameters = createParameters()
  const knownUntil = parameters.bind(known, 'Float64')
  const before = asOf ? knownUntil : null
  const firstSeen = measures.some(({ measure }) => restsOnExistence(measure))
  const reach = reachOf(entity, measures, known)
  const rows = entityRows(catalog, entity, {
    fields: [...new Set(measures.flatMap(fieldsOf))],
    before,
    firstSeen,
    kept: new Set(measures.map(keptOf).filter(name => name !== null)),
    ...selectionOf(catalog, entity, reach, before),
  })
  const scope: ContributionScope = { entity, timezone: catalog.timezone, bind: parameters.bind }
  const sql = `SELECT c.1 AS m, c.2 AS r, c.3 AS g, ${aggregatesSql(measures)}
FROM (SELECT arrayJoin(arrayConcat(
  ${contributionsSql(measures, scope).join(',\n  ')})) AS c
FROM (SELECT *, ${knownUntil} AS known_until FROM (${rows})${firstSeen && before !== null ? ` WHERE first_seen < ${before}` : ''}))
GROUP BY m, r, g`
  return { sql, params: parameters.values }
}

/** Only what some measure needs: distinct values and quantiles cost memory. */
function aggregatesSql(measures: readonly Asked[]): string {
  const of = (...kinds: string[]) => measures.filter(({ measure }) => kinds.includes(measure.agg))
  const among = (asked: readonly Asked[]) =>
    asked.length === measures.length ? '1' : `c.1 IN (${asked.map(({ index }) => index).join(', ')})`
  const sums = of('sum', 'mean')
  const extremes = of('min', 'max')
  const distinct = of('count_distinct')
  const quantiles = new Map<number, Asked[]>()
  for (const asked of of('quantile')) {
    const level = asked.measure.quantile ?? 0.5
    quantiles.set(level, [...(quantiles.get(level) ?? []), asked])
  }
  const ranked = [...quantiles].map(
    ([level, asked]) => `${among(asked)}, quantileExactInclusiveIf(${level})(c.4, ${among(asked)})`,
  )
  return [
    'toString(count()) AS n',
    `${sums.length === 0 ? "'0'" : `toString(sumIf(${unitsSql('c.4')}, ${among(sums)}))`} AS s`,
    `${extremes.length === 0 ? '0.' : 'min(c.4)'} AS lo, ${extremes.length === 0 ? '0.' : 'max(c.4)'} AS hi`,
    `${distinct.length === 0 ? "'0'" : `toString(uniqExactIf(c.5, ${among(distinct)}))`} AS d`,
    `${ranked.length === 0 ? 'nan' : `multiIf(${ranked.join(', ')}, nan)`} AS q`,
  ].join(',\n  ')
}
