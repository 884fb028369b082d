import {
  type Action,
  type ActionEffect,
  actionEffect,
  type Calendar,
  type DimensionFilter,
  type Indicator,
  type TimeRange,
  weeksAround,
} from '@kivi/domain'
import { formatTime } from '../questions/times.ts'

/** Values of an indicator in several windows at once. */
export type ReadValues = (
  indicator: Indicator,
  windows: readonly TimeRange[],
  filters: readonly DimensionFilter[],
) => Promise<ReadonlyArray<number | null>>

export interface EffectItem {
  readonly indicator: string
  readonly unit: string
  readonly method: ActionEffect['method']
  readonly weeks_before: number
  readonly weeks_after: number
  readonly step: number | null
  readonly interval: readonly [number, number] | null
  readonly p: number | null
  readonly good: boolean | null
  readonly weeks: ReadonlyArray<{
    readonly from: string
    readonly value: number | null
    readonly control?: number | null
  }>
}

export const EFFECT_NOTE =
  'What followed the action, beyond the trend before it. It is no proof: something else may have begun in that week.'

/** The effect of an action on one indicator, in the part of it that the action was meant to move. */
export async function effectOn(
  read: ReadValues,
  indicator: Indicator,
  action: Action,
  control: DimensionFilter | null,
  moment: { readonly calendar: Calendar; readonly known: number },
): Promise<EffectItem> {
  const around = weeksAround(moment.calendar, action.at, moment.known, action.until)
  const filters = Object.entries(action.by).map(([field, value]) => ({ field, values: [value] }))
  const all = [...around.before, ...around.after]
  const [everyValue, everyControl] = await Promise.all([
    read(indicator, all, filters),
    control === null ? null : read(indicator, all, [control]),
  ])
  // weeks before the first event are no weeks of zero: the indicator was not there
  const begun = everyValue.findIndex(value => value !== null && value !== 0)
  const skipped = Math.min(begun < 0 ? 0 : begun, around.before.length)
  const before = around.before.slice(skipped)
  const [weeks, values, controls] = [
    all.slice(skipped),
    everyValue.slice(skipped),
    everyControl?.slice(skipped) ?? null,
  ]
  const split = (weekly: ReadonlyArray<number | null>) => ({
    before: weekly.slice(0, before.length),
    after: weekly.slice(before.length),
  })
  const effect = actionEffect(split(values), controls === null ? null : split(controls))
  return {
    indicator: indicator.id,
    unit: indicator.unit,
    method: effect.method,
    weeks_before: effect.weeksBefore,
    weeks_after: effect.weeksAfter,
    step: effect.step,
    interval: effect.interval,
    p: effect.p,
    good:
      effect.step === null || effect.p === null || effect.p >= 0.05
        ? null
        : effect.step > 0 === (indicator.better === 'higher'),
    weeks: weeks.map((week, index) => ({
      from: formatTime(week.from),
      value: values[index] ?? null,
      ...(controls === null ? {} : { control: controls[index] ?? null }),
    })),
  }
}
