/** What a receiver is handed. Written into the log before it is sent, so all of it is plain JSON. */
import type { Severity } from './rules.ts'

/** One firing or resolved alert of a message. */
export interface NotifiedAlert {
  /** of the instance, 16 hex digits: stable while rule and group are the same */
  readonly id: string
  /** of this firing: the same from firing to resolved, another at the next firing */
  readonly episode: string
  readonly status: 'firing' | 'resolved'
  readonly alert: string
  readonly severity: Severity
  /** with alertname and severity */
  readonly labels: Readonly<Record<string, string>>
  /** rendered in the receiver's language */
  readonly annotations: Readonly<Record<string, string>>
  /** what its rule waits for, in the receiver's language, where no `summary` says what is wrong */
  readonly condition?: string
  /** event time, epoch ms (wall clock for alerts about Kivi) */
  readonly startsAt: number
  readonly endsAt: number | null
  /** why it ended, where not because the condition did: `no_data`, `rule_removed`, `definition_changed` */
  readonly reason: string | null
  readonly value: number | null
  readonly target: number | null
  readonly unit: string
  /** the value as a person reads it: `1.53 %` */
  readonly shown: string
  /** page of the alert; null where nobody said where the pages are */
  readonly url: string | null
}

/** news: somebody learns of a firing or a resolved; repeat: still firing; test: somebody tries a receiver */
export type NotificationReason = 'news' | 'repeat' | 'test'

export interface Notification {
  readonly receiver: string
  readonly language: 'en' | 'zh'
  /** group × receiver */
  readonly lane: string
  /** ascending in its lane: a late copy has a smaller one than what came after it */
  readonly sequence: number
  /** random; the same in every repetition of this message and no other */
  readonly key: string
  readonly reason: NotificationReason
  /** resolved where all its alerts are */
  readonly status: 'firing' | 'resolved'
  readonly groupLabels: Readonly<Record<string, string>>
  readonly commonLabels: Readonly<Record<string, string>>
  readonly commonAnnotations: Readonly<Record<string, string>>
  /** at most 1,000, firing first */
  readonly alerts: readonly NotifiedAlert[]
  /** how many further ones follow in later messages */
  readonly more: number
  /** how many alerts of the group fire, as the receiver knows, once it has taken this message */
  readonly firingAfter: number
  /** base address of the pages */
  readonly externalUrl: string | null
  /** wall clock of the intent, epoch ms */
  readonly at: number
}

/** What came of one attempt to send. `answer` is what the receiver said, or what went wrong, for people. */
export type Delivery =
  | { readonly kind: 'delivered'; readonly answer: string }
  /** certainly not taken (connection refused, 429, 503, never begun): the message may be renewed */
  | { readonly kind: 'refused'; readonly retryAfterMs?: number; readonly answer: string }
  /** it may have been taken: only the same message may be sent again */
  | { readonly kind: 'in_doubt'; readonly answer: string }
  /** refused for good (another 4xx, a body that says no): a person has to change something */
  | { readonly kind: 'failed'; readonly answer: string }
