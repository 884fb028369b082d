/**
 * What persons spoke of last before they left or stayed: of those who were active in the preceding period, by whether
 * they are active in the window.
 */
import type { Catalog, ChurnQuestion, ChurnTopics, TimeRange } from '@kivi/domain'
import { selectedSql } from '../derived/extract.ts'
import { textColumn } from '../derived/names.ts'
import { eventPerson, resolvePersons } from '../measures/persons.ts'
import { createParameters } from '../measures/statement.ts'
import { literal } from '../sql.ts'
import type { JourneyDeps } from './deps.ts'
import { within } from './ranges.ts'

interface TopicRow {
  /** '': spoke of nothing */
  readonly topic: string
  readonly churned: string
  readonly stayed: string
}

/**
 * A topic is the text field `topic` of any event type that has one (tickets, surveys, mentions); of several events at
 * the same ms the greater one by type and topic is taken for the last.
 */
export async function readChurnTopics(
  deps: JourneyDeps,
  catalog: Catalog,
  { preceding, range, saidWithinMs, known, asOf }: ChurnQuestion,
): Promise<ChurnTopics> {
  const { bind, values } = createParameters()
  const before = asOf ? bind(known, 'Float64') : null
  const person = eventPerson(resolvePersons(catalog, before))
  const said: TimeRange = { from: range.from - saidWithinMs, to: range.from }
  const speaking = [...catalog.eventTypes.values()].filter(type => type.fields.has('topic')).map(type => type.name)
  const topic = textColumn('topic')
  const isActive = catalog.active.length === 0 ? '0' : selectedSql(catalog.active)
  const counted = catalog.valid ? ` AND ${catalog.valid.toSql()}` : ''
  const speaks =
    speaking.length === 0 ? '0' : `event_type IN (${speaking.map(literal).join(', ')}) AND ${topic} != ''${counted}`
  const rows = await deps.rows<TopicRow>(
    `SELECT topic, toString(countIf(NOT now_active)) AS churned, toString(countIf(now_active)) AS stayed
FROM (
  SELECT whose, max(was) AS was_active, max(is) AS now_active, argMaxIf(about, (t, type, about), about != '') AS topic
  FROM (
    SELECT ${person} AS whose, toUnixTimestamp64Milli(event_time) AS t, toString(event_type) AS type,
      ${isActive} AND ${within('t', [preceding])} AS was, ${isActive} AND ${within('t', [range])} AS is,
      if(${speaks} AND ${within('t', [said])}, toString(${topic}), '') AS about
    FROM events
    WHERE (${isActive} AND ${within('t', [preceding, range])} OR ${speaks} AND ${within('t', [said])})
      AND whose != 0${before === null ? '' : ` AND t < ${before}`}
  )
  GROUP BY whose
  HAVING was_active
)
GROUP BY topic`,
    values,
  )
  const total = (pick: (row: TopicRow) => string) => rows.reduce((sum, row) => sum + Number(pick(row)), 0)
  return {
    churned: total(row => row.churned),
    stayed: total(row => row.stayed),
    topics: rows
      .filter(row => row.topic !== '')
      .map(row => ({ topic: row.topic, churned: Number(row.churned), stayed: Number(row.stayed) })),
  }
}
