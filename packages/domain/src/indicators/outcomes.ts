/** Numbers made of numbers: what is missing in one is missing in the other, with its reason. */
import type { Catalog, Indicator } from '../definitions/index.ts'
import { settle, settleDerived } from './decimals.ts'
import type { Outcome } from './measures.ts'

export function quotient(numerator: Outcome, denominator: Outcome): Outcome {
  const { n } = denominator
  if (numerator.value === null || denominator.value === null)
    return { value: null, reason: denominator.reason ?? numerator.reason, n }
  if (denominator.value === 0) return { value: null, reason: 'zero_denominator', n }
  return { value: numerator.value / denominator.value, reason: null, n }
}

export function growth(now: Outcome, before: Outcome): Outcome {
  const n = Math.min(now.n, before.n)
  if (now.value === null || before.value === null) return { value: null, reason: before.reason ?? now.reason, n }
  if (before.value <= 0) return { value: null, reason: 'previous_not_positive', n }
  return { value: settle((now.value - before.value) / before.value), reason: null, n }
}

export function difference(catalog: Catalog, indicator: Indicator, now: Outcome, before: Outcome): Outcome {
  const n = Math.min(now.n, before.n)
  if (now.value === null || before.value === null) return { value: null, reason: before.reason ?? now.reason, n }
  return { value: settleDerived(catalog, indicator, now.value - before.value), reason: null, n }
}

/** Over the periods that have a value. */
export function meanOfPeriods(outcomes: readonly Outcome[]): Outcome {
  const n = outcomes.reduce((sum, outcome) => sum + outcome.n, 0)
  const values = outcomes.flatMap(({ value }) => (value === null ? [] : [value]))
  if (values.length > 0) return { value: meanOf(values), reason: null, n }
  return { value: null, reason: outcomes[0]?.reason ?? 'too_few', n }
}

/** A level that is not known at one of the instants leaves no mean: it would be that of another time. */
export function meanOfLevels(outcomes: readonly Outcome[]): Outcome {
  const n = outcomes.reduce((sum, outcome) => sum + outcome.n, 0)
  const missing = outcomes.find(outcome => outcome.value === null)
  if (missing !== undefined) return { value: null, reason: missing.reason, n }
  return { value: meanOf(outcomes.map(outcome => outcome.value as number)), reason: null, n }
}

const meanOf = (values: readonly number[]): number =>
  settle(values.reduce((sum, value) => sum + value, 0) / values.length)

/** One group's number with its weight. */
export interface Weighed extends Outcome {
  readonly weight: number
}

/** Over the groups that have a value. */
export function weightedMean(outcomes: readonly Weighed[]): Outcome {
  const n = outcomes.reduce((sum, outcome) => sum + outcome.n, 0)
  let [total, weights] = [0, 0]
  for (const { value, weight } of outcomes) {
    if (value === null) continue
    total += weight * value
    weights += weight
  }
  if (weights > 0) return { value: settle(total / weights), reason: null, n }
  return { value: null, reason: outcomes.find(({ reason }) => reason !== null)?.reason ?? 'no_data', n }
}
