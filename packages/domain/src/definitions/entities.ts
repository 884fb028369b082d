/**
 * What is derived from raw events: entities (tickets, orders, persons, sessions, …), the measures over them, credit
 * for conversions, reference values. packages/catalog makes these from YAML, packages/clickhouse computes them.
 */
import type { AskedRange, TimeRange } from '../ranges.ts'
import type { Expression } from './expressions.ts'
import type { Measure, MeasureBase } from './measures.ts'
import type { Text } from './text.ts'

/** Type of a value in entity expressions. Times are epoch ms, durations ms; both are doubles and exact. */
export type EntityValueType = 'number' | 'boolean' | 'time' | 'duration' | 'text' | 'person'

/** Some events: of these types (none: of all), where the filter holds. */
export interface EventSelection {
  readonly events: readonly string[]
  readonly filter: Expression | null
}

/** What an observation's value is: nothing but that it happened, a number, a text field, when, or who. */
export type ObservedValue =
  | { readonly kind: 'none' }
  | { readonly kind: 'number'; readonly expr: Expression }
  | { readonly kind: 'text'; readonly field: string }
  | { readonly kind: 'time' }
  | { readonly kind: 'person' }

/**
 * One field of an entity. Whatever its aggregation, it is kept as the list of its observations, each with its time,
 * so that it can be told as of any instant. `list` gives expressions the list itself, the others one value of it.
 */
export interface EntityField {
  readonly name: string
  /** an event that any of them selects is an observation */
  readonly from: readonly EventSelection[]
  readonly value: ObservedValue
  readonly agg: 'list' | 'count' | 'sum' | 'min' | 'max' | 'first' | 'last'
  /** text fields of the event that each observation carries along: dimensions of measures over the list */
  readonly keep: readonly string[]
  /** of the one value; of a list: of its observations' values */
  readonly type: EntityValueType
}

/** Times at which another field of the same entity was observed in the other rows that share the values of `same`. */
export interface PeerField {
  readonly name: string
  /** a field of the entity, of type time */
  readonly of: string
  /** scalar fields of type text or person */
  readonly same: readonly string[]
  /** only of rows that come before: by that time, then by their keys, so that of rows of one instant one is the first */
  readonly earlier?: boolean
}

/**
 * Rows folded from the events of one key. Kept as a table of (key, local day) rows, which holds each field's
 * observations of that day; anonymous persons are resolved when it is read.
 */
export interface Entity {
  readonly name: string
  readonly label: Text
  readonly description: Text
  /** `person`, or names of text fields; several make one key. An event without one of them belongs to no row */
  readonly key: readonly string[]
  /**
   * Rows are sessions of a person: what has a session_id is one, stored under it; the rest is cut where nothing of `own`
   * happened for `gapMs`, when it is read
   */
  readonly split: { readonly gapMs: number; readonly own: string } | null
  readonly fields: ReadonlyMap<string, EntityField>
  readonly peers: ReadonlyMap<string, PeerField>
  /** hash of what decides its table, 12 hex digits: part of the table's name */
  readonly version: string
}

/**
 * A checked expression over the fields of an entity's row. Null is NaN (a number, time or duration), '' or 0 (a person).
 *
 * In scope of its SQL are: per field f the column `l_f`, `Array(Tuple(t Float64, v T, k Array(String)))` sorted by
 * (t, v), T being Float64 (numbers, times; 1 for `none`), String or UInt64 (persons), no v being null; per peer field
 * p `l_p` of the same shape with v = t; `person` (UInt64, 0: nobody) where the key has one; `each_t` (Float64, epoch
 * ms), `each_v` (of the list's T), `each_k` (Array(String), what the list keeps); `window_start`, `window_end`,
 * `previous_start`, `before_previous_start`, `known_until` as Float64 (epoch ms). Amounts of money are summed as doubles: who sums rows rounds each to 10⁻⁴ first.
 */
export interface EntityExpression {
  readonly source: string
  readonly type: EntityValueType
  /** fields and peer fields that it reads, sorted */
  readonly fields: readonly string[]
  /** columns it reads beside fields, sorted: each_t, each_v, each_k, window_start, window_end, previous_start, before_previous_start, known_until, person */
  readonly uses: readonly string[]
  /**
   * Boolean: UInt8 (0 where there is no data); number, time, duration: Float64; text: String; person: UInt64.
   * @param until SQL of an instant (Float64, epoch ms): only observations before it count; null: all
   */
  toSql(until: string | null): string
  /** by field: the instants [from, to) outside of which no observation changes the value; infinite where not known */
  reads(at: ReadingAt): ReadonlyMap<string, TimeRange>
  /** fields with instants: a condition holds only where one of them was observed then; null: it may hold without */
  needs(at: ReadingAt): ReadonlyMap<string, TimeRange> | null
  /** the value is always the time or the value of an observation of one of these fields; null: it need not be */
  readonly times: readonly string[] | null
}

/** What is known of an expression's names when it is read; null: nothing. */
export interface ReadingAt {
  /** window_start and window_end, and where the windows before begin */
  readonly window: AskedRange | null
  /** between which instants each_t lies */
  readonly each: TimeRange | null
  /** known_until */
  readonly known: number
}

/** How long after its time what is counted can still change: a length, or until the local day so many after its own begins (8: day 7 is over). */
export type FollowUp = { readonly ms: number } | { readonly days: number }

