/** Recorded values of costly indicators. */
import type { PartValue } from '../indicators/measures.ts'

/** The value of an indicator in one window, as it was computed once. */
export interface Point {
  readonly indicator: string
  /** of the indicator's definition: points of an older one are kept and told apart */
  readonly version: string
  /** the window as asked: `30d` */
  readonly window: string
  /** dimensions of the group; empty: the total */
  readonly by: readonly string[]
  /** their values, in that order */
  readonly group: readonly string[]
  /** epoch ms, [from, to) */
  readonly from: number
  readonly to: number
  readonly value: number | null
  readonly reason: string | null
  readonly n: number
  readonly parts: Readonly<Record<string, PartValue>>
  readonly interval: readonly [low: number, high: number] | null
  readonly complete: boolean
  readonly provisional: boolean
  /** when follow-ups will have ended, epoch ms; null: they have, or nobody can say */
  readonly provisionalUntil: number | null
  /** up to when the data were known when it was computed: the later one counts */
  readonly known: number
  /** wall clock, epoch ms */
  readonly computedAt: number
}

export interface PointQuestion {
  readonly indicator: string
  readonly version: string
  readonly window: string
  readonly by: readonly string[]
  /** the window's end is in [from, to), epoch ms */
  readonly from: number
  readonly to: number
  /** only windows with one of these ends; default all in [from, to) */
  readonly ends?: readonly number[]
}

/** What is recorded of a total: enough to know what is missing and what has to be computed again. */
export type PointEnd = Pick<
  Point,
  'indicator' | 'version' | 'window' | 'to' | 'provisional' | 'provisionalUntil' | 'known' | 'computedAt'
>

/** Points; of those with the same indicator, version, window, by, group and end, the best known one counts. */
export interface PointStore {
  /** durable when it resolves; may be repeated */
  write(points: readonly Point[]): Promise<void>
  /** in the order of their ends; throws question_too_large for more groups and ends than an answer may hold */
  read(question: PointQuestion): Promise<readonly Point[]>
  /** totals of all indicators whose window ends at or after `since` (epoch ms), of every version */
  ends(since: number): Promise<readonly PointEnd[]>
}
