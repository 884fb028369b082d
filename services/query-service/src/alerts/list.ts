/** All alerts that are of interest now, as GET /v1/alerts tells them. */
import {
  type AlertAnswer,
  type AlertInstance,
  type AlertRuleAnswer,
  type AlertState,
  type AlertsAnswer,
  type Catalog,
  conditionText,
  createInhibitor,
  type DimensionFilter,
  formatWindow,
  SEVERITIES,
  type Severity,
  silenceOf,
} from '@kivi/domain'
import type { View } from '../access/view.ts'
import { type AskedPage, pageOf } from '../http/paging.ts'
import { unknownName } from '../http/unknown.ts'
import { formatTime } from '../questions/times.ts'
import type { Followed } from './follow.ts'
import { assertFilters, labelsSeen } from './labels.ts'
import {
  alertAnswer,
  type Language,
  type Showing,
  type ShownState,
  seesAlert,
  seesRule,
  silencesOf,
  stateOf,
} from './shown.ts'

export interface AskedAlerts extends AskedPage {
  readonly state?: ShownState
  readonly severity?: Severity
  readonly rule?: string
  readonly filter?: readonly string[]
  readonly lang?: Language
}

const ORDER: Readonly<Record<ShownState, number>> = { firing: 0, pending: 1, resolved: 2 }
/** A moment of reading is told this coarsely, so that what did not change is the same answer. */
const AS_OF_STEP_MS = 10_000

/** Tells of instances at one moment. */
export function createTeller(
  { state }: Pick<Followed, 'state'>,
  catalog: Catalog,
  { language, now }: { readonly language: Language; readonly now: number },
): (instance: AlertInstance) => AlertAnswer {
  const showing: Showing = { state, catalog, language, now, inhibitedBy: inhibitorOf(state, catalog) }
  return instance => alertAnswer(instance, showing)
}

/** What the view sees, the most urgent first. */
const instancesOf = (state: AlertState, catalog: Catalog, view: View): AlertInstance[] =>
  [...state.instances.values()]
    .filter(instance => stateOf(instance) !== null && seesAlert(view, instance, catalog))
    .sort(byUrgency)

function inhibitorOf(state: AlertState, { alerting }: Catalog): Showing['inhibitedBy'] {
  if (alerting.inhibitions.length === 0) return () => null
  let inhibitor: ReturnType<typeof createInhibitor> | undefined
  return instance => {
    inhibitor ??= createInhibitor({
      inhibitions: alerting.inhibitions,
      instances: [...state.instances.values()],
      rules: alerting.rules,
      evaluated: rule => state.progress.get(rule)?.instant ?? 0,
    })
    return inhibitor(instance, { startsAt: instance.startsAt, endsAt: null })
  }
}

const sinceOf = (instance: AlertInstance) => (instance.phase === 'pending' ? instance.since : instance.startsAt)

function byUrgency(a: AlertInstance, b: AlertInstance): number {
  return (
    ORDER[stateOf(a) as ShownState] - ORDER[stateOf(b) as ShownState] ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    sinceOf(b) - sinceOf(a) ||
    (a.id < b.id ? -1 : 1)
  )
}

export function alertsAnswer(
  followed: Followed,
  catalog: Catalog,
  asked: AskedAlerts,
  filters: readonly DimensionFilter[],
  { view, now }: { readonly view: View; readonly now: number },
): AlertsAnswer {
  const { state, asOf, heard } = followed
  const instances = instancesOf(state, catalog, view)
  const rules = rulesOf(state, catalog, view, instances)
  assertRule(asked.rule, rules, instances)
  if (filters.length > 0) assertFilters(filters, labelsSeen(view, catalog, state))
  const wanted = instances.filter(
    instance =>
      (asked.state === undefined || stateOf(instance) === asked.state) &&
      (asked.severity === undefined || instance.severity === asked.severity) &&
      (asked.rule === undefined || instance.rule === asked.rule) &&
      filters.every(({ field, values }) => values.includes(instance.labels[field] ?? '')),
  )
  const { items, next } = pageOf(wanted, asked, instance => instance.id)
  const firing = instances.filter(instance => stateOf(instance) === 'firing')
  const silences = silencesOf(state)
  const evaluated = rules.map(rule => rule.evaluated).filter(instant => instant !== null)
  const leader = state.leaders.get('leader')
  return {
    items: items.map(createTeller(followed, catalog, { language: asked.lang ?? 'en', now })),
    next,
    counts: {
      firing: firing.length,
      pending: instances.filter(instance => stateOf(instance) === 'pending').length,
      silenced: firing.filter(({ labels }) => silenceOf(silences, labels, now) !== null).length,
    },
    evaluated:
      evaluated.length === 0 ? null : evaluated.reduce((least, instant) => (instant < least ? instant : least)),
    leader:
      leader === undefined
        ? null
        : { name: leader.name, since: formatTime(leader.since), heard: formatTime(heard ?? leader.since) },
    as_of: formatTime(Math.floor(asOf / AS_OF_STEP_MS) * AS_OF_STEP_MS),
    rules,
  }
}

/** A misspelt rule would otherwise be one of which nothing fires. One that was removed may still have alerts. */
function assertRule(
  asked: string | undefined,
  rules: readonly AlertRuleAnswer[],
  instances: readonly AlertInstance[],
): void {
  if (asked === undefined || instances.some(({ rule }) => rule === asked)) return
  const names = rules.map(({ alert }) => alert)
  if (!names.includes(asked))
    throw unknownName('rule of alerts', asked, names, { parameter: 'rule', code: 'invalid_parameter' })
}

function rulesOf(
  state: AlertState,
  catalog: Catalog,
  view: View,
  instances: readonly AlertInstance[],
): AlertRuleAnswer[] {
  const own = Map.groupBy(instances, instance => instance.rule)
  return [...catalog.alerting.rules.values()]
    .filter(rule => seesRule(view, rule, catalog))
    .map(rule => {
      const instant = state.progress.get(rule.id)?.instant ?? -1
      const states = (own.get(rule.id) ?? []).map(stateOf)
      return {
        alert: rule.id,
        indicator: rule.indicator,
        kind: rule.condition.kind,
        condition: conditionText(rule),
        window: rule.windowMs > 0 ? formatWindow(rule.windowMs) : null,
        by: rule.by,
        every: formatWindow(rule.everyMs),
        for: formatWindow(rule.forMs),
        keep_firing_for: formatWindow(rule.keepFiringForMs),
        no_data: rule.noData,
        minimum_volume: rule.minimumVolume,
        severity: rule.severity,
        evaluated: instant < 0 ? null : formatTime(instant),
        firing: states.filter(one => one === 'firing').length,
        pending: states.filter(one => one === 'pending').length,
      }
    })
}
