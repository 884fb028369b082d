/** The part of PromQL that indicators understand, as a tree. */

export type MatchOp = '=' | '!=' | '=~' | '!~'

export interface Matcher {
  readonly label: string
  readonly op: MatchOp
  readonly value: string
  /** `value` may be the empty text: of a label that is not there */
  readonly matches: (value: string) => boolean
}

/** Series at an instant, or with `rangeMs` over the time that ends with it. */
export interface Selector {
  readonly kind: 'selector'
  readonly matchers: readonly Matcher[]
  readonly offsetMs: number
  readonly rangeMs: number | null
}

export const RANGE_FUNCTIONS = [
  'avg_over_time',
  'min_over_time',
  'max_over_time',
  'sum_over_time',
  'count_over_time',
  'last_over_time',
  'delta',
  'increase',
  'rate',
] as const
export type RangeFunction = (typeof RANGE_FUNCTIONS)[number]

export const AGGREGATIONS = ['sum', 'avg', 'min', 'max', 'count'] as const
type Aggregation = (typeof AGGREGATIONS)[number]

export const ARITHMETIC = ['+', '-', '*', '/', '%', '^'] as const
export const COMPARISONS = ['==', '!=', '>', '<', '>=', '<='] as const
export type BinaryOp = (typeof ARITHMETIC)[number] | (typeof COMPARISONS)[number]

export interface Labels {
  readonly names: readonly string[]
  /** these labels count; else all but these */
  readonly only: boolean
}

export interface RangeCall {
  readonly kind: 'call'
  readonly function: RangeFunction
  readonly over: Selector & { readonly rangeMs: number }
}

export interface Aggregate {
  readonly kind: 'aggregate'
  readonly op: Aggregation
  readonly grouping: Labels
  readonly of: Expr
}

export interface Binary {
  readonly kind: 'binary'
  readonly op: BinaryOp
  /** of a comparison: 0 and 1 instead of leaving out what does not hold */
  readonly bool: boolean
  /** labels by which the series of both sides find each other */
  readonly matching: Labels
  readonly left: Expr
  readonly right: Expr
}

export type Expr =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'negated'; readonly of: Expr }
  | Selector
  | RangeCall
  | Aggregate
  | Binary

export const isScalar = (expr: Expr): boolean => {
  switch (expr.kind) {
    case 'number':
      return true
    case 'negated':
      return isScalar(expr.of)
    case 'binary':
      return isScalar(expr.left) && isScalar(expr.right)
    default:
      return false
  }
}
