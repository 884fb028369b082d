import type { Indicator } from '../definitions/index.ts'
import { type Interval, npsInterval, wilson } from '../statistics/index.ts'
import { type Evaluator, outcomeOf, type Scope } from './evaluate.ts'
import type { Window } from './window.ts'

/**
 * The 95 % interval of a value that is made of counts: Wilson for a share of independent units, adjusted Wald for a
 * net share of answers. Null for every other one; ratios of many events per person need their moments (clusters).
 */
export function intervalOf(
  evaluator: Evaluator,
  indicator: Indicator,
  window: Window,
  scope: Scope,
  group: readonly string[],
): Interval | null {
  const count = (id: string) => outcomeOf(evaluator, indicator, id, window, scope, group).value
  if (indicator.interval === 'wilson' && indicator.type === 'ratio') {
    const [part, whole] = [count(indicator.numerator), count(indicator.denominator)]
    return part === null || whole === null ? null : wilson(part, whole)
  }
  if (indicator.interval === 'nps' && indicator.type === 'derived' && indicator.net) {
    const { positive, negative, all, scale } = indicator.net
    const [up, down, whole] = [count(positive), count(negative), count(all)]
    if (up === null || down === null || whole === null) return null
    const points = npsInterval(up, down, whole)
    return points === null ? null : [(points[0] * scale) / 100, (points[1] * scale) / 100]
  }
  return null
}
