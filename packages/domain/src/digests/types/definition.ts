/** Digests as the catalog declares them: what is reported, when, and to whom. */
import type { Text } from '../../definitions/text.ts'

export const DIGEST_PERIODS = ['day', 'week', 'month'] as const
export type DigestPeriodUnit = (typeof DIGEST_PERIODS)[number]

/** Monday is the first. */
export const DIGEST_WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

/** Which indicators: one by its id, with its groups where `by` is told, or all that have something in common. */
export type DigestSelector =
  | {
      readonly kind: 'indicator'
      readonly indicator: string
      /** the dimension whose groups are told that moved most; null: none */
      readonly by: string | null
      /** so many of them */
      readonly top: number
    }
  | { readonly kind: 'level' | 'owner' | 'strategy'; readonly is: string }
  /** those that lead at the end of the period */
  | { readonly kind: 'north_star' }
  /** those of the board */
  | { readonly kind: 'board' }

export interface DigestDefinition {
  readonly id: string
  readonly title: Text
  readonly description: Text
  readonly owner: string | null
  /** a report for each of these, about the one that is over */
  readonly every: DigestPeriodUnit
  /** local time of day at which it is due, minutes after midnight */
  readonly at: number
  /** of a week: on which day after its end, 1 Monday … 7 Sunday */
  readonly weekday: number
  /** of a month: on which day after its end, 1 … 28 */
  readonly day: number
  /** so long after it is due the data are waited for, ms; then it is sent with what there is, and says so */
  readonly waitMs: number
  /** in the order of the report */
  readonly indicators: readonly DigestSelector[]
  /** names of receivers; empty: it is shown, and that is all */
  readonly receivers: readonly string[]
  /** null: each receiver's own */
  readonly language: 'en' | 'zh' | null
}
