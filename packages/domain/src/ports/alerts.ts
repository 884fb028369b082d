/** What the alert pipeline stands on, besides the state log. */
import type { AlertFact, PlacedFact } from '../alerts/types/history.ts'
import type { Delivery, Notification, NotifiedAlert } from '../alerts/types/notifications.ts'
import type { ReceiverKind } from '../alerts/types/receivers.ts'
import type { Acknowledgement, Silence } from '../alerts/types/routing.ts'
import type { DigestMessage } from '../digests/deliver/records.ts'

export interface Receiver {
  readonly name: string
  readonly kind: ReceiverKind
  /**
   * One attempt. `mayStart` is asked in the tick in which the first byte is written: where it says no nothing is sent,
   * and the outcome is `refused`. Never throws for what the other side does.
   */
  send(notification: Notification, options: SendOptions): Promise<Delivery>
  /** One attempt to send a report, in the same way; absent: it means nothing to this kind. */
  report?(message: DigestMessage, options: SendOptions): Promise<Delivery>
  /** what fires and what ended lately, all of it: for receivers that are synchronised instead of notified */
  sync?(alerts: readonly NotifiedAlert[], options: SendOptions): Promise<Delivery>
  /** tells that somebody takes care of a lane's alerts, where the receiver can be told so */
  acknowledge?(lane: string, options: SendOptions): Promise<Delivery>
}

export interface SendOptions {
  readonly signal: AbortSignal
  readonly mayStart: () => boolean
}

/** Facts that people add: silences and acknowledgements; of several about the same the latest counts. */
export interface SilenceStore {
  /** durable when it resolves; an id that is there already is replaced */
  put(silence: Silence): Promise<void>
  /** all that end after `since`, epoch ms */
  silences(since: number): Promise<readonly Silence[]>
  acknowledge(acknowledgement: Acknowledgement): Promise<void>
  /** all said after `since`, epoch ms */
  acknowledgements(since: number): Promise<readonly Acknowledgement[]>
}

export interface AlertHistoryQuestion {
  /** id of an instance */
  readonly alert?: string
  readonly rule?: string
  /** only facts of these kinds */
  readonly facts?: readonly AlertFact['fact'][]
  /** wall clock, [from, to) */
  readonly from: number
  readonly to: number
  /** only alerts that have one of these values of each of these labels */
  readonly labels?: Readonly<Record<string, readonly string[]>>
  /** older than this fact */
  readonly before?: { readonly at: number; readonly offset: number; readonly index: number }
  readonly limit: number
}

/** A copy of what the log tells, for questions over a long time. */
export interface AlertHistoryStore {
  /** durable when it resolves; a place that is there already changes nothing */
  write(facts: readonly PlacedFact[]): Promise<void>
  /** newest first */
  read(question: AlertHistoryQuestion): Promise<readonly PlacedFact[]>
  /** the place after the last one that was written; 0: none */
  position(): Promise<number>
}
