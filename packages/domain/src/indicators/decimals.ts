import type { Catalog, Indicator } from '../definitions/index.ts'
import { SUM_UNIT } from '../slices.ts'
import { idOf, inputsOf, named } from './graph.ts'

/** Names joined by + and −, with parentheses: no constants, no functions. */
const ADDITIVE = /^[\s(+-]*[A-Za-z_]\w*[\s)]*(?:[+-][\s(+-]*[A-Za-z_]\w*[\s)]*)*$/
/** Below it a double is so fine that the errors of a few additions never reach half a unit of 10⁻⁴. */
const FINE = 2 ** 33
/** What a double holds of a decimal for sure. */
const DIGITS = 15

/**
 * The number of a derived indicator as a person would write it. Sums and counts are multiples of 10⁻⁴; so is
 * whatever only adds and subtracts them, and there it is exact (doubles say 8471.869999999999 for 8471.87). Of all
 * else the last digit of a double, which is only the error of the arithmetic, is left out: 5·10⁻¹⁵ of the value.
 */
export function settleDerived(catalog: Catalog, indicator: Indicator, computed: number): number {
  if (Math.abs(computed) < FINE && isSumOfSums(catalog, indicator))
    // no negative zero: JSON has none, and it would print as one
    return Math.round(computed * SUM_UNIT) / SUM_UNIT + 0
  return settle(computed)
}

/** Without the last digit of a double, which is only the error of the arithmetic. */
export function settle(computed: number): number {
  const settled = Number(computed.toPrecision(DIGITS)) + 0
  // the largest doubles round to infinity
  return Number.isFinite(settled) ? settled : computed
}

/** Does it only add and subtract amounts and counts? Net revenue does. */
export function isSumOfSums(catalog: Catalog, indicator: Indicator): boolean {
  const of = (id: string): boolean => {
    const found = named(catalog, id, indicator)
    if (found.kind === 'indicator') return isSumOfSums(catalog, found.indicator)
    // a reference may have any decimals
    return found.measure.kind !== 'reference' && ['count', 'sum', 'count_distinct'].includes(found.measure.agg)
  }
  switch (indicator.type) {
    case 'simple':
    case 'cumulative':
      return inputsOf(indicator).every(of)
    case 'growth':
      return indicator.as === 'difference' && of(indicator.of)
    case 'derived':
      return (
        ADDITIVE.test(indicator.expr) &&
        indicator.inputs.every(name => {
          const id = idOf(indicator, name)
          return id !== null && of(id)
        })
      )
    default:
      return false
  }
}
