/** The catalog as typed, checked definitions. packages/catalog makes them from YAML and .avsc; see docs/catalog.md. */

export interface Text {
  readonly en: string
  readonly zh?: string
}

export type FieldType =
  | { readonly kind: 'string' | 'double' | 'long' | 'boolean' | 'map' }
  | { readonly kind: 'enum'; readonly values: readonly string[] }

export interface EventType {
  readonly name: string
  readonly description: Text
  /** every field but event_id, event_type, event_time; common fields included */
  readonly fields: ReadonlyMap<string, FieldType>
  /** required beside event_id, event_type and event_time */
  readonly required: readonly string[]
  /** text fields that take event_id's value where they are missing: order_id of a purchase */
  readonly defaults: ReadonlyMap<string, 'event_id'>
  /** fields with as many values as there are people, orders, …: they are counted, never grouped or filtered by */
  readonly identifiers: ReadonlySet<string>
}

/** Which indicators lead the company from an instant on; the last entry with from ≤ now is in force. */
export interface NorthStar {
  readonly indicators: readonly string[]
  /** epoch ms */
  readonly from: number
  readonly reason: string
  readonly set_by: string
}

export interface SurveyScale {
  readonly survey: string
  readonly min: number
  readonly max: number
}

/**
 * A checked expression of the catalog's CEL dialect. Null means no data: x/0, and anything with null.
 */
export interface Expression {
  readonly source: string
  readonly type: 'number' | 'boolean' | 'string'
  /** fields of the event that it reads (`campaign`, `properties.policy`), sorted */
  readonly fields: readonly string[]
  /** over one event as a plain object: the reference, obviously right and slow */
  evaluate(event: Readonly<Record<string, unknown>>): number | boolean | string | null
  /**
   * A JavaScript expression over columns for `new Function`. In scope must be the row `i` and one variable per
   * column: `s0`, `s1`, … for layout.strings and `n0`, `n1`, … for layout.numbers.
   * A number is NaN where there is no data, and at most 2^40 in size; a boolean is false there.
   */
  toColumns(layout: Layout): string
  /** a ClickHouse expression over the raw `events` table: Nullable(Float64), or UInt8 (0 where there is no data) */
  toSql(): string
  /** of a condition: the two that it is made of, where `shared` (valid traffic) is the same object in many definitions */
  readonly parts?: { readonly own: Expression | null; readonly shared: Expression }
}

/** A definition's condition as its file says it, without what holds for all: that events are no invalid traffic. */
export const ownFilter = (filter: Expression | null): Expression | null =>
  filter?.parts === undefined ? filter : filter.parts.own

export type Aggregation = 'count' | 'sum' | 'mean' | 'min' | 'max' | 'count_distinct' | 'quantile'

/** What every number has that indicators are made of, wherever it comes from. */
export interface MeasureBase {
  readonly id: string
  readonly label: Text
  readonly description: Text
  readonly agg: Aggregation
  /** fields by which it can be asked */
  readonly dimensions: readonly string[]
  readonly unit: string
  readonly quantile: number | null
  readonly better: 'higher' | 'lower'
}

/**
 * An aggregate over events that is kept in slices. `mean` keeps sum and count; `quantile` keeps a histogram,
 * served at `quantiles`. Slices hold the values of its dimensions in their order.
 */
export interface Measure extends MeasureBase {
  readonly kind?: 'event'
  /** event types it reads; empty: all */
  readonly events: readonly string[]
  readonly filter: Expression | null
  /** number summed or ranked; for count_distinct the field (`person` is the person hash) */
  readonly expr: Expression | null
  readonly distinct: string | null
}

/** A measure of any kind. */
export type AnyMeasure = Measure | DerivedMeasure

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

export interface Catalog {
  /** SHA-256 (64 hex digits) of everything that decides outcomes and slices */
  readonly hash: string
  readonly timezone: string
  readonly currency: string
  /** MM-DD */
  readonly fiscalYearStart: string
  readonly eventTypes: ReadonlyMap<string, EventType>
  readonly surveys: ReadonlyMap<string, SurveyScale>
  /** in the catalog's order */
  readonly measures: ReadonlyMap<string, Measure>
  /** measures over entities, attributions and references, in the catalog's order */
  readonly derivedMeasures: ReadonlyMap<string, DerivedMeasure>
  readonly entities: ReadonlyMap<string, Entity>
  readonly attributions: ReadonlyMap<string, Attribution>
  readonly references: ReadonlyMap<string, Reference>
  readonly funnels: ReadonlyMap<string, Funnel>
  readonly valueSegments: ReadonlyMap<string, ValueSegments>
  /** an event of one of these types (`*`: any) with both ids says whose the anonymous id is; empty: ids are never linked */
  readonly linkedBy: readonly string[]
  /** what makes a person active (`event: active`), without invalid traffic */
  readonly active: readonly EventSelection[]
  /** what events fulfil that are no invalid traffic; null, or none: all are valid */
  readonly valid?: Expression | null
  /** in the catalog's order; every measure that no indicator names as its id is here too, as `simple`, board: false */
  readonly indicators: ReadonlyMap<string, Indicator>
  /** alert rules, and who is told of them */
  readonly alerting: Alerting
  /** periodic reports, in the catalog's order */
  readonly digests: ReadonlyMap<string, DigestDefinition>
  readonly northStar: readonly NorthStar[]
  readonly layout: Layout
  /** Avro schemas as canonical JSON by event type, for registry and single-object encoding */
  readonly schemas: ReadonlyMap<string, string>
  /** what event types looked like before: producers that write single-object encoding may still name them */
  readonly olderSchemas?: readonly string[]
  /** the files by name, to store the catalog by its hash */
  readonly files: ReadonlyMap<string, string>
}

import type { Alerting } from './alerts/types/alerting.ts'
import type { DigestDefinition } from './digests/types/definition.ts'
import type {
  Attribution,
  DerivedMeasure,
  Entity,
  EventSelection,
  Funnel,
  Reference,
  ValueSegments,
} from './entities.ts'
import type { Layout } from './event-columns.ts'
