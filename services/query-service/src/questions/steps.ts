import {
  floorTo,
  isStored,
  type Moment,
  PERIODS,
  type Period,
  parseWindow,
  periodAt,
  periodsBetween,
  type TimeRange,
} from '@kivi/domain'
import { ProblemError } from '../http/problems.ts'

/** A fixed length in ms, or a calendar unit. */
export type Step = number | Period

const SECOND = 1000
const DAY = 86_400 * SECOND
const NICE: readonly number[] = [10, 30, 60, 120, 300, 900, 1800, 3600, 10_800, 21_600].map(s => s * SECOND)
/** at most so many points of a spark line */
const SPARK_POINTS = 31

/** Most points of one series. */
const MOST_POINTS = 11_000
/** Their windows overlap: each is read by itself. */
const MOST_ROLLING_POINTS = 400

/** A step that draws a window with about 30 points. */
export function stepFor(length: number): Step {
  const fixed = NICE.find(step => length / step <= SPARK_POINTS)
  if (fixed !== undefined) return fixed
  const days = length / DAY
  return days <= SPARK_POINTS ? 'day' : days <= 7 * SPARK_POINTS ? 'week' : days <= 31 * SPARK_POINTS ? 'month' : 'year'
}

export function parseStep(text: string): Step {
  const unit = PERIODS.find(candidate => candidate === text)
  if (unit !== undefined) return unit
  const parsed = parseWindow(text)
  if (parsed.ok) return parsed.ms
  throw new ProblemError('invalid_parameter', `step: ${parsed.reason} Or one of ${PERIODS.join(', ')}.`, {
    parameter: 'step',
    allowed: PERIODS,
  })
}

/** Cuts [from, to) into steps: fixed lengths from `from` on, calendar units at their own bounds. */
export function cut(range: TimeRange, step: Step, moment: Moment, rolling = false): TimeRange[] {
  const ranges =
    typeof step === 'number'
      ? fixedSteps(range, step, counted(Math.ceil((range.to - range.from) / step), rolling))
      : calendarSteps(range, step, moment)
  counted(ranges.length, rolling)
  if (!ranges.every(part => isStored(part, moment)))
    throw new ProblemError(
      'bound_too_fine',
      'step is finer than the slices that are stored of that age: take 15m or a multiple of it, from a quarter of an hour on, or day.',
      { parameter: 'step', allowed: ['15m', 'day'] },
    )
  return ranges
}

function counted(count: number, rolling: boolean): number {
  const most = rolling ? MOST_ROLLING_POINTS : MOST_POINTS
  if (count <= most) return count
  throw new ProblemError(
    'too_many_points',
    `The series would have ${count} points, and ${most} are the most${rolling ? ' of one whose points are whole windows' : ''}: take a larger step or a shorter window.`,
    { parameter: 'step' },
  )
}

function fixedSteps({ from, to }: TimeRange, step: number, count: number): TimeRange[] {
  return Array.from({ length: count }, (_, index) => ({
    from: from + index * step,
    to: Math.min(from + (index + 1) * step, to),
  }))
}

function calendarSteps(range: TimeRange, unit: Period, moment: Moment): TimeRange[] {
  return periodsBetween(moment.calendar, unit, range).map(period => ({
    from: Math.max(period.from, range.from),
    to: Math.min(period.to, range.to),
  }))
}

/**
 * The steps of a spark line: whole ones, aligned to the clock, up to the last that has ended in the window. So they
 * change once a step, not with each poll, and read coarse slices.
 */
export function sparkRanges(window: TimeRange, moment: Moment): TimeRange[] {
  const step = stepFor(window.to - window.from)
  const start = (time: number) =>
    typeof step === 'number' ? floorTo(time, step) : periodAt(moment.calendar, step, time).from
  const range = { from: start(window.from), to: start(window.to) }
  if (range.from >= range.to) return []
  const steps =
    typeof step === 'number'
      ? fixedSteps(range, step, (range.to - range.from) / step)
      : calendarSteps(range, step, moment)
  // the oldest steps may lie where only coarser slices are left
  return steps.filter(part => isStored(part, moment))
}
