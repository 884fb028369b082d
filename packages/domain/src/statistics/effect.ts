import { studentQuantile, studentTwoSided } from './distributions.ts'
import type { Interval } from './intervals.ts'
import { leastSquares } from './regression.ts'

/** Weeks that an action needs before and after it until its effect can be told from the trend. */
export const WEEKS_BEFORE = 8
export const WEEKS_AFTER = 4

/** What followed an action. It never proves that the action caused it. */
export interface ActionEffect {
  /** too_early: only the difference of the means before and after, without a test */
  readonly method: 'segmented_regression' | 'segmented_regression_with_control' | 'too_early'
  readonly weeksBefore: number
  readonly weeksAfter: number
  /** step at the action, in the indicator's unit; null where one side has no week at all */
  readonly step: number | null
  /** of the step, 95 % */
  readonly interval: Interval | null
  /** probability of such a step by chance (two-sided, Student with n − 3 degrees of freedom) */
  readonly p: number | null
}

/** Values of one week, in order of time, before and after; null: the week has none. */
export interface WeeklyValues {
  readonly before: ReadonlyArray<number | null>
  readonly after: ReadonlyArray<number | null>
}

/**
 * Interrupted time series (Wagner et al. 2002): level + trend + step over whole weeks; the week in which the action
 * fell belongs to neither side. With a control segment the differences of the two are regressed, so that what moved
 * both is taken out.
 */
export function actionEffect(values: WeeklyValues, control: WeeklyValues | null = null): ActionEffect {
  const side = (one: WeeklyValues['before'], other: WeeklyValues['before'] | undefined) =>
    one.map((value, index) => {
      if (other === undefined || value === null) return value
      const against = other[index] ?? null
      return against === null ? null : value - against
    })
  const before = side(values.before, control?.before)
  const after = side(values.after, control?.after)
  const weeks = [
    ...before.map((value, index) => ({ week: index - before.length, step: 0, value })),
    // week 0 is the action's own
    ...after.map((value, index) => ({ week: index + 1, step: 1, value })),
  ].flatMap(({ week, step, value }) => (value === null ? [] : [{ week, step, value }]))
  const weeksBefore = weeks.filter(week => week.step === 0).length
  const weeksAfter = weeks.length - weeksBefore
  const fit =
    weeksBefore < WEEKS_BEFORE || weeksAfter < WEEKS_AFTER
      ? null
      : leastSquares(
          weeks.map(({ week, step }) => [1, week, step]),
          weeks.map(({ value }) => value),
        )
  if (fit === null) {
    const mean = (step: number) => meanOf(weeks.filter(week => week.step === step).map(week => week.value))
    const [first, second] = [mean(0), mean(1)]
    const step = first === null || second === null ? null : second - first
    return { method: 'too_early', weeksBefore, weeksAfter, step, interval: null, p: null }
  }
  const [step, error] = [fit.coefficients[2] as number, fit.standardErrors[2] as number]
  const half = studentQuantile(0.975, fit.degreesOfFreedom) * error
  return {
    method: control === null ? 'segmented_regression' : 'segmented_regression_with_control',
    weeksBefore,
    weeksAfter,
    step,
    interval: [step - half, step + half],
    // values that lie exactly on the lines: any step is beyond chance, none is none
    p: error === 0 ? (step === 0 ? 1 : 0) : studentTwoSided(step / error, fit.degreesOfFreedom),
  }
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}
