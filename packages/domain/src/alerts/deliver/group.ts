/**
 * Lanes: what goes to one receiver about one group, one message at a time. A lane with news waits for more of them;
 * one in which something fires repeats it. An open message is left alone until it is settled.
 */
import { isActive } from '../evaluate/rule.ts'
import type { AlertDraft } from '../state.ts'
import type { Alerting } from '../types/alerting.ts'
import type { AlertFact } from '../types/history.ts'
import type { NotificationReason } from '../types/notifications.ts'
import type { ReceiverSettings } from '../types/receivers.ts'
import type { AlertInstance, LaneRecord } from '../types/records.ts'
import type { Route } from '../types/routing.ts'
import { alertsOf, MOST_ALERTS, messageOf, type Wording } from './message.ts'
import { clamped, LONGEST_RETRY_AFTER_MS } from './timers.ts'

/** What a receiver could be told of an instance. */
export interface Member {
  readonly instance: AlertInstance
  /** transitions that it is to be told of; null: none */
  readonly news: readonly [number, number] | null
  /** the last transition that the receiver was told */
  readonly told: number
  /** it fires, and the receiver knows */
  readonly fires: boolean
  /** and nobody took care of it or silenced it */
  readonly repeats: boolean
  /** it was handed on because nobody acknowledged it: no waiting */
  readonly urgent: boolean
}

export interface LaneInput {
  readonly lane: string
  readonly receiver: ReceiverSettings
  readonly groupLabels: Readonly<Record<string, string>>
  readonly route: Route
  readonly members: readonly Member[]
}

export interface GroupInput {
  readonly now: number
  /** random: the key by which a receiver knows a message again */
  readonly newKey: () => string
  readonly wording: Wording
  readonly alerting: Alerting
}

/** A lane in which nothing happened for so long is forgotten. */
const IDLE_MS = 24 * 3_600_000

export function stepLane(draft: AlertDraft, input: LaneInput, group: GroupInput): void {
  const { now } = group
  const { route, members } = input
  const before = draft.lane(input.lane) ?? newLane(input, now)
  const news = members.filter(member => member.news !== null)
  const lane = withTimers(
    before,
    news,
    members.some(member => member.fires),
    route,
    now,
  )
  if (lane.open === null && (lane.notBefore ?? now) <= now) {
    if (lane.flushAt !== null && lane.flushAt <= now) return open(draft, lane, input, group, 'news')
    if (lane.repeatAt !== null && lane.repeatAt <= now) {
      if (members.some(member => member.repeats)) return open(draft, lane, input, group, 'repeat')
      // all of it is acknowledged or silenced: asked again an interval later
      return keep(draft, before, { ...lane, repeatAt: now + route.repeatIntervalMs })
    }
  }
  keep(draft, before, lane)
}

/** Of lanes without a member: there is nothing to tell, and after a while nothing to know. */
export function restLane(draft: AlertDraft, lane: LaneRecord, now: number): void {
  if (lane.open !== null) return
  const idleSince = Math.max(lane.last?.at ?? 0, lane.nextAt ?? 0, lane.repeatAt ?? 0)
  if (idleSince + IDLE_MS <= now) return draft.remove(lane)
  // a pause that the receiver asked for goes on
  const notBefore =
    lane.notBefore !== null && lane.notBefore > now ? clamped(lane.notBefore, now, LONGEST_RETRY_AFTER_MS) : null
  const rests: LaneRecord = { ...lane, flushAt: null, repeatAt: null, notBefore, attempts: 0, failingSince: null }
  keep(draft, lane, rests)
}

const newLane = ({ lane, receiver, groupLabels }: LaneInput, now: number): LaneRecord => ({
  ...{ kind: 'lane', lane, receiver: receiver.name, groupLabels },
  // greater than any that the lane had before it was forgotten
  sequence: Math.floor(now / 1_000),
  ...{ open: null, flushAt: null, nextAt: null, repeatAt: null, notBefore: null },
  ...{ attempts: 0, failingSince: null, last: null },
})

