/** What Kivi says of a history against the plain loops over its events. */
import type { Catalog } from '@kivi/domain'
import type { Question } from '../../independent/answer.ts'
import { createHistory, type GivenEvent, type History, text } from '../../independent/history.ts'
import { calculations } from '../../independent/index.ts'
import { sessionsOf } from '../../independent/sessions.ts'
import type { IndicatorWorld, Range } from './world.ts'

/** Relative to the larger of 1 and the number that is expected. */
const TOLERANCE = 1e-9

/** Indicators that are asked by groups too, and the dimension. */
const GROUPED: ReadonlyArray<readonly [id: string, field: string]> = [
  ['ctr', 'campaign'],
  ['ad_conversion_rate', 'campaign'],
  ['roas', 'campaign'],
  ['cpa', 'campaign'],
  ['cta_conversion', 'ad_id'],
  ['email_click_through', 'ad_id'],
  ['first_contact_resolution', 'topic'],
  ['response_time', 'topic'],
  ['tickets_open', 'kind'],
  ['complaints', 'topic'],
  ['nps', 'segment'],
  ['csat', 'segment'],
  ['net_revenue', 'region'],
  ['sales_growth', 'region'],
  ['segment_growth_rate', 'segment'],
  ['return_rate', 'region'],
  ['mrr', 'segment'],
  ['renewal_rate', 'segment'],
  ['participation_rate', 'campaign'],
  ['calls', 'agent'],
  ['traffic_source_share', 'traffic_source'],
  ['invalid_traffic_rate', 'source'],
]

/** Those of the shipped indicators that a calculation stands beside. */
export const comparable = (catalog: Catalog): string[] =>
  [...catalog.indicators.keys()].filter(id => calculations.has(id))

export interface Disagreement {
  readonly indicator: string
  readonly window: string
  readonly by: string
  readonly kivi: number | null
  readonly calculated: number | null
}

/** Everything in which the two differ. The world holds the events already. */
export async function disagreements(
  world: IndicatorWorld,
  catalog: Catalog,
  events: readonly GivenEvent[],
  windows: readonly Range[],
  known: number,
): Promise<Disagreement[]> {
  const history = createHistory(events, { zone: catalog.timezone, known })
  const found: Disagreement[] = []
  const check = (id: string, question: Question, kivi: number | null): void => {
    const calculated = calculations.get(id)!(history, question).value
    if (isSame(kivi, calculated)) return
    found.push({
      indicator: id,
      window: [question.from, question.to].map(t => new Date(t).toISOString()).join(' – '),
      by: JSON.stringify(question.by ?? {}),
      kivi,
      calculated,
    })
  }
  for (const { id, window, groups } of await world.values(comparable(catalog), windows))
    check(id, window, groups.get('')?.value ?? null)
  for (const [field, pairs] of Map.groupBy(GROUPED, ([, each]) => each)) {
    const values = valuesOf(history, field)
    const answers = await world.values(
      pairs.map(([id]) => id),
      windows,
      [field],
    )
    for (const { id, window, groups } of answers)
      for (const value of new Set([...values, ...groups.keys()])) {
        const evaluation = groups.get(value)
        // nothing is known of a group that is not there
        if (evaluation !== undefined) check(id, { ...window, by: { [field]: value } }, evaluation.value)
        else if (calculations.get(id)!(history, { ...window, by: { [field]: value } }).value)
          check(id, { ...window, by: { [field]: value } }, null)
      }
  }
  return found
}

function valuesOf(history: History, field: string): string[] {
  if (field === 'traffic_source') return [...new Set(sessionsOf(history).map(session => session.source))]
  return [...new Set(history.events.map(e => text(e, field)))]
}

const isSame = (a: number | null, b: number | null): boolean =>
  a === null || b === null ? a === b : Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(b))
