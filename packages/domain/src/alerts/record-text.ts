/**
 * How a record is written into the log: as JSON, without what the rest of it says anyway. An alert that flaps is written
 * at each instant with all that nobody has been told of yet, so that what a transition takes decides how large the log
 * becomes. A record that has everything in it, as earlier versions wrote it, reads the same.
 */
import { episodeOf } from './identity.ts'
import type { AlertFact } from './types/history.ts'
import type { AlertInstance, AlertRecord, Seen, Transition } from './types/records.ts'

type Facts = readonly AlertFact[]

/** A value of the log: the record, and what happened when it was written. */
export function writeText(record: AlertRecord, facts: Facts = []): string {
  const isInstance = record.kind === 'instance'
  const written = isInstance ? { ...record, transitions: record.transitions.map(one => shortOf(one, record)) } : record
  if (facts.length === 0) return JSON.stringify(written)
  return JSON.stringify({ ...written, facts: isInstance ? facts.map(fact => withoutOwn(fact, record)) : facts })
}

/** The record, and what happened when it was written. */
export function readRecord(value: string): { readonly record: AlertRecord; readonly facts: Facts } {
  const { facts = [], ...record } = JSON.parse(value) as AlertRecord & { readonly facts?: Facts }
  if (record.kind !== 'instance') return { record, facts }
  const { id: alert, rule, labels } = record
  return {
    record: { ...record, transitions: record.transitions.map(one => wholeOf(one, record)) },
    facts: facts.map(fact => Object.assign({ alert, rule, labels }, fact)),
  }
}

type Short = Partial<Omit<Transition, 'seen'>> &
  Pick<Transition, 'number' | 'instant' | 'decidedAt'> & { readonly seen: Partial<Seen> }

function shortOf(transition: Transition, { id }: AlertInstance): Short {
  const { number, kind, instant, startsAt, reason, seen, episode, decidedAt } = transition
  const { value, target, n, compared } = seen
  const isFiring = number % 2 === 1
  return {
    ...{ number, instant, decidedAt },
    ...(kind === (isFiring ? 'firing' : 'resolved') ? {} : { kind }),
    ...(isFiring && startsAt === instant ? {} : { startsAt }),
    ...(reason === (isFiring ? null : 'condition') ? {} : { reason }),
    ...(episode === episodeOf(id, startsAt) ? {} : { episode }),
    seen: {
      ...{ value, n },
      ...(target === null ? {} : { target }),
      ...(Object.keys(compared).length === 0 ? {} : { compared }),
    },
  }
}

function wholeOf(short: Short, { id }: AlertInstance): Transition {
  const { number, instant, decidedAt } = short
  const isFiring = number % 2 === 1
  const startsAt = short.startsAt ?? instant
  const { value = null, target = null, n = 0, compared = {} } = short.seen
  return {
    number,
    kind: short.kind ?? (isFiring ? 'firing' : 'resolved'),
    instant,
    episode: short.episode ?? episodeOf(id, startsAt),
    startsAt,
    reason: short.reason === undefined ? (isFiring ? null : 'condition') : short.reason,
    seen: { value, target, n, compared },
    decidedAt,
  }
}

/** Without what its record says: of whom it is. */
function withoutOwn(fact: AlertFact, { id, rule, labels }: AlertInstance): Partial<AlertFact> {
  const { alert, rule: ofRule, labels: own, ...rest } = fact
  return {
    ...(alert === id ? {} : { alert }),
    ...(ofRule === rule ? {} : { rule: ofRule }),
    ...(own === labels ? {} : { labels: own }),
    ...rest,
  }
}
