/** Rules about Kivi itself: judged by the wall clock, from what is known without asking anybody. */
import {
  type AlertRule,
  type AlertState,
  dueNow,
  isAboutKivi,
  type KiviReading,
  observeKivi,
  type RuleEvaluation,
} from '@kivi/domain'

/** What was found out about Kivi last. */
export interface KnownOfKivi {
  /** the last watermark that was read; null: none was yet */
  readonly watermark: number | null
  /** what is wrong with ClickHouse; null: it answers */
  readonly problem: string | null
  /** by the rule's window in ms; absent: not known */
  readonly records: ReadonlyMap<number, NonNullable<KiviReading['records']>>
  /** synchronised receivers that fail, and since when */
  readonly unsynchronised: ReadonlyMap<string, number>
}

export function evaluateOwn(
  state: AlertState,
  rules: Iterable<AlertRule>,
  receivers: Iterable<string>,
  known: KnownOfKivi,
  now: number,
): RuleEvaluation[] {
  const [names, all] = [[...receivers], [...rules]]
  return all.filter(isAboutKivi).flatMap(rule => {
    const { instants } = dueNow(state.progress.get(rule.id), rule, now)
    if (instants.length === 0) return []
    const reading: KiviReading = {
      watermark: known.watermark ?? knownByRules(state, all),
      problem: known.problem,
      records: known.records.get(rule.windowMs) ?? null,
      receivers: names.map(name => ({
        name,
        failingSince: known.unsynchronised.get(name) ?? failingSince(state, name),
      })),
    }
    return [
      {
        rule,
        instants: instants.map(instant => ({ instant, observations: observeKivi(rule, reading, instant) })),
        gap: null,
      },
    ]
  })
}

/** A leader that comes while ClickHouse is away knows how far the rules were: so far at least the data were. */
function knownByRules({ progress }: AlertState, rules: readonly AlertRule[]): number | null {
  const instants = rules.flatMap(rule => (isAboutKivi(rule) ? [] : [progress.get(rule.id)?.instant ?? -1]))
  const latest = Math.max(-1, ...instants)
  return latest < 0 ? null : latest
}

/**
 * Since when nothing reaches a receiver: what it took of any lane means that it could be reached then, not that it can
 * be now, where a lane has been tried since.
 */
function failingSince(state: AlertState, receiver: string): number | null {
  const lanes = [...state.lanes.values()].filter(lane => lane.receiver === receiver)
  const reached = Math.max(...lanes.map(({ last }) => (last?.kind === 'delivered' ? last.at : -1)), -1)
  const since = lanes.flatMap(({ failingSince, last }) =>
    failingSince === null || (last !== null && last.at < reached) ? [] : failingSince,
  )
  return since.length === 0 ? null : Math.max(reached, Math.min(...since))
}
