/** From instances with transitions to lanes with messages: route → inhibit → silence → group. */
import { isActive } from '../evaluate/rule.ts'
import type { AlertDraft } from '../state.ts'
import type { AlertFact } from '../types/history.ts'
import type { AlertInstance, Told } from '../types/records.ts'
import type { Acknowledgement, Route } from '../types/routing.ts'
import { type GroupInput, type LaneInput, type Member, restLane, stepLane } from './group.ts'
import { createInhibitor, type Episode, inhibitsUntil } from './inhibit.ts'
import { isWithin } from './intervals.ts'
import { groupOf, laneOf, placeOf } from './route.ts'
import { expire, unheardIn } from './settle.ts'
import { isAcknowledged, silenceOf } from './silence.ts'
import { GIVE_UP_AFTER_MS } from './timers.ts'
import { assign, believesFiring, passOver, prune, tellable } from './told.ts'

export interface DeliverInput extends GroupInput {
  /** rules of which nothing is told yet */
  readonly holding: ReadonlySet<string>
}

/** A resolved alert is shown for so long, and told to an Alertmanager. */
export const ENDED_FOR_MS = 15 * 60_000

export function deliver(draft: AlertDraft, input: DeliverInput): void {
  const { alerting, now, holding } = input
  const root = alerting.route
  const mutes = createMutes(draft, input)
  const acknowledged = new Map(
    draft.acknowledgements().map(({ acknowledgement }) => [acknowledgement.alert, acknowledgement]),
  )
  const lanes = new Map<string, Omit<LaneInput, 'members'> & { members: Member[] }>()
  const unheard = new Map<string, AlertInstance[]>()
  /** lanes of which nothing is decided yet, as a rule still catches up */
  const held = new Set<string>()
  const open = openTellings(draft)
  const failing = new Set(
    draft
      .lanes()
      .flatMap(({ receiver, failingSince }) =>
        failingSince !== null && now - failingSince >= GIVE_UP_AFTER_MS ? [receiver] : [],
      ),
  )
  const hasGone = (receiver: string) => failing.has(receiver) || !alerting.receivers.has(receiver)
  const evaluated = draft.allProgress().reduce((least, { instant }) => Math.min(least, instant), now)

  for (const before of draft.instances()) {
    if (holding.has(before.rule)) {
      for (const lane of root === null ? [] : lanesOf(root, before)) held.add(lane)
      continue
    }
    let instance = before
    if (before.decided > 0 && root !== null) {
      const { receivers: routes, lane: laneBy } = placeOf(root, before.labels)
      instance = escalate(assign(instance, addressees(instance, routes.keys(), input)), routes, {
        draft,
        mutes,
        acknowledged,
        input,
      })
      const facts: AlertFact[] = []
      for (const [receiver, told] of Object.entries(instance.told)) {
        const route = routeTo(routes, receiver) ?? root
        const isMuted = (episode: Episode) => mutes(instance, episode, route) !== null
        const passed = passOver(instance, receiver, isMuted)
        if (passed !== instance) facts.push(muted(passed, receiver, now))
        instance = passed
        const settings = alerting.receivers.get(receiver)
        if (settings === undefined || (open.size > 0 && open.has(`${receiver}/${instance.id}`))) continue
        const state = instance.told[receiver] as Told
        const news = tellable(instance, state, isMuted)
        const { lane, group } = laneBy(receiver, route)
        let entry = lanes.get(lane)
        if (entry === undefined) {
          entry = { lane, receiver: settings, groupLabels: group, route, members: [] }
          lanes.set(lane, entry)
        }
        const fires = isActive(instance) && state.number === instance.decided
        entry.members.push({
          instance,
          news,
          told: state.number,
          fires,
          repeats:
            fires && !isMuted({ startsAt: instance.startsAt, endsAt: null }) && !isAcknowledged(acknowledged, instance),
          urgent: news !== null && !routes.has(receiver) && told.at === null,
        })
      }
      const { id } = instance
      // what it is being sent it may hear yet
      const expired = expire(instance, receiver => hasGone(receiver) && !open.has(`${receiver}/${id}`), now)
      for (const receiver of expired.unheard) {
        const { lane } = laneBy(receiver, routeTo(routes, receiver) ?? root)
        const ended = unheard.get(lane)
        if (ended === undefined) unheard.set(lane, [instance])
        else ended.push(instance)
      }
      instance = prune(expired.instance)
      if (instance !== before) draft.put(instance, ...facts)
    }
    if (isForgettable(instance, now) && inhibitsUntil(alerting.inhibitions, instance) <= evaluated)
      draft.remove(instance)
  }
  for (const [name, ended] of unheard) {
    const lane = draft.lane(name)
    if (lane !== undefined) draft.put(lane, unheardIn(lane, ended, now))
  }
  for (const lane of lanes.values()) stepLane(draft, lane, input)
  for (const lane of draft.lanes()) if (!lanes.has(lane.lane) && !held.has(lane.lane)) restLane(draft, lane, now)
}

/** The first route that leads to a receiver, or escalates to it. */
const routeTo = (routes: ReadonlyMap<string, Route>, receiver: string): Route | undefined =>
  routes.get(receiver) ??
  [...routes.values()].find(({ escalations }) => escalations.some(step => step.receiver === receiver))

