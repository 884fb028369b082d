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

/** Since when nothing reaches a receiver: one lane that it does take from means that it can be reached. */
function failingSince(state: AlertState, receiver: string): number | null {
  let since: number | null = null
  let reached = Number.NEGATIVE_INFINITY
  for (const lane of state.lanes.values()) {
    if (lane.receiver !== receiver) continue
    if (lane.last?.kind === 'delivered') reached = Math.max(reached, lane.last.at)
    if (lane.failingSince !== null) since = Math.min(since ?? lane.failingSince, lane.failingSince)
  }
  return since === null || reached > since ? null : since
}
