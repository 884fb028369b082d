/** What an answer (or none) means for a lane and for what its message told. */
import { isActive } from '../evaluate/rule.ts'
import type { AlertDraft } from '../state.ts'
import type { AlertFact } from '../types/history.ts'
import type { Delivery } from '../types/notifications.ts'
import type { AlertInstance, Intent, LaneRecord } from '../types/records.ts'
import { sent } from './group.ts'
import {
  backoff,
  clamped,
  GIVE_UP_AFTER_MS,
  LONGEST_BACKOFF_MS,
  LONGEST_RETRY_AFTER_MS,
  REQUEST_TIMEOUT_MS,
} from './timers.ts'
import { prune } from './told.ts'

/** An answer to the open message of a lane. */
export interface Answer {
  readonly lane: string
  /** of the message that was sent: an answer to another one means nothing any more */
  readonly key: string
  readonly delivery: Delivery
  /** wall clock at which it was sent */
  readonly sentAt: number
}

/** Takes an answer in; to be appended before the lane's next message is decided. */
export function settle(draft: AlertDraft, { lane: name, key, delivery, sentAt }: Answer, now: number): void {
  const lane = draft.lane(name)
  if (lane === undefined || lane.open === null || lane.open.notification.key !== key) return
  const last = { ...delivery, at: now }
  if (delivery.kind === 'delivered') {
    record(draft, lane.open, lane.receiver, now)
    const rests: LaneRecord = { ...lane, open: null, last, attempts: 0, notBefore: null, failingSince: null }
    return draft.put(rests, sent(lane, 'delivered', lane.open, delivery.answer, now))
  }
  const attempts = lane.attempts + 1
  const failingSince = Math.min(lane.failingSince ?? now, now)
  const fact = sent(lane, delivery.kind, lane.open, delivery.answer, now)
  if (delivery.kind === 'in_doubt') {
    // a copy may still be on its way: the same one is sent again when it no longer can be
    const notBefore = Math.max(now + backoff(attempts), Math.min(sentAt, now) + REQUEST_TIMEOUT_MS)
    return draft.put({ ...lane, open: { ...lane.open, inDoubt: true }, attempts, notBefore, failingSince, last }, fact)
  }
  const pause =
    delivery.kind === 'failed'
      ? LONGEST_BACKOFF_MS
      : Math.min(LONGEST_RETRY_AFTER_MS, Math.max(delivery.retryAfterMs ?? 0, backoff(attempts)))
  const notBefore = now + pause
  // certainly not taken, never: the next one may say more; else only the same may come again
  const open = lane.open.inDoubt ? lane.open : null
  draft.put({ ...lane, open, attempts, notBefore, failingSince, last, ...renewed(lane, open, now) }, fact)
}

/** What was not taken is decided anew as soon as the pause is over. */
function renewed(lane: LaneRecord, open: Intent | null, now: number): Partial<LaneRecord> {
  if (open !== null || lane.open === null) return {}
  return lane.open.notification.reason === 'repeat' ? { repeatAt: now } : { flushAt: now, nextAt: now }
}

function record(draft: AlertDraft, { tells }: Intent, receiver: string, now: number): void {
  for (const [id, [, last]] of Object.entries(tells)) {
    const instance = draft.instance(id)
    if (instance === undefined) continue
    const before = instance.told[receiver]
    if (before !== undefined && before.number >= last) continue
    draft.put(
      prune({ ...instance, told: { ...instance.told, [receiver]: { number: last, at: last % 2 === 1 ? now : null } } }),
    )
  }
}

/**
 * Gives up what a receiver has not taken for a day: it is dropped, and the history says so. Firings that go on are told
 * when it takes something again.
 */
export function giveUp(draft: AlertDraft, isKnown: (receiver: string) => boolean, now: number): void {
  for (const lane of draft.lanes()) {
    const since = lane.failingSince ?? (isKnown(lane.receiver) ? null : (lane.open?.notification.at ?? null))
    if (since === null) continue
    const waits = now - Math.max(since, Math.min(lane.givenUpAt ?? since, now))
    if (waits < GIVE_UP_AFTER_MS) continue
    if (lane.open === null) continue
    record(draft, lane.open, lane.receiver, now)
    draft.put(
      // it fails as before: giving up is no delivery
      { ...lane, open: null, failingSince: since, givenUpAt: now },
      sent(lane, 'given_up', lane.open, lane.last?.answer ?? '', now),
    )
  }
}

/** Of an instance that ended: receivers that took nothing for a day do not hear of it any more. */
export function expire(
  instance: AlertInstance,
  isFailing: (receiver: string) => boolean,
  now: number,
): { readonly instance: AlertInstance; readonly unheard: readonly string[] } {
  const last = instance.transitions.at(-1)
  if (isActive(instance) || last === undefined || now - last.decidedAt < GIVE_UP_AFTER_MS)
    return { instance, unheard: [] }
  const unheard = Object.entries(instance.told).flatMap(([receiver, told]) =>
    told.number < instance.decided && isFailing(receiver) ? [receiver] : [],
  )
  if (unheard.length === 0) return { instance, unheard }
  const told = Object.fromEntries(unheard.map(receiver => [receiver, { number: instance.decided, at: null }]))
  return { instance: { ...instance, told: { ...instance.told, ...told }, dropped: instance.dropped + 1 }, unheard }
}

/** What the history says of ends that a lane will not be told of; they were in no message. */
export function unheardIn(lane: LaneRecord, ended: readonly AlertInstance[], now: number): AlertFact {
  const [only] = ended.length === 1 ? ended : []
  return {
    ...{ fact: 'given_up', at: now, alert: only?.id ?? null, rule: only?.rule ?? null, labels: lane.groupLabels },
    ...{ receiver: lane.receiver, lane: lane.lane, sequence: lane.sequence, key: null },
    ...{ answer: lane.last?.answer ?? '', alerts: ended.length },
  }
}

/**
 * What a new leader makes of the messages that it finds open: each may have been sent, so each is in doubt, and is sent
 * again when no copy of it can be on its way any more.
 */
export function takeOver(draft: AlertDraft, now: number): void {
  for (const lane of draft.lanes())
    if (lane.open !== null) {
      const notBefore = Math.max(clamped(lane.notBefore ?? 0, now, LONGEST_RETRY_AFTER_MS), now + REQUEST_TIMEOUT_MS)
      draft.put({ ...lane, open: { ...lane.open, inDoubt: true }, notBefore })
    }
}
