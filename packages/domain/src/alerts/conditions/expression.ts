/** An expression over the value of the last window, its target, and what it was before. */

import { offsetWindow, previousWindow } from '../../indicators/offsets.ts'
import { judgeIn } from '../../indicators/targets.ts'
import { lengthWindow, type Window } from '../../indicators/window.ts'
import type { Interval } from '../../statistics/index.ts'
import type { Observation } from '../evaluate/observation.ts'
import type { Condition, ConditionName, ConditionValues } from '../types/rules.ts'
import { type Reading, type Subject, segmentOf, settled } from './reading.ts'

type ExpressionCondition = Extract<Condition, { readonly kind: 'expression' }>

/** Names that stand for the value of an earlier window. */
const EARLIER = ['previous', 'last_week', 'last_year'] as const satisfies readonly ConditionName[]

const earlierNames = new WeakMap<ExpressionCondition, ReadonlyArray<(typeof EARLIER)[number]>>()

/** Those that a condition names; asked for with every group. */
export function earlierIn(condition: ExpressionCondition): ReadonlyArray<(typeof EARLIER)[number]> {
  const known = earlierNames.get(condition)
  if (known !== undefined) return known
  const { fires, recovers } = condition
  const names = new Set<ConditionName>([...fires.names, ...(recovers?.names ?? [])])
  const found = EARLIER.filter(name => names.has(name))
  earlierNames.set(condition, found)
  return found
}

/** The window itself, then the earlier ones that the expression names. */
export function windowsOfExpression(
  condition: ExpressionCondition,
  { rule, calendar }: Subject,
  instant: number,
): Window[] {
  const window = lengthWindow(instant - rule.windowMs, instant)
  const earlier = earlierIn(condition).map(name =>
    name === 'previous'
      ? previousWindow(window, calendar)
      : offsetWindow(window, { kind: name === 'last_week' ? 'week' : 'year' }, calendar),
  )
  return [window, ...earlier.map(each => settled(each, instant))]
}

export function observeExpression(
  condition: ExpressionCondition,
  subject: Subject,
  reading: Reading,
  group: readonly string[],
): Observation {
  const { rule, indicator, catalog, calendar } = subject
  const found = reading.at(0, group)
  const earlier = earlierIn(condition).map((name, i) => ({ name, found: reading.at(i + 1, group) }))
  const compared = Object.fromEntries(earlier.map(({ name, found }) => [name, found.value]))
  const valuesFor = (value: number | null): ConditionValues => {
    if (indicator.targets.length === 0) return { value, n: found.n, target: null, attainment: null, ...compared }
    const segment = segmentOf(rule.by, group, rule.filters)
    const { provisional } = found
    const judged = judgeIn(catalog, indicator, { value, provisional }, reading.windows[0] as Window, segment, calendar)
    return { value, n: found.n, target: judged.target, attainment: judged.attainment, ...compared }
  }
  const values = valuesFor(found.value)
  const seen = { value: found.value, target: values.target ?? null, n: found.n, compared }
  // of a value that fell to nothing, what it was before says whether that means anything
  const volume = Math.max(found.n, ...earlier.map(each => each.found.n))
  if (rule.minimumVolume !== null && volume < rule.minimumVolume)
    return { group, fires: null, stays: null, lowVolume: true, seen }
  const plainly = condition.fires.holds(values)
  const interval = condition.certain && plainly === true ? reading.interval(group) : null
  const recovered = condition.recovers === null ? null : condition.recovers.holds(values)
  return {
    group,
    fires: interval === null ? plainly : wholly(condition, interval, valuesFor),
    stays: condition.recovers === null ? plainly : recovered === null ? null : !recovered,
    lowVolume: false,
    seen,
  }
}

/** Chance alone puts the value anywhere in its interval: the condition has to hold at both ends. */
function wholly(
  { fires }: ExpressionCondition,
  [low, high]: Interval,
  valuesFor: (value: number) => ConditionValues,
): boolean | null {
  const [below, above] = [fires.holds(valuesFor(low)), fires.holds(valuesFor(high))]
  return below === null || above === null ? null : below && above
}

/** May its interval be asked for? Only where the value alone would fire: intervals can be costly. */
export function needsInterval(
  condition: ExpressionCondition,
  subject: Subject,
  reading: Reading,
  group: readonly string[],
): boolean {
  if (!condition.certain) return false
  const without: Reading = { ...reading, interval: () => null }
  return observeExpression(condition, subject, without, group).fires === true
}
