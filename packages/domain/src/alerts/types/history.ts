/** What happened, for people: derived from the log's records one by one, so a copy may be made again at will. */
import type { ResolvedReason } from './records.ts'

interface FactBase {
  /** wall clock, epoch ms */
  readonly at: number
  /** id of the instance; null: of none */
  readonly alert: string | null
  readonly rule: string | null
  readonly labels: Readonly<Record<string, string>>
}

export type AlertFact = FactBase &
  (
    | { readonly fact: 'pending'; readonly instant: number; readonly value: number | null }
    | {
        readonly fact: 'firing' | 'resolved'
        readonly instant: number
        readonly startsAt: number
        readonly value: number | null
        readonly target: number | null
        readonly reason: ResolvedReason | null
      }
    /** not told to a receiver: silenced, inhibited or outside of its hours */
    | { readonly fact: 'muted'; readonly receiver: string; readonly startsAt: number }
    /** a message was decided, answered, or given up */
    | {
        readonly fact: 'sending' | 'delivered' | 'refused' | 'in_doubt' | 'failed' | 'given_up'
        readonly receiver: string
        readonly lane: string
        readonly sequence: number
        /** of the message; null: it was in none */
        readonly key: string | null
        readonly answer: string
        readonly alerts: number
      }
    /** a rule was not evaluated between two instants */
    | { readonly fact: 'gap'; readonly from: number; readonly to: number }
    | { readonly fact: 'leader'; readonly name: string }
  )

/** A fact with its place in the log: writing it again changes nothing. */
export interface PlacedFact {
  readonly offset: number
  readonly index: number
  readonly fact: AlertFact
}
