/** Alerts of which nobody is told because another one says why: a dead collector looks like zero sales. */

import { earlierIn } from '../conditions/expression.ts'
import { isActive } from '../evaluate/rule.ts'
import type { AlertInstance } from '../types/records.ts'
import type { Inhibition } from '../types/routing.ts'
import type { AlertRule } from '../types/rules.ts'
import { matchesAll } from './matchers.ts'

/** A firing of the target: what nobody has been told of yet. `endsAt` null: it goes on. */
export interface Episode {
  readonly startsAt: number
  readonly endsAt: number | null
}

export interface InhibitorInput {
  readonly inhibitions: readonly Inhibition[]
  readonly instances: readonly AlertInstance[]
  readonly rules: ReadonlyMap<string, AlertRule>
  /** up to where a rule has been evaluated */
  readonly evaluated: (rule: string) => number
}

/** The source that inhibits an episode of a target; null: none does. */
export type Inhibitor = (target: AlertInstance, episode: Episode) => AlertInstance | null

export function createInhibitor({ inhibitions, instances, rules, evaluated }: InhibitorInput): Inhibitor {
  const prepared = inhibitions.map(inhibition => {
    const key = ({ labels }: AlertInstance) => JSON.stringify(inhibition.equal.map(name => labels[name] ?? ''))
    const sources = instances.filter(
      instance =>
        matchesAll(inhibition.source, instance.labels) &&
        (isActive(instance) || instance.endedAt !== null || (inhibition.pending && instance.phase === 'pending')),
    )
    return { inhibition, key, sources: Map.groupBy(sources, key) }
  })
  return (target, episode) => {
    for (const { inhibition, key, sources } of prepared) {
      if (sources.size === 0 || !matchesAll(inhibition.target, target.labels)) continue
      // of alerts that match both sides none inhibits another one, or all could fall silent together
      const isSourceToo = matchesAll(inhibition.source, target.labels)
      const found = (sources.get(key(target)) ?? []).find(
        source =>
          source.id !== target.id &&
          !(isSourceToo && matchesAll(inhibition.target, source.labels)) &&
          covers(inhibition, source, target, episode),
      )
      if (found !== undefined) return found
    }
    return null
  }

  function covers(inhibition: Inhibition, source: AlertInstance, target: AlertInstance, episode: Episode): boolean {
    const end = episode.endsAt ?? Number.POSITIVE_INFINITY
    if (isActive(source) || (inhibition.pending && source.phase === 'pending')) {
      const began = source.phase === 'pending' ? source.since : source.startsAt - forOf(source)
      if (end >= began) return true
    }
    if (source.endedAt === null) return false
    // what the target looks at still holds a part of what the source was about
    const until = source.endedAt + Math.min(inhibition.lingerMs, looksBack(rules.get(target.rule)))
    if (episode.endsAt === null) return evaluated(target.rule) < until
    return episode.startsAt <= until && end >= source.startsAt - forOf(source)
  }

  function forOf(source: AlertInstance): number {
    return rules.get(source.rule)?.forMs ?? 0
  }
}

/** How far back from an instant a rule looks: a comparison with the window before rests on two of them. */
function looksBack(rule: AlertRule | undefined): number {
  if (rule === undefined) return 0
  const { condition, windowMs } = rule
  if (condition.kind !== 'expression') return windowMs
  return earlierIn(condition).includes('previous') ? 2 * windowMs : windowMs
}

/** Until when an alert that has ended may still inhibit others, event time; −∞: it is no source. */
export function inhibitsUntil(inhibitions: readonly Inhibition[], instance: AlertInstance): number {
  if (instance.endedAt === null) return Number.NEGATIVE_INFINITY
  const lingers = inhibitions
    .filter(({ source }) => matchesAll(source, instance.labels))
    .map(({ lingerMs }) => lingerMs)
  return lingers.length === 0 ? Number.NEGATIVE_INFINITY : instance.endedAt + Math.max(...lingers)
}
