/** Silences: somebody knows, and wants to hear nothing of it for a time. */
import type { AlertDraft } from '../state.ts'
import type { AlertInstance } from '../types/records.ts'
import type { Acknowledgement, Silence } from '../types/routing.ts'
import { type Labels, matchesAll } from './matchers.ts'

export const isInForce = (silence: Silence, now: number): boolean =>
  !silence.ended && silence.from <= now && now < silence.until

/** The silence that keeps an alert from being told now; null: none does. */
export const silenceOf = (silences: readonly Silence[], labels: Labels, now: number): Silence | null =>
  silences.find(silence => isInForce(silence, now) && matchesAll(silence.matchers, labels)) ?? null

/** Somebody takes care of this firing. */
export const isAcknowledged = (
  acknowledgements: ReadonlyMap<string, Acknowledgement>,
  { id, startsAt }: Pick<AlertInstance, 'id' | 'startsAt'>,
): boolean => acknowledgements.get(id)?.startsAt === startsAt

export interface SilenceFacts {
  readonly silences: readonly Silence[]
  readonly acknowledgements: readonly Acknowledgement[]
}

/**
 * Copies what is in force into the log, so that it holds when ClickHouse, where people write it, does not answer; and
 * drops what is over.
 * @param facts what was read; null: it could not be read
 */
export function copySilences(draft: AlertDraft, facts: SilenceFacts | null, now: number): void {
  const known = new Map(draft.silences().map(record => [record.silence.id, record]))
  for (const silence of facts?.silences ?? []) {
    const record = known.get(silence.id)
    if (record !== undefined && record.silence.setAt >= silence.setAt) continue
    const next = { kind: 'silence', silence } as const
    // one that is over and was never here does not have to come
    if (record === undefined && (silence.ended || silence.until <= now)) continue
    known.set(silence.id, next)
    draft.put(next)
  }
  for (const record of known.values()) if (record.silence.ended || record.silence.until <= now) draft.remove(record)

  const acknowledged = new Map(draft.acknowledgements().map(record => [record.acknowledgement.alert, record]))
  for (const acknowledgement of facts?.acknowledgements ?? []) {
    const { alert, startsAt, setAt } = acknowledgement
    const record = acknowledged.get(alert)
    if (record !== undefined && record.acknowledgement.setAt >= setAt) continue
    if (draft.instance(alert)?.startsAt !== startsAt) continue
    draft.put({ kind: 'acknowledgement', acknowledgement })
  }
  for (const record of acknowledged.values())
    if (draft.instance(record.acknowledgement.alert)?.startsAt !== record.acknowledgement.startsAt) draft.remove(record)
}
