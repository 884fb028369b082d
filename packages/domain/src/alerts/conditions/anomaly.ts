/** A value far from what is usual: a robust z-score against the same hour of other days, or the windows before. */
import type { Indicator } from '../../definitions/index.ts'
import type { Evaluation } from '../../indicators/sheet.ts'
import { lengthWindow, type Window } from '../../indicators/window.ts'
import { type AnomalyKind, anomalyOf } from '../../statistics/anomaly.ts'
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
  const known = past.flatMap(({ value }, i) => (value === null ? [] : [{ value, ...placeOf(condition, i) }]))
  const values = valuesOf(same)
  const kind = kindOf(indicator)
  const found = now.value === null ? null : anomalyOf(now.value, { same: values, all: known }, kind, volume)
  const expected = values.length === 0 ? null : median(values)
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

const isRate = ({ type, unit }: Indicator): boolean => type === 'ratio' || (unit !== 'count' && unit !== 'money')

/** A window of the past: how many steps ago it was, and which of those that are alike it is one of. */
function placeOf({ baseline }: AnomalyCondition, index: number): { ago: number; place: number } {
  if (baseline === 'recent') return { ago: index + 1, place: 0 }
  // every seventh day before is of the same weekday, and comes first in its week
  const place = (index + 1) % WEEK
  return { ago: Math.floor(index / WEEK) + 1, place }
}

const valuesOf = (found: readonly Evaluation[]): number[] =>
  found.flatMap(({ value }) => (value === null ? [] : [value]))

/** What chance does to it depends on what it counts. */
function kindOf(indicator: Indicator): AnomalyKind {
  if (indicator.type === 'ratio') return RATIOS[indicator.unit] ?? 'other'
  return indicator.unit === 'count' || indicator.unit === 'money' ? indicator.unit : 'other'
}

const RATIOS: Readonly<Record<string, AnomalyKind>> = { percent: 'share', money: 'mean' }