function withTimers(
  lane: LaneRecord,
  news: readonly Member[],
  fires: boolean,
  { groupWaitMs, groupIntervalMs, repeatIntervalMs }: Route,
  now: number,
): LaneRecord {
  const nextAt = lane.nextAt === null ? null : clamped(lane.nextAt, now, groupIntervalMs)
  const isNew = nextAt === null || (nextAt <= now && lane.repeatAt === null)
  const soonest = isNew ? now + groupWaitMs : Math.max(now, nextAt)
  const urgent = news.some(member => member.urgent)
  const flushAt =
    news.length === 0
      ? null
      : urgent
        ? Math.min(lane.flushAt ?? now, now)
        : clamped(lane.flushAt ?? soonest, now, Math.max(groupWaitMs, groupIntervalMs))
  const repeatAt = fires ? clamped(lane.repeatAt ?? now + repeatIntervalMs, now, repeatIntervalMs) : null
  const notBefore = lane.notBefore === null ? null : clamped(lane.notBefore, now, LONGEST_RETRY_AFTER_MS)
  const failingSince = lane.failingSince === null ? null : Math.min(lane.failingSince, now)
  return { ...lane, nextAt, flushAt, repeatAt, notBefore, failingSince }
}

function keep(draft: AlertDraft, before: LaneRecord, after: LaneRecord): void {
  const names = ['flushAt', 'nextAt', 'repeatAt', 'notBefore', 'failingSince'] as const
  if (names.some(name => before[name] !== after[name])) draft.put(after)
}

/** Decides a message: what it says is fixed from here on, and it is in the log before its first byte leaves. */
function open(
  draft: AlertDraft,
  lane: LaneRecord,
  { receiver, groupLabels, members, route }: LaneInput,
  { now, newKey, wording }: GroupInput,
  reason: NotificationReason,
): void {
  const chosen = members
    .filter(member => (reason === 'news' ? member.news !== null : member.repeats))
    // as it is in the draft by now
    .map(member => ({ ...member, instance: draft.instance(member.instance.id) ?? member.instance }))
    .sort(
      (a, b) => Number(isActive(b.instance)) - Number(isActive(a.instance)) || (a.instance.id < b.instance.id ? -1 : 1),
    )
  const alerts = []
  const tells: Record<string, readonly [number, number]> = {}
  let taken = 0
  for (const { instance, news } of chosen) {
    const range = news ?? [instance.decided, instance.decided]
    const own = alertsOf(instance, range as readonly [number, number], receiver, wording)
    if (taken > 0 && alerts.length + own.length > MOST_ALERTS) break
    alerts.push(...own)
    if (news !== null && reason === 'news') tells[instance.id] = news
    taken++
  }
  const sequence = lane.sequence + 1
  const more = chosen.length - taken
  if (alerts.length === 0) {
    // ends that the receiver does not want to hear of
    for (const { instance, news } of chosen)
      if (news !== null)
        draft.put({ ...instance, told: { ...instance.told, [receiver.name]: { number: news[1], at: null } } })
    return draft.put({ ...lane, flushAt: null, repeatAt: null })
  }
  const notification = messageOf({
    ...{ receiver, lane: lane.lane, sequence, key: newKey(), reason, groupLabels, alerts, more, now },
    firingAfter: members.filter(member => firesAfter(member, tells)).length,
    externalUrl: wording.externalUrl,
  })
  draft.put(
    {
      ...lane,
      sequence,
      open: { notification, tells, inDoubt: false },
      // what did not fit follows at once; further news wait for the interval
      flushAt: more > 0 && reason === 'news' ? now : null,
      nextAt: now + route.groupIntervalMs,
      repeatAt: now + route.repeatIntervalMs,
    },
    sent(lane, 'sending', { notification }, '', now),
  )
}

/** Does the receiver believe that it fires, once it has been told? */
function firesAfter({ instance, told }: Member, tells: Readonly<Record<string, readonly [number, number]>>): boolean {
  return (tells[instance.id]?.[1] ?? told) % 2 === 1
}

/** A fact about a message. */
export function sent(
  lane: LaneRecord,
  fact: Extract<AlertFact, { readonly lane: string }>['fact'],
  { notification: { key, alerts, sequence } }: Pick<NonNullable<LaneRecord['open']>, 'notification'>,
  answer: string,
  now: number,
): AlertFact {
  const [only] = alerts.length === 1 ? alerts : []
  return {
    ...{ fact, at: now, alert: only?.id ?? null, rule: only?.alert ?? null, labels: lane.groupLabels },
    ...{ receiver: lane.receiver, lane: lane.lane, sequence, key, answer, alerts: alerts.length },
  }
}
