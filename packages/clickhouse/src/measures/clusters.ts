import type { Catalog, ClusterGroups, ClusterMoments, ClusterQuestion, Measure } from '@kivi/domain'
import { linksTableName } from '../derived/names.ts'
import type { Pulse } from '../pulse.ts'
import { literal } from '../sql.ts'
import { countsSql, dimensionSql, filtersSql, inRange, isKept, type RawEvents } from './events.ts'
import { eventPerson, type Resolve, resolvePersons } from './persons.ts'
import { type Bind, type BoundedRows, createParameters } from './statement.ts'

type MomentsRow = ClusterMoments & { readonly g: readonly string[] }

/** More groups than anybody looks at; the row limit of a statement, which fails instead, is further away. */
const MOST_GROUPS = 10_000

/** Sums of two measures per person and group, added up over persons: see the port MeasureSource. */
export function createClusterReader(
  rows: BoundedRows,
  raw: RawEvents,
  pulse: Pick<Pulse, 'latest'>,
  mostGroups = MOST_GROUPS,
) {
  return async function readClusters(catalog: Catalog, question: ClusterQuestion): Promise<ClusterGroups | null> {
    if (!isKept(raw, question.range)) return null
    const { bind, values } = createParameters()
    // before the first link there may be no table of links either
    const links = linksTableName(catalog)
    const linked = links !== null && (await pulse.latest()).linked.has(links)
    const resolve = linked ? resolvePersons(catalog, null) : (person: string) => person
    const found = await rows<MomentsRow>(clusterSql(catalog, question, resolve, bind, mostGroups + 1), values)
    return {
      groups: found.slice(0, mostGroups).map(({ g, ...moments }) => ({ group: g, moments })),
      truncated: found.length > mostGroups,
    }
  }
}

function clusterSql(
  catalog: Catalog,
  { numerator, denominator, range, by, filters }: ClusterQuestion,
  resolve: Resolve,
  bind: Bind,
  most: number,
): string {
  const person = eventPerson(resolve)
  // what nobody did is as independent as its day is of other days
  const day = `toInt32(toDate32(event_time, ${literal(catalog.timezone)}))`
  const group = by.length === 0 ? 'emptyArrayString()' : `[${by.map(dimensionSql).join(', ')}]`
  const measures = [numerator, denominator]
  // a person of several groups is a cluster in each of them
  return `SELECT ${by.length === 0 ? group : 'g'} AS g, count() AS clusters, sum(x) AS sx, sum(y) AS sy,
  sum(x * x) AS sxx, sum(y * y) AS syy, sum(x * y) AS sxy
FROM (SELECT g, ${totalSql(numerator, 'in_x')} AS x, ${totalSql(denominator, 'in_y')} AS y
FROM (SELECT *, ${group} AS g, ${person} AS who, ${countsSql(numerator, bind)} AS in_x, ${countsSql(denominator, bind)} AS in_y
FROM events WHERE ${[inRange(range, measures, bind), ...filtersSql(filters, bind)].join(' AND ')})
WHERE in_x OR in_y
GROUP BY g, who, if(who = 0, ${day}, 0))
${by.length === 0 ? '' : `GROUP BY g ORDER BY sy DESC, g LIMIT ${most}`}`
}

/** One cluster's share of a measure; what is distinct is taken to be one cluster's alone. */
function totalSql({ agg, expr, distinct }: Measure, counts: string): string {
  if (agg === 'count_distinct') {
    if (distinct === 'person' || distinct === null) return `toFloat64(max(${counts} AND who != 0))`
    const value = dimensionSql(distinct)
    return `toFloat64(uniqExactIf(${value}, ${counts} AND ${value} != ''))`
  }
  if (agg === 'count' || expr === null) return `toFloat64(countIf(${counts}))`
  return `sumIf(assumeNotNull(${expr.toSql()}), ${counts})`
}
