/** A value far from what is usual: a robust z-score against the same hour of other days, or the windows before. */
import type { Indicator } from '../../definitions.ts'
import type { Evaluation } from '../../indicators/sheet.ts'
import { lengthWindow, type Window } from '../../indicators/window.ts'
import { anomalyOf } from '../../statistics/anomaly.ts'
import { median } from '../../statistics/trend.ts'
import { moveDays } from '../../windows/index.ts'
import type { Observation } from '../evaluate/observation.ts'
import type { Condition } from '../types/rules.ts'
import { type Reading, type Subject, settled } from './reading.ts'

type AnomalyCondition = Extract<Condition, { readonly kind: 'anomaly' }>

const WEEK = 7

/**
 * The window itself and its past. weekly: the same hours of every day of so many weeks, of which every seventh is of the
 * same weekday; recent: so many windows right before.
 */
export function windowsOfAnomaly(
  { baseline, history }: AnomalyCondition,
  { rule, calendar }: Subject,
  instant: number,
): Window[] {
  const length = rule.windowMs
  const window = lengthWindow(instant - length, instant)
  const past =
    baseline === 'recent'
      ? Array.from({ length: history }, (_, i) => lengthWindow(instant - (i + 2) * length, instant - (i + 1) * length))
      : Array.from({ length: history * WEEK }, (_, i) => {
          const to = moveDays(calendar, instant, -(i + 1))
          return lengthWindow(to - length, to)
        })
  return [window, ...past.map(each => settled(each, instant))]
}

export function observeAnomaly(
  condition: AnomalyCondition,
  { rule, indicator }: Subject,
  reading: Reading,
  group: readonly string[],
): Observation {
  const now = reading.at(0, group)
  const before = reading.windows.slice(1).map((_, i) => reading.at(i + 1, group))
  // before the first of its kind there was nothing to count, which is not the same as none
  const past = before.slice(0, before.findLastIndex(({ n }) => n > 0) + 1)
  // every seventh day before is of the same weekday
  const same = condition.baseline === 'weekly' ? past.filter((_, i) => i % WEEK === WEEK - 1) : past
  const expectedN = same.length === 0 ? 0 : median(same.map(({ n }) => n))
  const volume = Math.max(now.n, expectedN)
  const values = valuesOf(same)
  const expected = values.length === 0 ? null : median(values)
  const error = expected === null ? 0 : samplingError(indicator, expected, volume)
  const residuals =
    condition.baseline === 'weekly' ? weekdayResiduals(past) : values.map(value => value - (expected ?? 0))
  const found = now.value === null ? null : anomalyOf(now.value, values, residuals, { error, n: volume, minimum: 0 })
  const compared = { expected: found?.expected ?? expected, score: found?.score ?? null }
  const seen = { value: now.value, target: null, n: now.n, compared }
  const lowVolume = rule.minimumVolume !== null && volume < rule.minimumVolume
  // none where there never were any is as usual, and so are some to whoever fears fewer
  if (past.length === 0 && (now.value === 0 || (condition.direction === 'down' && now.value !== null)))
    return { group, fires: false, stays: false, lowVolume: false, seen }
  if (found === null) return { group, fires: null, stays: null, lowVolume, seen }
  const isThatWay = condition.direction === 'any' || (condition.direction === 'up') === found.residual > 0
  const stays = isThatWay && found.score >= condition.recovery
  // of a count the volume is the value: that there are few again is an end. A rate of few says nothing
  if (lowVolume) return { group, fires: null, stays: isRate(indicator) ? null : stays, lowVolume, seen }
  return { group, fires: isThatWay && found.score > condition.score, stays, lowVolume: false, seen }
}

const isRate = ({ unit }: Indicator): boolean => unit !== 'count' && unit !== 'money'

/** Each day's value less the median of its own weekday's. */
function weekdayResiduals(past: readonly Evaluation[]): number[] {
  return Array.from({ length: WEEK }, (_, weekday) => {
    const values = valuesOf(past.filter((_, i) => i % WEEK === weekday))
    if (values.length === 0) return []
    const middle = median(values)
    return values.map(value => value - middle)
  }).flat()
}

const valuesOf = (found: readonly Evaluation[]): number[] =>
  found.flatMap(({ value }) => (value === null ? [] : [value]))

/**
 * What chance alone does to a value that rests on so many things. Shares: binomial; counts: Poisson; sums of amounts:
 * compound Poisson of amounts that vary as much as exponential ones do. Of all else nothing is known.
 */
function samplingError(indicator: Indicator, expected: number, n: number): number {
  if (n <= 0) return 0
  if (indicator.type === 'ratio' && indicator.unit === 'percent' && expected >= 0 && expected <= 1)
    return Math.sqrt((expected * (1 - expected)) / n)
  if (indicator.unit === 'count') return Math.sqrt(Math.max(0, expected))
  if (indicator.unit === 'money') return Math.abs(expected) * Math.sqrt(2 / n)
  return 0
}
