/** Alerts about indicators of a report that fired or ended within its period, from the history. */
import type { AlertFact, AlertHistoryStore, DigestAlert, DigestAlerts } from '@kivi/domain'
import type { View } from '../access/view.ts'
import { formatTime } from '../questions/times.ts'

/** What is judged late, after a stop, is written so much later than it happened. */
const JUDGED_WITHIN_MS = 48 * 3_600_000
const MOST_FACTS = 10_000
const MOST_ITEMS = 50

type Turn = Extract<AlertFact, { readonly fact: 'firing' | 'resolved' }>

interface Range {
  readonly from: number
  readonly to: number
  readonly now: number
}

export async function alertsWithin(
  history: Pick<AlertHistoryStore, 'read'> | null,
  view: View,
  indicators: ReadonlySet<string>,
  { from, to, now }: Range,
): Promise<DigestAlerts> {
  if (history === null || indicators.size === 0) return { fired: 0, resolved: 0, firing: 0, items: [], more: 0 }
  const placed = await history.read({
    from,
    to: Math.min(now + 1, to + JUDGED_WITHIN_MS),
    facts: ['firing', 'resolved'],
    labels: { indicator: [...indicators], ...(view.scope?.dimensions ?? {}) },
    limit: MOST_FACTS,
  })
  const turns = placed
    .map(({ fact }) => fact)
    .filter((fact): fact is Turn => fact.fact === 'firing' || fact.fact === 'resolved')
    .filter(({ instant }) => instant >= from && instant < to)
  const fired = turns.filter(({ fact }) => fact === 'firing').sort((a, b) => a.instant - b.instant || order(a, b))
  const ends = new Map(
    turns.flatMap(turn => (turn.fact === 'resolved' ? [[episodeOf(turn), turn.instant] as const] : [])),
  )
  return {
    fired: fired.length,
    resolved: ends.size,
    firing: fired.filter(turn => !ends.has(episodeOf(turn))).length,
    items: fired.slice(0, MOST_ITEMS).map(turn => tell(turn, ends.get(episodeOf(turn)) ?? null)),
    more: Math.max(0, fired.length - MOST_ITEMS),
  }
}

const episodeOf = ({ alert, startsAt }: Turn): string => `${alert}/${startsAt}`
const order = (a: Turn, b: Turn): number => (episodeOf(a) < episodeOf(b) ? -1 : 1)

const tell = ({ alert, rule, labels, instant, value, target }: Turn, resolved: number | null): DigestAlert => ({
  id: alert ?? '',
  alert: rule ?? '',
  indicator: labels['indicator'] ?? '',
  labels,
  fired: formatTime(instant),
  resolved: resolved === null ? null : formatTime(resolved),
  value,
  target,
})
