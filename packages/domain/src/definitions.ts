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
}

export type Aggregation = 'count' | 'sum' | 'mean' | 'min' | 'max' | 'count_distinct' | 'quantile'

/**
 * An aggregate over events that is kept in slices. `mean` keeps sum and count; `quantile` keeps a histogram,
 * served at `quantiles`.
 */
export interface Measure {
  readonly id: string
  readonly label: Text
  readonly description: Text
  /** event types it reads; empty: all */
  readonly events: readonly string[]
  readonly filter: Expression | null
  readonly agg: Aggregation
  /** number summed or ranked; for count_distinct the field (`person` is the person hash) */
  readonly expr: Expression | null
  readonly distinct: string | null
  /** fields by which it is kept, sorted as declared; slices hold their values in this order */
  readonly dimensions: readonly string[]
  readonly unit: string
  readonly quantile: number | null
  readonly better: 'higher' | 'lower'
}

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
  /** hash of what decides the value, 12 hex digits */
  readonly version: string
}

/** A number of one measure, the quotient of two, or an expression over several (each name a measure or indicator). */
export type Indicator =
  | (IndicatorBase & { readonly type: 'simple'; readonly measure: string })
  | (IndicatorBase & { readonly type: 'ratio'; readonly numerator: string; readonly denominator: string })
  | (IndicatorBase & {
      readonly type: 'derived'
      readonly expr: string
      /** names in expr: ids of measures or indicators, sorted */
      readonly inputs: readonly string[]
      /** value from its inputs; null in, or x/0: null */
      readonly compute: (inputs: Readonly<Record<string, number | null>>) => number | null
    })

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
  /** in the catalog's order; every measure that no indicator names as its id is here too, as `simple`, board: false */
  readonly indicators: ReadonlyMap<string, Indicator>
  readonly northStar: readonly NorthStar[]
  readonly layout: Layout
  /** Avro schemas as canonical JSON by event type, for registry and single-object encoding */
  readonly schemas: ReadonlyMap<string, string>
  /** what event types looked like before: producers that write single-object encoding may still name them */
  readonly olderSchemas?: readonly string[]
  /** the files by name, to store the catalog by its hash */
  readonly files: ReadonlyMap<string, string>
}

import type { Layout } from './event-columns.ts'
