/**
 * The records of the alert log: each is the full state of one key, so that the last one of each key is all there is
 * to know. Instants of evaluation are event time (wall clock for alerts about Kivi); what is called `…At` of a lane and
 * `decidedAt` is wall clock. All epoch ms, all plain JSON.
 */
import type { Delivery, Notification } from './notifications.ts'
import type { Acknowledgement, Silence } from './routing.ts'
import type { Severity } from './rules.ts'

/** pending: holds, but not yet for `for`; keeping: fires on although it does not hold, for keep_firing_for */
export type InstancePhase = 'inactive' | 'pending' | 'firing' | 'keeping'

export type ResolvedReason = 'condition' | 'no_data' | 'rule_removed' | 'definition_changed'

/** What was seen at an instant, as far as people are told. */
export interface Seen {
  readonly value: number | null
  readonly target: number | null
  readonly n: number
  /** what it was compared with: previous, last_week, expected, projected, … */
  readonly compared: Readonly<Record<string, number | null>>
}

/** Odd numbers are firings, even ones resolveds; numbered from 1 for each instance, for ever. */
export interface Transition {
  readonly number: number
  readonly kind: 'firing' | 'resolved'
  /** the instant that decided it */
  readonly instant: number
  /** of this firing and its end, for receivers that join the two */
  readonly episode: string
  /** of the episode: the instant at which it fired */
  readonly startsAt: number
  readonly reason: ResolvedReason | null
  readonly seen: Seen
  /** wall clock */
  readonly decidedAt: number
}

export interface AlertInstance {
  readonly kind: 'instance'
  readonly id: string
  readonly rule: string
  /** the rule's dimensions and the group's values of them */
  readonly by: readonly string[]
  readonly group: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  readonly severity: Severity
  /** of the definition that judged it last */
  readonly version: string
  readonly phase: InstancePhase
  /** what was seen when it last became pending, until it fires: of what fires and ended its transitions tell */
  readonly seen?: Seen
  /** pending: since when it holds; firing: when it fired; keeping: since when it does not hold any more */
  readonly since: number
  /** of the last firing; −1: it never fired */
  readonly startsAt: number
  /** of the last resolved; null: it fires, or never ended */
  readonly endedAt: number | null
  /** first of the instants without data in a row; null: the last one had some */
  readonly noDataSince: number | null
  /** number of the last transition; 0: none yet */
  readonly decided: number
  /** those that somebody has still to be told, and the last one */
  readonly transitions: readonly Transition[]
  /** transitions that were dropped untold because a receiver took nothing for too long */
  readonly dropped: number
  /** by receiver: the last transition that it was told or is not to be told, and when it first heard of the firing */
  readonly told: Readonly<Record<string, Told>>
}

export interface Told {
  readonly number: number
  /** wall clock of the first answer to the present firing; null: not told */
  readonly at: number | null
}

/** Up to where a rule has been evaluated: never goes back. */
export interface RuleProgress {
  readonly kind: 'progress'
  readonly rule: string
  readonly version: string
  /** the last instant that was evaluated; −1: none */
  readonly instant: number
  /** instants that will never be evaluated, the last such gap; [from, to] */
  readonly gap: readonly [number, number] | null
  /** wall clock since when the leader's catalog has no such rule; null: it has */
  readonly goneSince: number | null
}

/** A message that is decided: durable before its first byte leaves, the same until it is settled. */
export interface Intent {
  readonly notification: Notification
  /** by instance: the transitions that it tells, [first, last]; nothing where it only repeats */
  readonly tells: Readonly<Record<string, readonly [number, number]>>
  /** it may have been taken already: it must not be renewed, only sent again as it is */
  readonly inDoubt: boolean
}

/** What goes to one receiver about one group, one message at a time. */
export interface LaneRecord {
  readonly kind: 'lane'
  readonly lane: string
  readonly receiver: string
  readonly groupLabels: Readonly<Record<string, string>>
  /** of the last intent */
  readonly sequence: number
  readonly open: Intent | null
  /** no message with news before; null: nothing waits */
  readonly flushAt: number | null
  /** when the next one may follow the last delivered */
  readonly nextAt: number | null
  /** when what fires is told again; null: nothing fires */
  readonly repeatAt: number | null
  /** no attempt before; null: at once */
  readonly notBefore: number | null
  /** failed attempts in a row */
  readonly attempts: number
  /** since when all attempts fail; null: the last one did not */
  readonly failingSince: number | null
  /** when what waited for it was dropped last; what came since waits for a day of its own */
  readonly givenUpAt?: number
  /** the last answer */
  readonly last: (Delivery & { readonly at: number }) | null
}

/** Who leads, written when leadership begins. */
export interface LeaderRecord {
  readonly kind: 'leader'
  /** host and process, for people */
  readonly name: string
  readonly since: number
  readonly catalog: string
}

/** The silences and acknowledgements in force, so that they hold without ClickHouse. */
export interface SilenceRecord {
  readonly kind: 'silence'
  readonly silence: Silence
}
export interface AcknowledgementRecord {
  readonly kind: 'acknowledgement'
  readonly acknowledgement: Acknowledgement
}

export type AlertRecord =
  | AlertInstance
  | RuleProgress
  | LaneRecord
  | LeaderRecord
  | SilenceRecord
  | AcknowledgementRecord
