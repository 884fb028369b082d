/**
 * The alert pipeline, one step at a time and pure: a state, what was found out, the time; out come the records to
 * append. Whoever drives it (services/evaluator/src/alerting) appends them in one transaction, and only then takes them
 * for the state and sends what is open.
 *
 *   adopt catalog → evaluate → copy silences → route → inhibit and silence → group → open messages
 */

import type { StateChange } from '../ports/state-log.ts'
import { type DeliverInput, deliver } from './deliver/deliver.ts'
import { type Answer, giveUp, settle } from './deliver/settle.ts'
import { copySilences, type SilenceFacts } from './deliver/silence.ts'
import { adoptCatalog } from './evaluate/adopt.ts'
import { type Evaluation, evaluateRule } from './evaluate/rule.ts'
import { AlertDraft, type AlertState } from './state.ts'
import type { LaneRecord } from './types/records.ts'

export interface AlertStep extends Omit<DeliverInput, 'holding'> {
  readonly evaluations: readonly Evaluation[]
  /** rules of which further instants are due: nothing is told of them before all are evaluated */
  readonly catchingUp: ReadonlySet<string>
  /** what people wrote; null: it could not be read, and what was read last holds */
  readonly silences: SilenceFacts | null
  /** answers to messages since the last step */
  readonly answers: readonly Answer[]
}

/** What is to be appended; nothing: nothing changed. */
export function stepAlerts(state: AlertState, step: AlertStep): StateChange[] {
  const { alerting, now, evaluations, catchingUp, silences, answers } = step
  const draft = new AlertDraft(state)
  for (const answer of answers) settle(draft, answer, now)
  adoptCatalog(draft, alerting.rules, now)
  const own = Map.groupBy(draft.instances(), ({ rule }) => rule)
  for (const evaluation of evaluations) evaluateRule(draft, evaluation, own.get(evaluation.rule.id) ?? [], now)
  copySilences(draft, silences, now)
  giveUp(draft, receiver => alerting.receivers.has(receiver), now)
  deliver(draft, { ...step, holding: catchingUp })
  return draft.changes()
}

/** Takes answers in and does nothing else: what whoever stops leading still has to say. */
export function settleAnswers(state: AlertState, answers: readonly Answer[], now: number): StateChange[] {
  const draft = new AlertDraft(state)
  for (const answer of answers) settle(draft, answer, now)
  return draft.changes()
}

/**
 * Lanes whose open message may be sent now.
 * @param isUnderWay it was sent and not answered, or the answer is not in the log yet
 */
export function sendable(state: AlertState, now: number, isUnderWay: (lane: string) => boolean): LaneRecord[] {
  return [...state.lanes.values()].filter(
    ({ lane, open, notBefore }) => open !== null && (notBefore ?? now) <= now && !isUnderWay(lane),
  )
}
