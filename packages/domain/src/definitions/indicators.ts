import type { Text } from './text.ts'

export interface Target {
  readonly value: number
  /** instants of the catalog's zone as epoch ms, [from, until) */
  readonly from: number
  readonly until: number | null
  readonly by: Readonly<Record<string, string>>
  /** the period to which an additive target applies */
  readonly per: 'day' | 'week' | 'month' | 'quarter' | 'year' | null
  /** the window to which a target of a non-additive indicator applies, e.g. `30d` */
  readonly window: string | null
  /** `value` was told as a change from a baseline; null: as such */
  readonly baseline?: { readonly change: number; readonly value: number } | null
  readonly reason: string
  readonly set_by: string
  readonly set_at: string
}

interface IndicatorBase {
  readonly id: string
  readonly label: Text
  readonly description: Text
  readonly unit: string
  readonly better: 'higher' | 'lower'
  readonly level: 'company' | 'department' | 'team' | 'project' | 'individual' | null
  readonly kind: 'strategic' | 'operational' | 'functional' | null
  readonly timing: 'leading' | 'lagging' | null
  readonly owner: string | null
  readonly strategy: string | null
  readonly parent: string | null
  /** default window of a question without one */
  readonly window: string
  /** on the board */
  readonly board: boolean
  /** dimensions by which it can be asked: those that all its measures share */
  readonly dimensions: readonly string[]
  readonly targets: readonly Target[]
  readonly at_risk_within: number
  readonly minimum_volume: number | null
  /** the type as the file says it, where that is written out as another one */
  readonly declared: 'conversion' | 'retention' | 'funnel' | null
  /**
   * A point of a series or spark line is the value of the whole `window` that ends with the step, not of the step:
   * for what depends on the window's length (distinct persons, retention, churn, levels over time)
   */
  readonly rolling: boolean
  readonly benchmarks: readonly Benchmark[]
  readonly record: Recording | null
  /** a measure or indicator: while it is above zero in the window, the value is provisional (opportunities still open) */
  readonly provisional_while: string | null
  /** how its interval is made; null: there is none */
  readonly interval: 'wilson' | 'clustered' | 'nps' | null
  /** where its definition comes from: a standard, a book, the business case */
  readonly source: string | null
  /** hash of what decides the value, 12 hex digits */
  readonly version: string
}

/** scale × (positive − negative) ÷ all, each the id of a count: NPS is 100 × (promoters − detractors) ÷ answers. */
export interface NetShare {
  readonly positive: string
  readonly negative: string
  readonly all: string
  readonly scale: number
}

/** Which window an input of a derived indicator or a growth is taken over, instead of the one that is asked for. */
export type Offset =
  /** the calendar period before, as much of it as has gone of the running one; of a length: the length before it */
  | { readonly kind: 'previous' }
  /** the same window a week (7 days), a year (12 months) before, by the calendar */
  | { readonly kind: 'week' | 'year' }
  /** the same window that long before */
  | { readonly kind: 'length'; readonly ms: number }
  /** of a level: as of the end of the calendar period before the one that holds the window's end */
  | { readonly kind: 'end_of'; readonly period: CalendarPeriod }

export type CalendarPeriod = 'day' | 'week' | 'month' | 'quarter' | 'year'

/**
 * How the value is made; each name is that of a measure or another indicator. `declared` is the type that the file
 * says where it is one that is written out as another: a conversion, a retention or a funnel is a ratio of measures of
 * its own.
 */
export type Indicator =
  | (IndicatorBase & { readonly type: 'simple'; readonly measure: string })
  | (IndicatorBase & { readonly type: 'ratio'; readonly numerator: string; readonly denominator: string })
  | (IndicatorBase & {
      readonly type: 'derived'
      readonly expr: string
      /** names in expr, sorted: ids, names of `offsets`, and `window_days`, `window_months` (length of the window) */
      readonly inputs: readonly string[]
      /** names that stand for an id over another window */
      readonly offsets: ReadonlyMap<string, { readonly of: string; readonly offset: Offset }>
      /** value from its inputs; null in, or x/0: null */
      readonly compute: (inputs: Readonly<Record<string, number | null>>) => number | null
      /** with `interval: nps`: the counts that the value is made of */
      readonly net?: NetShare | null
    })
  /** over a longer window that ends with the one asked: a length, whole local days (the last one holds the end), since a period began, or since ever */
  | (IndicatorBase & {
      readonly type: 'cumulative'
      readonly of: string
      readonly over: { readonly ms: number } | { readonly days: number } | { readonly grain: CalendarPeriod } | 'ever'
    })
  /** value ÷ (value before) − 1, null where that is ≤ 0; or their difference */
  | (IndicatorBase & {
      readonly type: 'growth'
      readonly of: string
      readonly against: Offset
      readonly as: 'ratio' | 'difference'
    })
  /** a group's value ÷ that of all groups of `by` together; 1 where nothing is grouped or filtered */
  | (IndicatorBase & { readonly type: 'share'; readonly of: string; readonly by: string })
  /**
   * Mean over the calendar periods that lie wholly in the window; `opening`: of a level, as of the window's start and
   * as of the end of each period, of the window's own end where a period is cut.
   */
  | (IndicatorBase & {
      readonly type: 'mean'
      readonly of: string
      readonly per: CalendarPeriod
      readonly opening: boolean
    })
  /** Pearson of two indicators' daily values after weekday means are removed, at the lag of the largest |r| */
  | (IndicatorBase & {
      readonly type: 'correlation'
      readonly x: string
      readonly y: string
      /** days; 0: the same day only */
      readonly lags: number
    })
  /** mean of the groups' values by weights, over the groups that have one; what is not named weighs 1 */
  | (IndicatorBase & {
      readonly type: 'weighted'
      readonly of: string
      readonly by: string
      readonly weights: Readonly<Record<string, number>>
    })

/** The industry's figures. */
export interface Benchmark {
  readonly label: Text
  readonly value: number
  /** of a range */
  readonly upper: number | null
  readonly source: string
}

/** Costly indicators are computed on a schedule into points. */
export interface Recording {
  readonly everyMs: number
  /** groups that are recorded beside the total; empty: the total only */
  readonly by: readonly string[]
}

/** Which indicators lead the company from an instant on; the last entry with from ≤ now is in force. */
export interface NorthStar {
  readonly indicators: readonly string[]
  /** epoch ms */
  readonly from: number
  readonly reason: string
  readonly set_by: string
}
