/** The selectors of an expression, each with the labels that it is asked by. */
import type { Catalog, Indicator } from '@kivi/domain'
import type { Expr, RangeCall, RangeFunction, Selector } from './promql/syntax.ts'
import { selected } from './series.ts'

export interface Leaf {
  /** what stands in the expression: the selector, or the function over it */
  readonly node: Selector | RangeCall
  readonly selector: Selector
  readonly function: RangeFunction | null
  /** labels that its matchers, the aggregation around it or `on` name */
  readonly labels: readonly string[]
}

/**
 * An indicator has no series of its own: it can be asked in total, or by any of its dimensions. What the query names
 * is what it is asked by; so a selector without dimensions is the total.
 */
export function leavesOf(expr: Expr, named: readonly string[] = []): Leaf[] {
  switch (expr.kind) {
    case 'number':
      return []
    case 'negated':
      return leavesOf(expr.of, named)
    case 'selector':
      return [{ node: expr, selector: expr, function: null, labels: labelsOf(expr, named) }]
    case 'call':
      return [{ node: expr, selector: expr.over, function: expr.function, labels: labelsOf(expr.over, named) }]
    case 'aggregate':
      return leavesOf(expr.of, expr.grouping.only ? expr.grouping.names : [])
    case 'binary': {
      const both = expr.matching.only ? [...named, ...expr.matching.names] : named
      return [...leavesOf(expr.left, both), ...leavesOf(expr.right, both)]
    }
  }
}

/** All indicators that the expression is about. */
export const indicatorsOf = (catalog: Catalog, expr: Expr): Indicator[] => [
  ...new Set(leavesOf(expr).flatMap(({ selector }) => selected(catalog, selector.matchers))),
]

function labelsOf(selector: Selector, named: readonly string[]): string[] {
  const labels = [...selector.matchers.map(({ label }) => label), ...named]
  return [...new Set(labels)].filter(label => label !== '__name__').sort()
}
