import type { Expression } from './expressions.ts'
import type { Text } from './text.ts'

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
