/** What a catalog that changed means for the state that is there. */

import { instanceId, labelsOf } from '../identity.ts'
import type { AlertDraft } from '../state.ts'
import type { AlertInstance, Intent } from '../types/records.ts'
import type { AlertRule } from '../types/rules.ts'
import { resolve } from './instance.ts'
import { NOTHING_SEEN } from './observation.ts'
import { factsOf, GONE_AFTER_MS, isActive } from './rule.ts'

/** To be called in each step: a rule that is gone is gone only after a while. */
export function adoptCatalog(draft: AlertDraft, rules: ReadonlyMap<string, AlertRule>, now: number): void {
  rename(draft, rules)
  for (const progress of draft.allProgress()) {
    if (rules.has(progress.rule)) {
      if (progress.goneSince !== null) draft.put({ ...progress, goneSince: null })
      continue
    }
    // the clock may have been put back
    const goneSince = Math.min(progress.goneSince ?? now, now)
    if (now - goneSince < GONE_AFTER_MS) {
      if (goneSince !== progress.goneSince) draft.put({ ...progress, goneSince })
      continue
    }
    for (const instance of draft.instances()) if (instance.rule === progress.rule) end(draft, instance, now)
    draft.remove(progress)
  }
  relabel(draft, rules)
}

function end(draft: AlertDraft, instance: AlertInstance, now: number): void {
  if (instance.phase === 'inactive') return
  const to: AlertInstance = isActive(instance)
    ? resolve(instance, 'rule_removed', NOTHING_SEEN, now, now)
    : { ...instance, phase: 'inactive' }
  draft.put(to, ...factsOf(instance, to, NOTHING_SEEN, now))
}

/** Takes over what a rule was under its former names, messages under way included. */
function rename(draft: AlertDraft, rules: ReadonlyMap<string, AlertRule>): void {
  for (const rule of rules.values())
    for (const former of rule.formerly) {
      const progress = draft.progress(former)
      if (progress === undefined || rules.has(former)) continue
      draft.remove(progress)
      if (draft.progress(rule.id) === undefined) draft.put({ ...progress, rule: rule.id, goneSince: null })
      const ids = new Map<string, string>()
      for (const instance of draft.instances()) {
        if (instance.rule !== former) continue
        const id = instanceId(rule.id, instance.by, instance.group)
        ids.set(instance.id, id)
        draft.remove(instance)
        draft.put({ ...instance, id, rule: rule.id, labels: labelsOf(rule, instance.group) })
      }
      for (const lane of draft.lanes())
        if (lane.open !== null && Object.keys(lane.open.tells).some(id => ids.has(id)))
          draft.put({ ...lane, open: { ...lane.open, tells: renamed(lane.open.tells, ids) } })
      for (const { acknowledgement, ...record } of draft.acknowledgements()) {
        const id = ids.get(acknowledgement.alert)
        if (id === undefined) continue
        draft.remove({ ...record, acknowledgement })
        draft.put({ ...record, acknowledgement: { ...acknowledgement, alert: id } })
      }
    }
}

const renamed = (tells: Intent['tells'], ids: ReadonlyMap<string, string>): Intent['tells'] =>
  Object.fromEntries(Object.entries(tells).map(([id, range]) => [ids.get(id) ?? id, range]))

/** Labels that were found to be those of a rule: of a catalog that has not changed nothing is compared again. */
const labelled = new WeakMap<AlertInstance['labels'], AlertRule>()

/** Labels and severity are text: they change, and the state stays. */
function relabel(draft: AlertDraft, rules: ReadonlyMap<string, AlertRule>): void {
  for (const instance of draft.instances()) {
    const rule = rules.get(instance.rule)
    if (rule === undefined || labelled.get(instance.labels) === rule) continue
    if (instance.by.join() !== rule.by.join()) continue
    const labels = labelsOf(rule, instance.group)
    if (!same(labels, instance.labels) || instance.severity !== rule.severity)
      draft.put({ ...instance, labels, severity: rule.severity })
    else labelled.set(instance.labels, rule)
  }
}

function same(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every(name => a[name] === b[name])
}
