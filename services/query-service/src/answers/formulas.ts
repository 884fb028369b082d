import { formatWindow, type Indicator, type Offset } from '@kivi/domain'

/** How an indicator is computed, by the names of measures and indicators: one line for a person. */
export function formulaOf(indicator: Indicator): string {
  switch (indicator.type) {
    case 'simple':
      return indicator.measure
    case 'ratio':
      return `${indicator.numerator} / ${indicator.denominator}`
    case 'derived':
      return [
        indicator.expr,
        ...[...indicator.offsets].map(([name, { of, offset }]) => `${name}: ${of} ${offsetText(offset)}`),
      ].join('; ')
    case 'cumulative':
      return `${indicator.of} ${overText(indicator.over)}`
    case 'growth':
      return indicator.as === 'ratio'
        ? `${indicator.of} / (${indicator.of} ${offsetText(indicator.against)}) - 1`
        : `${indicator.of} - (${indicator.of} ${offsetText(indicator.against)})`
    case 'share':
      return `${indicator.of} / ${indicator.of} of every ${indicator.by}`
    case 'mean':
      return indicator.opening
        ? `mean of ${indicator.of} at the start of the window and at the end of each ${indicator.per}`
        : `mean of ${indicator.of} over the whole ${indicator.per}s of the window`
    case 'weighted': {
      const weights = Object.entries(indicator.weights).map(([name, weight]) => `${name || "''"} ${weight}`)
      return `mean of ${indicator.of} over ${indicator.by}, weighted ${[...weights, 'others 1'].join(', ')}`
    }
    case 'correlation':
      return indicator.lags === 0
        ? `correlation of ${indicator.x} and ${indicator.y} by day`
        : `correlation of ${indicator.x} and ${indicator.y} by day, at the strongest of up to ${indicator.lags} days’ lag`
  }
}

function offsetText(offset: Offset): string {
  switch (offset.kind) {
    case 'previous':
      return 'in the period before'
    case 'week':
    case 'year':
      return `a ${offset.kind} before`
    case 'length':
      return `${formatWindow(offset.ms)} before`
    case 'end_of':
      return `at the end of the ${offset.period} before`
  }
}

function overText(over: Extract<Indicator, { type: 'cumulative' }>['over']): string {
  if (over === 'ever') return 'up to the end of the window, since ever'
  if ('ms' in over) return `in the ${formatWindow(over.ms)} up to the end of the window`
  if ('days' in over) return `in the ${over.days} local days that end with the window’s last`
  return `since the ${over.grain} began`
}