/** An aggregate over the rows of an entity. */
export interface EntityMeasure extends MeasureBase {
  readonly kind: 'entity'
  readonly entity: string
  /**
   * `at`: a row counts in the window that holds this time. `each`: each observation of a list does (`per: day`: the
   * observations of one local day as one, each_t the first's time, each_v the sum); `time`, if given, instead of its
   * own. `end`: every row, as of the window's end; window_start, window_end,
   * previous_start and before_previous_start can be used.
   */
  readonly timing:
    | { readonly kind: 'at'; readonly time: EntityExpression }
    | {
        readonly kind: 'each'
        readonly list: string
        readonly per: 'day' | null
        readonly time: EntityExpression | null
      }
    | { readonly kind: 'end' }
  readonly filter: EntityExpression | null
  /** durations are given in the measure's unit: ms × `scale` */
  readonly expr: EntityExpression | null
  readonly scale: number
  /** for count_distinct: a text or person; null: rows */
  readonly distinct: EntityExpression | null
  /** value of each dimension, type text: a scalar field, or a kept field of the `each` list */
  readonly groups: ReadonlyMap<string, { readonly field: string } | { readonly kept: number }>
  readonly followUp: FollowUp | null
  /** what nothing counts as */
  readonly empty: 'zero' | 'null'
}

/** Things that happened to persons at a time: rows of an entity, or observations of a list of a person-keyed one. */
export type Occurrences =
  | {
      readonly kind: 'rows'
      readonly entity: string
      readonly at: EntityExpression
      /** the scalar field that says whose; null: the entity's key is the person */
      readonly person: string | null
      readonly filter: EntityExpression | null
    }
  | { readonly kind: 'list'; readonly entity: string; readonly list: string; readonly filter: EntityExpression | null }

export type CreditModel = 'last' | 'first' | 'any' | 'linear' | 'position'

/** Conversions are credited to the same person's touches at most `windowMs` before: 0 ≤ gap < windowMs. */
export interface Attribution {
  readonly name: string
  readonly touches: readonly Occurrences[]
  readonly conversions: Occurrences
  readonly windowMs: number
  /** position: 40 % to the first, 40 % to the last, the rest shared by those between */
  readonly credit: CreditModel
  readonly version: string
}

/** A number of an attribution, by time and dimensions of the touch. */
export interface AttributedMeasure extends MeasureBase {
  readonly kind: 'attributed'
  readonly attribution: string
  /**
   * What is aggregated: touches, touches that earned any credit, credited conversions (weights), the conversions'
   * value × weight, persons touched, persons touched who were credited.
   */
  readonly counts: 'touches' | 'converted_touches' | 'conversions' | 'value' | 'persons' | 'converted_persons'
  /** value of a conversion, over the conversions' entity (each_v where they are a list) */
  readonly expr: EntityExpression | null
  readonly followUp: FollowUp
}

/** A dated series of figures that no event carries. */
export interface Reference {
  readonly name: string
  readonly label: Text
  readonly unit: string
  /** level: the value in force at an instant. flow: a sum over [from, until), taken in proportion of time */
  readonly kind: 'level' | 'flow'
  readonly dimensions: readonly string[]
  readonly values: readonly ReferenceValue[]
}

export interface ReferenceValue {
  readonly value: number
  /** epoch ms */
  readonly from: number
  readonly until: number | null
  readonly by: Readonly<Record<string, string>>
}

/** A reference as a measure. `take`: a level's value at the window's start, end, or the mean of both; a flow's sum. */
export interface ReferenceMeasure extends MeasureBase {
  readonly kind: 'reference'
  readonly reference: string
  readonly take: 'start' | 'end' | 'mean' | 'sum'
}

/** Persons who reached a step (0: entered) of a funnel, by time and dimensions of their first step. */
export interface FunnelMeasure extends MeasureBase {
  readonly kind: 'funnel'
  readonly funnel: string
  readonly step: number
  readonly followUp: FollowUp
}

/** A measure that is computed from derived tables or raw events when asked, not kept in slices. */
export type DerivedMeasure = EntityMeasure | AttributedMeasure | ReferenceMeasure | FunnelMeasure

/** A measure of any kind. */
export type AnyMeasure = Measure | DerivedMeasure

/** One step of a funnel. */
export interface FunnelStep extends EventSelection {
  readonly name: string
  readonly label: Text
}

/** Ordered steps of one person: each after the one before, all within `withinMs` of the first. */
export interface Funnel {
  readonly name: string
  readonly label: Text
  readonly steps: readonly FunnelStep[]
  readonly withinMs: number
  /** of the first step's event */
  readonly dimensions: readonly string[]
  readonly version: string
}

/** Groups of the rows of a person-keyed entity by a value that is frozen at the period's start. */
export interface ValueSegments {
  readonly name: string
  readonly entity: string
  /** evaluated with window_start as its end: what decides membership */
  readonly value: EntityExpression
  /** what is measured in the period [window_start, window_end) */
  readonly measured: EntityExpression
  /** names with their lower limits, highest first; the last one takes the rest */
  readonly limits: ReadonlyArray<{ readonly segment: string; readonly from: number }>
  /** the same names with their shares of persons, highest first */
  readonly shares: ReadonlyArray<{ readonly segment: string; readonly share: number }>
}
