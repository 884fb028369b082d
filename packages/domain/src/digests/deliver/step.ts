/**
 * Digests, one step at a time and pure: the lanes, what was made and answered meanwhile, the time; out come the records
 * to append, all of them in one transaction. Whoever drives it (services/evaluator/src/digests) sends only what is in the
 * log, and takes nothing for the state that is not.
 */
import type { ReceiverSettings } from '../../alerts/types/receivers.ts'
import type { StateChange } from '../../ports/state-log.ts'
import type { Calendar } from '../../windows/index.ts'
import { type DigestPeriod, latestDue, periodsBetweenEnds } from '../periods.ts'
import type { DigestAnswer } from '../types/answers.ts'
import type { DigestDefinition } from '../types/definition.ts'
import {
  type DigestLane,
  type DigestMessage,
  type DigestSending,
  type DigestState,
  digestLaneOf,
  writeLane,
} from './records.ts'
import { type DigestDelivery, isSendable, settleDigest } from './settle.ts'

export interface DigestWorld {
  readonly calendar: Calendar
  readonly definitions: ReadonlyMap<string, DigestDefinition>
  readonly receivers: ReadonlyMap<string, ReceiverSettings>
}

export interface DigestStep extends DigestWorld {
  /** wall clock, epoch ms */
  readonly now: number
  readonly answers: readonly DigestDelivery[]
  /** the report of a period as it was made last; null: it is not made yet */
  readonly made: (digest: string, period: string) => DigestAnswer | null
  /** it was sent and not answered, or the answer is not in the log yet */
  readonly isUnderWay: (lane: string) => boolean
  readonly newKey: () => string
  readonly externalUrl: string | null
}

/** A report that is due and in no message yet. */
export interface WantedDigest {
  readonly definition: DigestDefinition
  readonly period: DigestPeriod
}

/** Sent so much later than it was due it says so. */
const LATE_MS = 15 * 60_000
/** A lane that the catalog does not have any more is forgotten after so long. */
const FORGET_AFTER_MS = 24 * 3_600_000
/** Of so many periods it is kept what became of their reports. */
const MOST_HISTORY = 20

/** What is to be appended; nothing: nothing changed. */
export function stepDigests(state: DigestState, step: DigestStep): StateChange[] {
  const lanes = new Map(state.lanes)
  for (const answer of step.answers) {
    const lane = lanes.get(answer.lane)
    if (lane !== undefined) lanes.set(answer.lane, settleDigest(lane, answer, step.now))
  }
  const wanted = new Map<string, DigestLane>()
  for (const { definition, receiver } of pairsOf(step)) {
    const name = digestLaneOf(definition.id, receiver.name)
    wanted.set(name, decide(lanes.get(name), definition, receiver, step))
  }
  const forgotten: StateChange[] = []
  for (const [name, lane] of lanes) {
    if (wanted.has(name)) continue
    const goneSince = Math.min(lane.goneSince ?? step.now, step.now)
    if (step.now - goneSince >= FORGET_AFTER_MS) forgotten.push({ key: name, value: null })
    else wanted.set(name, lane.goneSince === goneSince ? lane : { ...lane, goneSince })
  }
  const changed = [...wanted].filter(([name, lane]) => state.lanes.get(name) !== lane)
  return [...changed.map(([, lane]) => writeLane(lane)), ...forgotten]
}

/** What is to be made: reports that are due and that a receiver is still to get. */
export function wantedDigests(state: DigestState, world: DigestWorld, now: number): WantedDigest[] {
  const found = new Map<string, WantedDigest>()
  for (const { definition, receiver } of pairsOf(world)) {
    const lane = state.lanes.get(digestLaneOf(definition.id, receiver.name))
    if (lane === undefined || lane.every !== definition.every || found.has(definition.id)) continue
    const period = latestDue(world.calendar, definition, now)
    if (period.to > lane.through) found.set(definition.id, { definition, period })
  }
  return [...found.values()]
}

/** Lanes whose open message may be sent now. */
export function sendableDigests(state: DigestState, world: DigestWorld, now: number): DigestLane[] {
  return pairsOf(world).flatMap(({ definition, receiver }) => {
    const lane = state.lanes.get(digestLaneOf(definition.id, receiver.name))
    return lane !== undefined && isSendable(lane, now) ? [lane] : []
  })
}

function pairsOf({ definitions, receivers }: DigestWorld) {
  return [...definitions.values()].flatMap(definition =>
    definition.receivers.flatMap(name => {
      const receiver = receivers.get(name)
      return receiver === undefined ? [] : [{ definition, receiver }]
    }),
  )
}

function decide(
  known: DigestLane | undefined,
  definition: DigestDefinition,
  receiver: ReceiverSettings,
  step: DigestStep,
): DigestLane {
  const latest = latestDue(step.calendar, definition, step.now)
  // what is new, or comes in another rhythm now, begins with its next time
  if (known === undefined) return begin(definition, receiver, latest)
  const lane = known.goneSince === null ? known : { ...known, goneSince: null }
  if (lane.every !== definition.every)
    return { ...lane, every: definition.every, through: Math.max(lane.through, latest.to) }
  if (latest.to <= lane.through || step.isUnderWay(digestLaneOf(lane.digest, lane.receiver))) return lane
  const digest = step.made(definition.id, latest.name)
  if (digest === null || (!digest.complete && step.now < latest.due + definition.waitMs)) return lane
  return open(lane, definition, receiver, latest, digest, step)
}

const begin = (definition: DigestDefinition, receiver: ReceiverSettings, latest: DigestPeriod): DigestLane => ({
  ...{ kind: 'digest', digest: definition.id, receiver: receiver.name, every: definition.every },
  ...{ through: latest.to, sequence: 0, open: null, notBefore: null, attempts: 0, failingSince: null },
  ...{ goneSince: null, history: [] },
})

function open(
  lane: DigestLane,
  definition: DigestDefinition,
  receiver: ReceiverSettings,
  period: DigestPeriod,
  digest: DigestAnswer,
  { calendar, now, newKey, externalUrl }: DigestStep,
): DigestLane {
  const between = { after: lane.through, before: period.to, most: MOST_HISTORY - 1 }
  const missed = periodsBetweenEnds(calendar, definition, between)
  const sequence = lane.sequence + 1
  const message: DigestMessage = {
    ...{ receiver: receiver.name, language: definition.language ?? receiver.language },
    ...{ lane: digestLaneOf(lane.digest, lane.receiver), sequence, key: newKey(), test: false },
    ...{ digest, missed, late: now - period.due > lateAfter(definition, digest), externalUrl, at: now },
  }
  const sending = (name: string, outcome: DigestSending['outcome'], complete: boolean): DigestSending => ({
    ...{ period: name, outcome, at: now, answered: outcome === 'waiting' ? null : now },
    ...{ answer: '', attempts: 0, complete },
  })
  const before = lane.history.map(
    (one): DigestSending => (one.outcome === 'waiting' ? { ...one, outcome: 'given_up', answered: now } : one),
  )
  return {
    ...lane,
    ...{ through: period.to, sequence, open: { message, to: period.to, inDoubt: false }, notBefore: null, attempts: 0 },
    history: [
      sending(period.name, 'waiting', digest.complete),
      ...missed.toReversed().map(name => sending(name, 'skipped', false)),
      ...before,
    ].slice(0, MOST_HISTORY),
  }
}

/** A report that waited for its data, as it should, is not late. */
const lateAfter = ({ waitMs }: DigestDefinition, { complete }: DigestAnswer): number =>
  complete ? LATE_MS : waitMs + LATE_MS
