/**
 * Persons by what they were worth before a window, and what they brought in it. Membership is frozen at the window's
 * beginning; whoever had no history by then is told apart, in no segment.
 */
import type { Catalog, SegmentsQuestion, SegmentWorth, TimeRange } from '@kivi/domain'
import { unitsSql } from '../measures/cells.ts'
import { span } from '../measures/ranges.ts'
import { entityRows } from '../measures/rows.ts'
import { selectionOf } from '../measures/selection.ts'
import { createParameters } from '../measures/statement.ts'
import { literal } from '../sql.ts'
import type { JourneyDeps } from './deps.ts'

interface SegmentRow {
  /** '': new */
  readonly segment: string
  readonly persons: string
  /** integer of 10⁻⁴ */
  readonly sum: string
  readonly median: number | null
  readonly lowest: number | null
  readonly highest: number | null
}

/**
 * History is any observation before the window of a field that the deciding value reads; a person without it counts as
 * new if a field of what is measured was observed in the window, else not at all.
 */
export async function readSegments(
  deps: JourneyDeps,
  catalog: Catalog,
  { segments, range, method, known, asOf }: SegmentsQuestion,
): Promise<readonly SegmentWorth[]> {
  const entity = catalog.entities.get(segments.entity)
  if (entity === undefined) throw new Error(`the catalog has no entity ${segments.entity}`)
  const { bind, values } = createParameters()
  const before = asOf ? bind(known, 'Float64') : null
  const [start, end] = [bind(range.from, 'Float64'), bind(range.to, 'Float64')]
  const decided = segments.value.fields
  const measured = segments.measured.fields
  const rows = entityRows(catalog, entity, {
    fields: [...new Set([...decided, ...measured])].sort(),
    before,
    kept: new Set(),
    ...selectionOf(catalog, entity, { reads: readsOf(segments, range, known), needs: null }, before),
  })
  const any = (fields: readonly string[], test: string) =>
    fields.length === 0 ? '0' : fields.map(field => `arrayExists(x -> ${test}, l_${field})`).join(' OR ')
  const found = await deps.rows<SegmentRow>(
    `SELECT segment, toString(count()) AS persons, toString(sum(${unitsSql('worth')})) AS sum,
  quantileExactInclusive(0.5)(worth) AS median, min(deciding) AS lowest, max(deciding) AS highest
FROM (
  SELECT if(known_before, ${method === 'limits' ? limitsSql(segments) : sharesSql(segments)}, '') AS segment, deciding, worth
  FROM (
    SELECT person, known_before, isFinite(raw) ? raw : 0. AS deciding, isFinite(brought) ? brought : 0. AS worth, since
    FROM (
      SELECT *, ${any(decided, 'x.1 < window_start')} AS known_before,
        ${any(measured, 'x.1 >= window_start AND x.1 < window_end')} AS present,
        if(known_before, toFloat64(${segments.value.toSql('window_start')}), nan) AS raw, toFloat64(${segments.measured.toSql(null)}) AS brought,
        arrayMin([${['inf', ...decided.map(field => `arrayMin(arrayPushFront(l_${field}.1, inf))`)].join(', ')}]) AS since
      FROM (SELECT *, ${start} AS window_start, ${end} AS window_end, ${bind(known, 'Float64')} AS known_until FROM (${rows}))
      WHERE person != 0
    )
    WHERE known_before OR present
  )
)
GROUP BY segment`,
    values,
  )
  return found.map(row => ({
    segment: row.segment === '' ? null : row.segment,
    persons: Number(row.persons),
    sum: BigInt(row.sum),
    median: row.median,
    lowest: row.segment === '' ? null : row.lowest,
    highest: row.segment === '' ? null : row.highest,
  }))
}

/** What decides is observed before the window begins, and the rest where it is measured. */
function readsOf(
  { value, measured }: SegmentsQuestion['segments'],
  range: TimeRange,
  known: number,
): ReadonlyMap<string, TimeRange> {
  const history = { from: Number.NEGATIVE_INFINITY, to: range.from }
  const reads = new Map<string, TimeRange>()
  const add = (name: string, instants: TimeRange) =>
    reads.set(name, span([instants, ...(reads.has(name) ? [reads.get(name)!] : [])]))
  for (const name of value.fields) add(name, history)
  for (const [name, instants] of measured.reads({ window: range, each: null, known })) add(name, instants)
  // whoever is new is known by what is observed in the window
  for (const name of measured.fields) add(name, range)
  return reads
}

/** The first segment whose limit is reached; the last one takes the rest. */
function limitsSql({ limits }: SegmentsQuestion['segments']): string {
  const arms = limits.slice(0, -1).flatMap(({ segment, from }) => [`deciding >= ${from}`, literal(segment)])
  return arms.length === 0
    ? literal(limits.at(-1)!.segment)
    : `multiIf(${[...arms, literal(limits.at(-1)!.segment)].join(', ')})`
}

/**
 * By rank: of equals those who are known for longer come first, then by the hash of who they are, so that the shares
 * are those that were asked for and the same persons are in them each time.
 */
function sharesSql({ shares }: SegmentsQuestion['segments']): string {
  const order = 'OVER (PARTITION BY known_before ORDER BY deciding DESC, since, person'
  const rank = `row_number() ${order})`
  const members = 'count() OVER (PARTITION BY known_before)'
  let sum = 0
  const arms = shares.slice(0, -1).flatMap(({ segment, share }) => {
    sum += share
    return [`${rank} <= floor(${sum} * ${members} + 0.5)`, literal(segment)]
  })
  const rest = literal(shares.at(-1)!.segment)
  return arms.length === 0 ? rest : `multiIf(${[...arms, rest].join(', ')})`
}