/** Lanes in which an instance is told. */
function lanesOf(root: Route, { labels, told }: AlertInstance): string[] {
  const { receivers, lane } = placeOf(root, labels)
  return Object.keys(told).map(receiver => lane(receiver, routeTo(receivers, receiver) ?? root).lane)
}

/**
 * An Alertmanager is synchronised, never notified. Nobody is told of a failing receiver through that very one: where its
 * routes lead to no other, all others are told.
 */
function addressees(instance: AlertInstance, receivers: Iterable<string>, { alerting }: DeliverInput): string[] {
  const isAboutReceiver = alerting.rules.get(instance.rule)?.condition.kind === 'undelivered'
  const failing = isAboutReceiver ? instance.labels['receiver'] : undefined
  const isNotified = (name: string) =>
    name !== failing && (alerting.receivers.get(name)?.kind ?? 'alertmanager') !== 'alertmanager'
  const told = [...receivers].filter(isNotified)
  return told.length > 0 || failing === undefined ? told : [...alerting.receivers.keys()].filter(isNotified)
}

interface Escalating {
  readonly draft: AlertDraft
  readonly mutes: Mutes
  readonly acknowledged: ReadonlyMap<string, Acknowledgement>
  readonly input: DeliverInput
}

/** Hands a firing on to further receivers while nobody acknowledges it. */
function escalate(
  instance: AlertInstance,
  routes: ReadonlyMap<string, Route>,
  { draft, mutes, acknowledged, input }: Escalating,
): AlertInstance {
  if (!isActive(instance) || isAcknowledged(acknowledged, instance)) return instance
  let escalated = instance
  for (const [receiver, route] of routes) {
    if (route.escalations.length === 0) continue
    const told = escalated.told[receiver]
    const since = told === undefined ? null : knownSince(told, receiver, route, escalated, draft)
    if (since === null) continue
    const episode = { startsAt: escalated.startsAt, endsAt: null }
    const due = route.escalations.filter(({ afterMs }) => Math.min(since, input.now) + afterMs <= input.now)
    if (due.length === 0 || mutes(escalated, episode, route) !== null) continue
    escalated = assign(
      escalated,
      addressees(
        escalated,
        due.map(step => step.receiver),
        input,
      ),
    )
  }
  return escalated
}

/** Since when a receiver knows of the firing, or was to know of it and could not be reached. */
function knownSince(
  told: Told,
  receiver: string,
  route: Route,
  instance: AlertInstance,
  draft: AlertDraft,
): number | null {
  if (believesFiring(told) && told.at !== null) return told.at
  return draft.lane(laneOf(receiver, groupOf(route, instance.labels)))?.failingSince ?? null
}

/** Why an episode is not told by a route now; null: it is. */
type Mutes = (instance: AlertInstance, episode: Episode, route: Route) => string | null

export function createMutes(draft: AlertDraft, { alerting, now }: Pick<DeliverInput, 'alerting' | 'now'>): Mutes {
  const inhibitor = createInhibitor({
    inhibitions: alerting.inhibitions,
    instances: draft.instances(),
    rules: alerting.rules,
    evaluated: rule => draft.progress(rule)?.instant ?? now,
  })
  const silences = draft.silences().map(({ silence }) => silence)
  const asked = new Map<string, boolean>()
  const within = (name: string): boolean => {
    const known = asked.get(name)
    if (known !== undefined) return known
    const interval = alerting.intervals.get(name)
    const found = interval !== undefined && isWithin(interval, now)
    asked.set(name, found)
    return found
  }
  return (instance, episode, route) => {
    const source = inhibitor(instance, episode)
    if (source !== null) return `inhibited by ${source.rule}`
    const silence = silenceOf(silences, instance.labels, now)
    if (silence !== null) return `silenced by ${silence.author}: ${silence.reason}`
    if (route.mutedIn.some(within)) return `not told in ${route.mutedIn.join(', ')}`
    if (route.activeIn.length > 0 && !route.activeIn.some(within)) return `told only in ${route.activeIn.join(', ')}`
    return null
  }
}

/** What open messages tell, whatever lane they are in: it is told by nobody else meanwhile. */
function openTellings(draft: AlertDraft): ReadonlySet<string> {
  return new Set(
    draft.lanes().flatMap(({ receiver, open }) => Object.keys(open?.tells ?? {}).map(id => `${receiver}/${id}`)),
  )
}

const muted = (instance: AlertInstance, receiver: string, now: number): AlertFact => ({
  ...{ fact: 'muted', at: now, alert: instance.id, rule: instance.rule, labels: instance.labels },
  ...{ receiver, startsAt: instance.startsAt },
})

/** Nobody could need its record any more. */
function isForgettable(instance: AlertInstance, now: number): boolean {
  if (instance.phase !== 'inactive') return false
  const ended = instance.transitions.at(-1)
  if (ended === undefined) return true
  const age = now - ended.decidedAt
  return (
    Object.values(instance.told).every(({ number }) => number >= instance.decided) && (age >= ENDED_FOR_MS || age < 0)
  )
}
