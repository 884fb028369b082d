import {
  floorTo,
  isStored,
  type Moment,
  PERIODS,
  periodAt,
  planLevels,
  QUARTER_HOUR,
  TEN_SECONDS,
  type Window,
} from '@kivi/domain'
import { ProblemError } from '../http/problems.ts'
import { formatTime, parseLength, parseTime } from './times.ts'

/** How a question names its window, as it came. */
export interface AskedWindow {
  readonly window?: string | undefined
  readonly period?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** `start` of a slice is 32 bits wide. */
const LAST_SECOND = 0xffff_ffff

/**
 * The window of a question; `fallback` is the length to take where it names none. A length ends at the end of the
 * last complete slice, or at `to`; a period is the one that holds `to` (default now), up to it.
 */
export function resolveWindow(asked: AskedWindow, fallback: string, moment: Moment): Window {
  const { window, period, from } = asked
  if (from !== undefined && window !== undefined) throw conflict('window', 'from')
  if (from !== undefined && period !== undefined) throw conflict('period', 'from')
  if (window !== undefined && period !== undefined) throw conflict('window', 'period')
  const to = asked.to === undefined ? null : parseTime(asked.to, 'to')
  if (period !== undefined) return checked(periodWindow(period, to, moment), moment)
  if (from !== undefined) return checked(rangeWindow(parseTime(from, 'from'), to, moment), moment)
  return checked(lengthWindow(parseLength(window ?? fallback, 'window'), to, moment), moment)
}

function periodWindow(text: string, asked: number | null, moment: Moment): Window {
  const unit = PERIODS.find(candidate => candidate === text)
  if (unit === undefined)
    throw new ProblemError('invalid_parameter', `period is ${JSON.stringify(text)}: expected ${PERIODS.join(', ')}.`, {
      parameter: 'period',
      allowed: PERIODS,
    })
  // the slice that is being filled belongs to the answer: a day shows its first event at once
  const to = asked ?? floorTo(moment.now, TEN_SECONDS) + TEN_SECONDS
  // a period that ends at `to` is the one asked for: `to` itself is not in the window
  const whole = periodAt(moment.calendar, unit, to - 1)
  return { from: whole.from, to, kind: 'period', unit, whole }
}

function rangeWindow(from: number, asked: number | null, moment: Moment): Window {
  const to = asked ?? lastComplete(moment, TEN_SECONDS)
  if (from >= to)
    throw new ProblemError(
      'invalid_parameter',
      `from (${formatTime(from)}) is not before to (${formatTime(to)}${asked === null ? ', the end of the last complete slice' : ''}).`,
      { parameter: 'from' },
    )
  return { from, to, kind: 'range', unit: null, whole: { from, to } }
}

function lengthWindow(length: number, asked: number | null, moment: Moment): Window {
  const ending = (to: number): Window => {
    const range = { from: to - length, to }
    return { ...range, kind: 'length', unit: null, whole: range }
  }
  if (asked !== null) return ending(asked)
  // where the beginning lies beyond the fine slices, the window ends with the last complete coarser one
  const quarter = lastComplete(moment, QUARTER_HOUR)
  const ends = [lastComplete(moment, TEN_SECONDS), quarter, moment.calendar.zone.day(quarter).start]
  return ends.map(ending).find(window => isStored(window, moment)) ?? ending(ends[0] as number)
}

/** End of the last complete slice; the clock's where no event has come yet. */
function lastComplete(moment: Moment, step: number): number {
  return floorTo(moment.watermark ?? moment.now, step)
}

function checked(window: Window, moment: Moment): Window {
  for (const parameter of ['from', 'to'] as const)
    if (window[parameter] < 0 || window[parameter] > LAST_SECOND * 1000)
      throw new ProblemError(
        'invalid_parameter',
        `The window reaches to ${parameter} = ${formatTime(window[parameter])}: nothing is stored before 1970 or after 2106.`,
        { parameter },
      )
  const plan = planLevels(window.from, window.to, moment.calendar.zone, moment.retention, moment.now)
  if (plan.ok) return window
  const { before, after } = plan.allowed
  const allowed = [...(before === null ? [] : [before]), after].map(formatTime)
  throw new ProblemError(
    'bound_too_fine',
    `${plan.bound} = ${formatTime(plan.at)} is finer than what is stored at that age: ask for ${allowed.join(' or ')}.`,
    { parameter: plan.bound, allowed },
  )
}

const conflict = (one: string, other: string) =>
  new ProblemError(
    'conflicting_window',
    `${one} and ${other} name the window in two ways: give one of window, period, or from.`,
    { parameter: other },
  )
