/** A target of a period that will be missed if it goes on like this. */
import { targetIn } from '../../indicators/targets.ts'
import type { Window } from '../../indicators/window.ts'
import { QUARTER_HOUR } from '../../slices.ts'
import { median } from '../../statistics/trend.ts'
import { floorTo, periodAfter, periodAt } from '../../windows/index.ts'
import type { Observation } from '../evaluate/observation.ts'
import type { Condition } from '../types/rules.ts'
import { type Reading, type Subject, segmentOf } from './reading.ts'

type PaceCondition = Extract<Condition, { readonly kind: 'pace' }>

/** Periods before this one that tell how much of the whole has usually come by now. */
const EARLIER_PERIODS = 4

/** The running period up to the instant; then of each earlier one the whole, and as much of it as has gone of this. */
export function windowsOfPace({ per }: PaceCondition, { calendar }: Subject, instant: number): Window[] {
  const whole = periodAt(calendar, per, instant - 1)
  const elapsed = (instant - whole.from) / (whole.to - whole.from)
  const earlier = Array.from({ length: EARLIER_PERIODS }, (_, i) => periodAfter(calendar, per, whole.from, -(i + 1)))
  return [
    { from: whole.from, to: instant, kind: 'period', unit: per, whole },
    ...earlier.flatMap((period): Window[] => {
      const part = floorTo(period.from + elapsed * (period.to - period.from), QUARTER_HOUR)
      const rest = { kind: 'period', unit: per, whole: period } as const
      return [
        { ...period, ...rest },
        { from: period.from, to: Math.max(period.from, part), ...rest },
      ]
    }),
  ]
}

export function observePace(
  condition: PaceCondition,
  subject: Subject,
  reading: Reading,
  group: readonly string[],
): Observation {
  const { rule, indicator, calendar } = subject
  const [running] = reading.windows as readonly [Window, ...Window[]]
  const { value, n } = reading.at(0, group)
  const target = targetIn(indicator, running, segmentOf(rule.by, group, rule.filters), calendar)?.target.value ?? null
  const elapsed = (running.to - running.from) / (running.whole.to - running.whole.from)
  const share = usualShare(reading, group) ?? elapsed
  const projected = value === null || share <= 0 ? null : value / share
  const seen = { value, target, n, compared: { projected } }
  const lowVolume = rule.minimumVolume !== null && n < rule.minimumVolume
  // a new period begins with nothing to say
  if (target === null || projected === null || lowVolume) return { group, fires: null, stays: null, lowVolume, seen }
  if (elapsed < condition.after) return { group, fires: false, stays: false, lowVolume: false, seen }
  const slack = condition.tolerance * Math.abs(target)
  const behind = indicator.better === 'higher' ? target - projected : projected - target
  return { group, fires: behind > slack, stays: behind > 0, lowVolume: false, seen }
}

/** The share of a period's whole that has usually come by now; null: the earlier ones do not tell. */
function usualShare(reading: Reading, group: readonly string[]): number | null {
  const shares: number[] = []
  for (let i = 0; i < EARLIER_PERIODS; i++) {
    const whole = reading.at(1 + 2 * i, group).value
    const part = reading.at(2 + 2 * i, group).value
    if (whole !== null && part !== null && whole > 0 && part > 0) shares.push(part / whole)
  }
  return shares.length < 2 ? null : median(shares)
}
