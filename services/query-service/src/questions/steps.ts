import { ceilTo, floorTo, QUARTER_HOUR, TEN_SECONDS, type TimeRange } from '@kivi/domain'
import { ProblemError } from '../http/problems.ts'
import { UNITS, type Unit } from './calendar.ts'
import { durationOf } from './times.ts'
import { isBound, type Moment } from './windows.ts'

/** A fixed length in ms, or a calendar unit. */
export type Step = number | Unit

const SECOND = 1000
const HOUR = 3_600_000
const NICE: readonly number[] = [10, 30, 60, 120, 300, 900, 1800, 3600, 10_800, 21_600].map(s => s * SECOND)
/** at most so many points of a spark line */
const SPARK_POINTS = 31

export const MOST_POINTS = 11_000

/** A step that draws a window with about 30 points. */
export function stepFor(length: number): Step {
  const fixed = NICE.find(step => length / step <= SPARK_POINTS)
  if (fixed !== undefined) return fixed
  const days = length / (24 * HOUR)
  return days <= SPARK_POINTS ? 'day' : days <= 7 * SPARK_POINTS ? 'week' : days <= 31 * SPARK_POINTS ? 'month' : 'year'
}

export function parseStep(text: string): Step {
  const unit = UNITS.find(candidate => candidate === text)
  const length = unit ?? durationOf(text)
  if (length === null || (typeof length === 'number' && length % TEN_SECONDS !== 0))
    throw new ProblemError(
      'invalid_parameter',
      `step is ${JSON.stringify(text)}: expected whole 10 seconds such as 10s, 15m, 1h, 1d, or one of ${UNITS.join(', ')}.`,
      { parameter: 'step', allowed: UNITS },
    )
  return length
}

/** Cuts [from, to) into steps: fixed lengths from `from` on, calendar units at their own bounds. */
export function cut(range: TimeRange, step: Step, moment: Moment): TimeRange[] {
  const ranges: TimeRange[] = []
  let from = range.from
  while (from < range.to) {
    const to = Math.min(typeof step === 'number' ? from + step : moment.calendar.shift(step, from, 1), range.to)
    if (!isBound(to, moment) && to < range.to)
      throw new ProblemError(
        'bound_too_fine',
        `step is finer than the slices that are stored of that age: use 15m or a multiple of it, from a whole quarter of an hour on, or day.`,
        { parameter: 'step', allowed: ['15m', 'day'] },
      )
    ranges.push({ from, to })
    if (ranges.length > MOST_POINTS)
      throw new ProblemError(
        'too_many_points',
        `The series would have more than ${MOST_POINTS.toLocaleString('en')} points: take a larger step or a shorter window.`,
        { parameter: 'step' },
      )
    from = to
  }
  return ranges
}

/**
 * The steps of a spark line: whole ones, aligned to the clock, up to the last that has ended in the window. So they
 * change once a step, not with each poll, and read coarse slices.
 */
export function sparkRanges(window: TimeRange, moment: Moment): TimeRange[] {
  const step = stepFor(window.to - window.from)
  if (typeof step !== 'number') {
    const from = moment.calendar.startOf(step, window.from)
    const to = moment.calendar.startOf(step, window.to)
    return from < to ? cut({ from, to }, step, moment) : []
  }
  const to = floorTo(window.to, step)
  let from = floorTo(window.from, step)
  // the oldest steps may lie where only coarser slices are left
  while (from < to && !isBound(from, moment)) from = ceilTo(from + 1, Math.max(step, QUARTER_HOUR))
  const coarse = Array.from({ length: (to - from) / step }, (_, index) => from + index * step)
  return coarse
    .filter(start => isBound(start, moment) && isBound(start + step, moment))
    .map(start => ({ from: start, to: start + step }))
}
