/**
 * One alert instance as a state machine over the instants of its rule:
 *
 *   inactive → pending (holds) → firing (held for `for`) → keeping (holds no more) → inactive (so for keep_firing_for)
 *
 * Pure: the same instants give the same transitions, however they are cut into steps and whoever evaluates them.
 */
import { DAY } from '../../windows/index.ts'
import { episodeOf, instanceId, labelsOf } from '../identity.ts'
import type { AlertInstance, ResolvedReason, Seen, Transition } from '../types/records.ts'
import type { AlertRule } from '../types/rules.ts'
import type { Observation } from './observation.ts'

/** An alert of which nothing is known for so long is over. */
const FORGOTTEN_AFTER_MS = DAY
/** Untold transitions are kept by pairs; of a receiver that takes nothing for long the oldest are dropped. */
const MOST_TRANSITIONS = 64

/** @param now wall clock: when it is decided */
export function stepInstance(
  before: AlertInstance | undefined,
  rule: AlertRule,
  observation: Observation,
  instant: number,
  now: number,
): AlertInstance | undefined {
  // a changed definition begins pending anew
  const known =
    before?.phase === 'pending' && before.version !== rule.version ? { ...before, phase: 'inactive' as const } : before
  const phase = known?.phase ?? 'inactive'
  const verdict = verdictOf(rule, observation, phase === 'firing' || phase === 'keeping')
  if (verdict === null) return known && forget(known, rule, observation.seen, instant, now)
  if (verdict) {
    const instance = heard(known ?? newInstance(rule, observation.group), rule)
    const pending: AlertInstance =
      phase === 'inactive' ? { ...instance, phase: 'pending', since: instant, seen: observation.seen } : instance
    if (pending.phase === 'pending')
      return instant - pending.since >= rule.forMs ? fire(pending, observation.seen, instant, now) : pending
    return pending.phase === 'keeping' ? { ...pending, phase: 'firing', since: pending.startsAt } : pending
  }
  if (known === undefined || phase === 'inactive') return known
  const instance = heard(known, rule)
  if (phase === 'pending') return { ...instance, phase: 'inactive' }
  const keeping: AlertInstance = phase === 'firing' ? { ...instance, phase: 'keeping', since: instant } : instance
  if (instant - keeping.since < rule.keepFiringForMs) return keeping
  return resolve(keeping, 'condition', observation.seen, instant, now)
}

/** Does it hold? Null: nothing can be said, and it stays as it is. */
function verdictOf(rule: AlertRule, { fires, stays, lowVolume }: Observation, firing: boolean): boolean | null {
  const verdict = firing ? stays : fires
  if (verdict !== null) return verdict
  if (rule.noData === 'ok') return false
  // few events at night are no missing ones
  return rule.noData === 'alert' && !lowVolume ? true : null
}

const newInstance = (rule: AlertRule, group: readonly string[]): AlertInstance => ({
  kind: 'instance',
  id: instanceId(rule.id, rule.by, group),
  rule: rule.id,
  by: rule.by,
  group,
  labels: labelsOf(rule, group),
  severity: rule.severity,
  version: rule.version,
  phase: 'inactive',
  since: -1,
  startsAt: -1,
  endedAt: null,
  noDataSince: null,
  decided: 0,
  transitions: [],
  dropped: 0,
  told: {},
})

const heard = (instance: AlertInstance, { version }: AlertRule): AlertInstance =>
  instance.noDataSince === null && instance.version === version ? instance : { ...instance, noDataSince: null, version }

function forget(
  instance: AlertInstance,
  rule: AlertRule,
  seen: Seen,
  instant: number,
  now: number,
): AlertInstance | undefined {
  if (instance.phase === 'inactive') return instance
  const noDataSince = instance.noDataSince ?? instant
  if (instant - noDataSince >= FORGOTTEN_AFTER_MS)
    return instance.phase === 'pending'
      ? { ...instance, phase: 'inactive' }
      : resolve({ ...instance, version: rule.version }, 'no_data', seen, instant, now)
  return noDataSince === instance.noDataSince ? instance : { ...instance, noDataSince }
}

function fire({ seen: _, ...instance }: AlertInstance, seen: Seen, instant: number, now: number): AlertInstance {
  const episode = episodeOf(instance.id, instant)
  const transition = {
    kind: 'firing',
    instant,
    episode,
    startsAt: instant,
    reason: null,
    seen,
    decidedAt: now,
  } as const
  return decide({ ...instance, phase: 'firing', since: instant, startsAt: instant, endedAt: null }, transition)
}

/** Ends a firing. */
export function resolve(
  instance: AlertInstance,
  reason: ResolvedReason,
  seen: Seen,
  instant: number,
  now: number,
): AlertInstance {
  const { startsAt } = instance
  const episode = instance.transitions.at(-1)?.episode ?? episodeOf(instance.id, startsAt)
  const transition = { kind: 'resolved', instant, episode, startsAt, reason, seen, decidedAt: now } as const
  return decide({ ...instance, phase: 'inactive', since: instant, endedAt: instant, noDataSince: null }, transition)
}

function decide(instance: AlertInstance, transition: Omit<Transition, 'number'>): AlertInstance {
  const number = instance.decided + 1
  const transitions = [...instance.transitions, { number, ...transition }]
  const whole = { ...instance, decided: number, transitions }
  return transitions.length > MOST_TRANSITIONS ? withoutOldest(whole) : whole
}

/** Drops the oldest episode; whoever has not been told of it never will be. */
function withoutOldest(instance: AlertInstance): AlertInstance {
  const [first] = instance.transitions
  const cut = (first?.number ?? 0) + (first?.kind === 'firing' ? 1 : 0)
  return {
    ...instance,
    transitions: instance.transitions.filter(({ number }) => number > cut),
    dropped: instance.dropped + 1,
    told: Object.fromEntries(
      Object.entries(instance.told).map(([receiver, told]) => [
        receiver,
        told.number >= cut ? told : { ...told, number: cut, at: null },
      ]),
    ),
  }
}
