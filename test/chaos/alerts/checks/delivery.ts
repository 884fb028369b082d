/** Each firing and each end reaches each receiver, under one key, as it was decided. */
import type { AlertFact } from '@kivi/domain'
import type { Heard } from '../receiver.ts'
import { type Evidence, iso, type Message, type Promised } from './evidence.ts'

interface Telling {
  /** `firing spring 2026-…` */
  readonly what: string
  readonly receiver: string
  readonly key: string
  readonly requests: readonly Heard[]
}

/** Which transitions each message told, by the ranges that the log has. */
function tellings({ heard, log }: Evidence): Telling[] {
  const requests = Map.groupBy(heard, ({ key }) => key)
  const transitions = Map.groupBy(log.facts.filter(isTransition), ({ alert }) => alert ?? '')
  return [...log.messages.values()].flatMap(({ notification: { key, receiver }, tells }) =>
    Object.entries(tells).flatMap(([id, [first, last]]) =>
      // transitions are numbered from 1 in the order in which they were decided
      (transitions.get(id) ?? []).slice(first - 1, last).map(fact => ({
        what: nameOf(fact),
        ...{ receiver, key, requests: requests.get(key) ?? [] },
      })),
    ),
  )
}

const isTransition = (fact: AlertFact) => fact.fact === 'firing' || fact.fact === 'resolved'
const nameOf = (fact: AlertFact): string =>
  `${fact.fact} ${fact.labels['campaign']} ${'instant' in fact ? iso(fact.instant) : ''}`
const wasTaken = ({ requests }: Telling): boolean => requests.some(({ outcome }) => outcome === 'taken')

/** In a message that the receiver said it took; doubts do not count, as what is in doubt is sent again. */
export const everythingTold: Promised = evidence => {
  const taken = new Set(
    tellings(evidence)
      .filter(wasTaken)
      .map(({ receiver, what }) => `${receiver} ${what}`),
  )
  return evidence.receivers.flatMap(receiver =>
    evidence.log.facts
      .filter(isTransition)
      .filter(fact => !taken.has(`${receiver} ${nameOf(fact)}`))
      .map(fact => `${receiver} was never told: ${nameOf(fact)}`),
  )
}

/** A transition is told under another key only where all requests under the one before were certainly not taken. */
export const underOneKey: Promised = evidence => {
  const sequences = new Map(
    [...evidence.log.messages].map(([key, { notification }]) => [key, notification.sequence] as const),
  )
  const all = Map.groupBy(tellings(evidence), ({ receiver, what }) => `${receiver} was told ${what}`)
  return [...all].flatMap(([what, own]) => {
    const inOrder = own.toSorted((a, b) => (sequences.get(a.key) ?? 0) - (sequences.get(b.key) ?? 0))
    const before = inOrder.slice(0, -1)
    return before.some(({ requests }) => requests.some(({ outcome }) => outcome !== 'refused'))
      ? [`${what} under ${own.length} keys`]
      : []
  })
}

/** What came is what the log has, and was there before it came. */
export const asItWasDecided: Promised = ({ heard, log }) => {
  const decidedAt = new Map(log.facts.flatMap(fact => (fact.fact === 'sending' ? [[fact.key, fact.at] as const] : [])))
  return heard.flatMap(one => {
    const message = log.messages.get(one.key)?.notification
    if (message === undefined) return [`${one.receiver} got ${one.key}, which nobody decided`]
    if (message.receiver !== one.receiver || message.lane !== one.lane || message.sequence !== one.sequence)
      return [`${one.key} was decided for ${message.lane} as ${message.sequence}, and came to ${one.lane}`]
    if ((decidedAt.get(one.key) ?? Number.POSITIVE_INFINITY) > one.at) return [`${one.key} came before it was decided`]
    return says(one, message.alerts) ? [] : [`${one.receiver} was told something else than ${one.key} says`]
  })
}

function says({ kind, body }: Heard, alerts: Message['notification']['alerts']): boolean {
  if (kind !== 'webhook') return alerts.slice(0, 20).every(({ labels }) => body.includes(labels['campaign'] ?? '?'))
  const told = (JSON.parse(body) as { alerts: ReadonlyArray<Record<string, string>> }).alerts
  return (
    told.length === alerts.length &&
    alerts.every(
      ({ id, status, startsAt, endsAt }, i) =>
        told[i]?.['fingerprint'] === id &&
        told[i]['status'] === status &&
        told[i]['startsAt'] === iso(startsAt) &&
        (endsAt === null || told[i]['endsAt'] === iso(endsAt)),
    )
  )
}

/** All copies of a message are the same, byte for byte. */
export const copiesAreAlike: Promised = ({ heard }) =>
  [...Map.groupBy(heard, ({ key }) => key)].flatMap(([key, copies]) =>
    new Set(copies.map(({ body }) => body)).size > 1 ? [`the copies of ${key} differ`] : [],
  )
