/** A rule over the instants that are due: what becomes of its instances, and how far it is. */
import type { AlertDraft } from '../state.ts'
import type { AlertFact } from '../types/history.ts'
import type { AlertInstance, Seen, Transition } from '../types/records.ts'
import type { AlertRule } from '../types/rules.ts'
import { resolve, stepInstance } from './instance.ts'
import { absentGroup, NOTHING_SEEN, type Observation } from './observation.ts'

/** While replicas are replaced one by one, whoever leads may not know a rule, or a group of it, for that long. */
export const GONE_AFTER_MS = 5 * 60_000

/** Observations of a rule at instants that follow each other. */
export interface Evaluation {
  readonly rule: AlertRule
  readonly instants: ReadonlyArray<{ readonly instant: number; readonly observations: readonly Observation[] }>
  readonly gap: readonly [number, number] | null
}

/** @param own the rule's instances; all others are left alone */
export function evaluateRule(
  draft: AlertDraft,
  { rule, instants, gap }: Evaluation,
  own: readonly AlertInstance[],
  now: number,
): void {
  const before = draft.progress(rule.id)
  const last = instants.at(-1)
  if (last === undefined) return
  const instances = new Map<string, AlertInstance>()
  const facts = new Map<string, AlertFact[]>()
  const changed = new Set<string>()
  const set = (key: string, from: AlertInstance | undefined, to: AlertInstance | undefined, seen: Seen): void => {
    if (to === undefined || to === from) return
    instances.set(key, to)
    changed.add(key)
    const told = factsOf(from, to, seen, now)
    if (told.length > 0) facts.set(key, [...(facts.get(key) ?? []), ...told])
  }
  for (const instance of own) {
    if (!sameNames(instance.by, rule.by)) outgrow(draft, instance, instants, now)
    // nobody knows whether it held all the while
    else if (gap !== null && instance.phase === 'pending')
      set(groupKey(instance.group), instance, { ...instance, phase: 'inactive' }, NOTHING_SEEN)
    else instances.set(groupKey(instance.group), instance)
  }
  for (const { instant, observations } of instants) {
    const seen = new Set<string>()
    for (const observation of observations) {
      const key = groupKey(observation.group)
      seen.add(key)
      const known = instances.get(key)
      set(key, known, stepInstance(known, rule, observation, instant, now), observation.seen)
    }
    for (const [key, instance] of instances) {
      if (seen.has(key) || instance.phase === 'inactive') continue
      set(key, instance, stepInstance(instance, rule, absentGroup(instance.group), instant, now), NOTHING_SEEN)
    }
  }
  for (const key of changed) {
    const instance = instances.get(key)
    if (instance !== undefined) draft.put(instance, ...(facts.get(key) ?? []))
  }
  draft.put(
    {
      kind: 'progress',
      rule: rule.id,
      version: rule.version,
      instant: Math.max(last.instant, before?.instant ?? -1),
      gap: gap ?? before?.gap ?? null,
      goneSince: null,
    },
    ...(gap === null
      ? []
      : [{ fact: 'gap', at: now, alert: null, rule: rule.id, labels: {}, from: gap[0], to: gap[1] } as const]),
  )
}

/**
 * The rule has other dimensions now: this group does not come again. While replicas are replaced one by one it may, so
 * what fires waits as long as the alerts of a rule that is gone; by event time, as every other decision of a rule.
 */
function outgrow(draft: AlertDraft, instance: AlertInstance, instants: Evaluation['instants'], now: number): void {
  if (instance.phase === 'inactive') return
  if (!isActive(instance)) return draft.put({ ...instance, phase: 'inactive' })
  const since = instance.noDataSince ?? instants[0]?.instant ?? now
  const end = instants.find(({ instant }) => instant - since >= GONE_AFTER_MS)
  if (end === undefined) {
    if (instance.noDataSince === null) draft.put({ ...instance, noDataSince: since })
    return
  }
  const to = resolve(instance, 'definition_changed', NOTHING_SEEN, end.instant, now)
  draft.put(to, ...factsOf(instance, to, NOTHING_SEEN, now))
}

/** What became of an instance, in words of the history. */
export function factsOf(from: AlertInstance | undefined, to: AlertInstance, seen: Seen, now: number): AlertFact[] {
  const base = { at: now, alert: to.id, rule: to.rule, labels: to.labels }
  const decided = to.transitions
    .filter(({ number }) => number > (from?.decided ?? 0))
    .map((transition): AlertFact => ({ ...base, ...outcomeOf(transition) }))
  if (to.phase === 'pending' && from?.phase !== 'pending')
    return [...decided, { ...base, fact: 'pending', instant: to.since, value: seen.value }]
  return decided
}

const outcomeOf = ({ kind, instant, startsAt, reason, seen }: Transition) => ({
  ...{ fact: kind, instant, startsAt, reason, value: seen.value, target: seen.target },
})

export const isActive = ({ phase }: AlertInstance): boolean => phase === 'firing' || phase === 'keeping'

const groupKey = (group: readonly string[]): string => group.join('\u0000')

const sameNames = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name, i) => name === b[i])
