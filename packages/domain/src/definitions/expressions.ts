import type { Layout } from '../event-columns.ts'

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
