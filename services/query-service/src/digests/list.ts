/** Digests as they are defined, with what is due and what became of the last reports. */
import {
  type Calendar,
  type Catalog,
  DIGEST_WEEKDAYS,
  type DigestDefinition,
  type DigestDefinitionAnswer,
  type DigestReceiverAnswer,
  type DigestState,
  digestLaneOf,
  latestDue,
  nextDue,
  selectedIndicators,
} from '@kivi/domain'
import type { View } from '../access/view.ts'
import { inBoth } from '../answers/in-both.ts'
import { formatTime } from '../questions/times.ts'
import { periodAnswer } from './make.ts'

export interface Telling {
  readonly catalog: Catalog
  readonly calendar: Calendar
  readonly view: View
  /** what the log tells of sendings; null: there is no log */
  readonly state: DigestState | null
  readonly now: number
}

/** Those of which the view has an indicator, in the catalog's order. */
export const digestsOf = ({ catalog, view, now }: Pick<Telling, 'catalog' | 'view' | 'now'>): DigestDefinition[] =>
  [...catalog.digests.values()].filter(
    digest => view.scope === null || selectedIndicators(view.listed(catalog), digest, now).length > 0,
  )

export function definitionAnswer(definition: DigestDefinition, telling: Telling): DigestDefinitionAnswer {
  const { catalog, calendar, view, now } = telling
  const { id, title, description, owner, every, at, weekday, day, language } = definition
  return {
    digest: id,
    title: inBoth(title),
    description: inBoth(description),
    owner,
    every,
    at: `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`,
    weekday: every === 'week' ? (DIGEST_WEEKDAYS[weekday - 1] ?? null) : null,
    day: every === 'month' ? day : null,
    language,
    indicators: selectedIndicators(view.listed(catalog), definition, now).map(({ indicator }) => indicator.id),
    latest: periodAnswer(latestDue(calendar, definition, now), now),
    next: periodAnswer(nextDue(calendar, definition, now), now),
    // who is told of the whole is none of the business of who sees a part
    receivers: view.scope === null ? definition.receivers.map(name => receiverAnswer(definition, name, telling)) : [],
  }
}

function receiverAnswer(
  definition: DigestDefinition,
  name: string,
  { state, calendar, now }: Telling,
): DigestReceiverAnswer {
  const lane = state?.lanes.get(digestLaneOf(definition.id, name))
  const latest = latestDue(calendar, definition, now)
  const history = lane?.history ?? []
  return {
    name,
    sent: history.some(({ period, outcome }) => period === latest.name && outcome === 'sent'),
    history: history.map(({ period, outcome, at, answered, answer, attempts, complete }) => ({
      ...{ period, outcome, at: formatTime(at), answered: answered === null ? null : formatTime(answered) },
      ...{ answer, attempts, complete },
    })),
  }
}
