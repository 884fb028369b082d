/** What an answer (or none) means for a lane. A message stays the same, and its key too, until it is settled. */
import {
  backoff,
  clamped,
  LONGEST_BACKOFF_MS,
  LONGEST_RETRY_AFTER_MS,
  REQUEST_TIMEOUT_MS,
} from '../../alerts/deliver/timers.ts'
import type { Delivery } from '../../alerts/types/notifications.ts'
import type { DigestLane, DigestSending } from './records.ts'

/** An answer to the open message of a lane. */
export interface DigestDelivery {
  readonly lane: string
  /** of the message that was sent */
  readonly key: string
  readonly delivery: Delivery
  /** wall clock at which it was sent */
  readonly sentAt: number
}

/** The lane after the answer; the same where it is to another message. */
export function settleDigest(lane: DigestLane, { key, delivery, sentAt }: DigestDelivery, now: number): DigestLane {
  const { open } = lane
  if (open === null || open.message.key !== key) return lane
  const told = (change: Partial<DigestSending>): readonly DigestSending[] =>
    lane.history.map((sending, place) =>
      place === 0 ? { ...sending, answer: delivery.answer, attempts: sending.attempts + 1, ...change } : sending,
    )
  if (delivery.kind === 'delivered')
    return {
      ...{ ...lane, open: null, notBefore: null, attempts: 0, failingSince: null },
      history: told({ outcome: 'sent', answered: now }),
    }
  const attempts = lane.attempts + 1
  const failing = { attempts, failingSince: Math.min(lane.failingSince ?? now, now), history: told({}) }
  switch (delivery.kind) {
    case 'in_doubt': {
      // a copy may still be on its way: the same one is sent again when it no longer can be
      const notBefore = Math.max(now + backoff(attempts), Math.min(sentAt, now) + REQUEST_TIMEOUT_MS)
      return { ...lane, ...failing, open: { ...open, inDoubt: true }, notBefore }
    }
    case 'refused':
      return {
        ...{ ...lane, ...failing },
        notBefore: now + Math.min(LONGEST_RETRY_AFTER_MS, Math.max(delivery.retryAfterMs ?? 0, backoff(attempts))),
      }
    case 'failed':
      return { ...lane, ...failing, notBefore: now + LONGEST_BACKOFF_MS }
  }
}

/** What a new leader makes of a message that it finds open: it may have been sent. */
export function takeOverDigest(lane: DigestLane, now: number): DigestLane {
  if (lane.open === null) return lane
  const notBefore = Math.max(clamped(lane.notBefore ?? 0, now, LONGEST_RETRY_AFTER_MS), now + REQUEST_TIMEOUT_MS)
  return { ...lane, open: { ...lane.open, inDoubt: true }, notBefore }
}

/** May its open message be sent now? A pause that is longer than any can be is one of a clock that was put back. */
export const isSendable = ({ open, notBefore }: DigestLane, now: number): boolean =>
  open !== null && (notBefore === null || notBefore <= now || notBefore > now + LONGEST_RETRY_AFTER_MS)
