/** What alert rules make of a scenario: each instant is evaluated once, as a running Kivi does it. */
import {
  type AlertFact,
  type AlertRule,
  AlertState,
  type Catalog,
  dueInstants,
  floorTo,
  instantsAtOnce,
  type RuleEvaluation,
  readRecord,
  stepAlerts,
} from '@kivi/domain'

/** An alert as an expectation tells it. */
export interface SeenAlert {
  readonly labels: Readonly<Record<string, string>>
  readonly state: 'pending' | 'firing' | 'resolved'
  /** epoch ms: since when it holds, or when it fired */
  readonly since: number
  readonly until: number | null
  readonly value: number | null
}

export interface Watch {
  /** evaluates the rules up to the instant */
  passTo(instant: number): Promise<void>
  /** what pends and fires, and what ended since this was last asked of the rule */
  alerts(rule: string): readonly SeenAlert[]
}

/** Reads what rules find at instants. */
export type Observe = (rule: AlertRule, instants: readonly number[]) => Promise<RuleEvaluation['instants']>

/**
 * @param from the first instant, epoch ms: from here on somebody watches
 * @param names the rules that are watched: all others would cost time
 */
export function watch(catalog: Catalog, names: ReadonlySet<string>, from: number, observe: Observe): Watch {
  const rules = new Map([...catalog.alerting.rules].filter(([id]) => names.has(id)))
  // who is told is not what is tested
  const alerting = { ...catalog.alerting, rules, route: null }
  const state = new AlertState()
  const ended = new Map<string, SeenAlert[]>()
  const since = new Map<string, number | null>()
  for (const { id, version, everyMs } of rules.values()) {
    const instant = floorTo(from - 1, everyMs)
    state.progress.set(id, { kind: 'progress', rule: id, version, instant, gap: null, goneSince: null })
  }
  const note = (fact: AlertFact): void => {
    if (fact.fact !== 'pending' && fact.fact !== 'firing' && fact.fact !== 'resolved') return
    const { alert, rule } = fact
    if (alert === null || rule === null) return
    if (fact.fact !== 'resolved') return void since.set(alert, fact.value)
    const seen = { labels: fact.labels, since: fact.startsAt, until: fact.instant, value: fact.value }
    ended.set(rule, [...(ended.get(rule) ?? []), { ...seen, state: 'resolved' }])
  }
  const step = (evaluations: readonly RuleEvaluation[], now: number): void => {
    const changes = stepAlerts(state, {
      ...{ alerting, now, evaluations, answers: [], silences: null, catchingUp: new Set<string>() },
      newKey: () => '',
      wording: {
        ...{ rules, currency: catalog.currency, externalUrl: null, time: String },
        about: () => ({ label: { en: '' }, unit: 'number' }),
      },
    })
    for (const change of changes) {
      if (change.value !== null) for (const fact of readRecord(change.value).facts) note(fact)
      state.fold(change)
    }
  }
  return {
    async passTo(instant) {
      for (const rule of rules.values())
        for (;;) {
          const limits = { catchUpMs: Number.MAX_SAFE_INTEGER, most: instantsAtOnce(rule) }
          const due = dueInstants(state.progress.get(rule.id), rule, instant, limits)
          if (due.instants.length === 0) break
          step([{ rule, gap: null, instants: await observe(rule, due.instants) }], due.instants.at(-1) ?? instant)
        }
    },
    alerts(rule) {
      const now = [...state.instances.values()].filter(one => one.rule === rule && one.phase !== 'inactive')
      const over = ended.get(rule) ?? []
      ended.delete(rule)
      return [
        ...over,
        ...now.map(
          ({ id, labels, phase, since: pendingSince, startsAt }): SeenAlert => ({
            labels,
            state: phase === 'pending' ? 'pending' : 'firing',
            since: phase === 'pending' ? pendingSince : startsAt,
            until: null,
            value: since.get(id) ?? null,
          }),
        ),
      ]
    },
  }
}
