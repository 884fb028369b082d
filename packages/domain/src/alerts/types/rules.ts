/** Alert rules as the catalog declares them; see docs/alerts.md. Lengths are ms, instants epoch ms. */
import type { CalendarPeriod } from '../../definitions/indicators.ts'
import type { Text } from '../../definitions/text.ts'
import type { DimensionFilter } from '../../ranges.ts'

export const SEVERITIES = ['page', 'ticket', 'info'] as const
/** page: somebody is to act now; ticket: in the next days; info: to be known */
export type Severity = (typeof SEVERITIES)[number]

/**
 * What to do where nothing is known. keep: neither fires nor resolves; ok: as if the condition did not hold; alert: as
 * if it held.
 */
export const NO_DATA = ['keep', 'ok', 'alert'] as const
export type NoData = (typeof NO_DATA)[number]

/** What a condition may name of an instant; each null where it is not known. */
export const CONDITION_NAMES = ['value', 'target', 'attainment', 'n', 'previous', 'last_week', 'last_year'] as const
export type ConditionName = (typeof CONDITION_NAMES)[number]

export type ConditionValues = Readonly<Partial<Record<ConditionName, number | null>>>

/** A checked condition over the names above. */
export interface ConditionExpression {
  readonly source: string
  /** names in it, sorted */
  readonly names: readonly ConditionName[]
  /** null: it cannot be said */
  holds(values: ConditionValues): boolean | null
  /** what the value alone is compared with; null: it is compared otherwise, or not known with what */
  threshold(values: ConditionValues): number | null
}

/** How a rule finds out whether something is wrong. All but the last three read an indicator in event time. */
export type Condition =
  /** an expression holds for the value of the last window */
  | {
      readonly kind: 'expression'
      readonly fires: ConditionExpression
      /** while firing, only this is an end; null: that `fires` does not hold */
      readonly recovers: ConditionExpression | null
      /** it must hold for the whole 95 % interval of the value, where there is one */
      readonly certain: boolean
    }
  /** the value lies far from what is usual: robust z-score */
  | {
      readonly kind: 'anomaly'
      /** weekly: the same weekday and hour of the weeks before; recent: the windows right before */
      readonly baseline: 'weekly' | 'recent'
      /** how many weeks, or windows, are looked back at */
      readonly history: number
      /** beyond so many robust standard deviations */
      readonly score: number
      /** while firing, the score below which it is over; at most `score` */
      readonly recovery: number
      readonly direction: 'any' | 'up' | 'down'
    }
  /** a group that had events within `since` has none in the window */
  | { readonly kind: 'absent'; readonly sinceMs: number }
  /** the period will end on the wrong side of its target if it goes on as it does now */
  | {
      readonly kind: 'pace'
      readonly per: CalendarPeriod
      /** not before this share of the period is over */
      readonly after: number
      /** the share of the target that the projection may lack */
      readonly tolerance: number
    }
  /** the watermark is further behind the clock than that, or ClickHouse does not answer; wall clock */
  | { readonly kind: 'stalled'; readonly behindMs: number }
  /** more than this share of the records of the window were set aside; wall clock */
  | { readonly kind: 'dead_letters'; readonly share: number }
  /** a receiver has not taken anything for so long; wall clock, one instance a receiver */
  | { readonly kind: 'undelivered'; readonly forMs: number }

export interface AlertRule {
  /** `CtrLow` */
  readonly id: string
  /** ids that it had before: their state is taken over */
  readonly formerly: readonly string[]
  readonly condition: Condition
  /** null for the kinds that look at Kivi itself */
  readonly indicator: string | null
  /** length of the window that ends with each instant; of `pace` and `stalled` it means nothing and is 0 */
  readonly windowMs: number
  /** dimensions: an instance for each group */
  readonly by: readonly string[]
  readonly filters: readonly DimensionFilter[]
  /** evaluated at multiples of this since the epoch; at least 10 s */
  readonly everyMs: number
  readonly forMs: number
  readonly keepFiringForMs: number
  readonly noData: NoData
  /** below this n nothing is concluded from a value, whatever noData says; null: no limit */
  readonly minimumVolume: number | null
  readonly severity: Severity
  /** further labels, for routing; `alertname`, `severity`, the dimensions of `by` and `indicator` are set besides */
  readonly labels: Readonly<Record<string, string>>
  /** templates: `summary`, `description`, `runbook`, … */
  readonly annotations: Readonly<Record<string, Text>>
  /** hash of what decides whether it fires at an instant: a change begins pending anew */
  readonly version: string
}

/** Judged by the wall clock: there is no event time without the pipeline. */
export function isAboutKivi({ condition }: Pick<AlertRule, 'condition'>): boolean {
  return condition.kind === 'stalled' || condition.kind === 'dead_letters' || condition.kind === 'undelivered'
}
