import { ceilTo, floorTo, QUARTER_HOUR, TEN_SECONDS, type TimeRange } from '@kivi/domain'
import { ProblemError } from '../http/problems.ts'
import { type Calendar, UNITS, type Unit } from './calendar.ts'
import { formatTime, parseDuration, parseTime } from './times.ts'

/** How a question names its window, as it came. */
export interface AskedWindow {
  readonly window?: string | undefined
  readonly period?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** [from, to), with what it is: targets and comparisons depend on it. */
export interface Window extends TimeRange {
  readonly kind: 'length' | 'period' | 'range'
  /** of a period: its unit and its whole extent, of which [from, to) may be the part up to now */
  readonly unit: Unit | null
  readonly whole: TimeRange
}

/** What resolving a window needs to know of the moment. */
export interface Moment {
  readonly now: number
  /** null before the first event */
  readonly watermark: number | null
  readonly calendar: Calendar
  readonly retention: Retention
}

/** How long each level is kept, ms; Infinity for ever. */
export interface Retention {
  readonly tenSeconds: number
  readonly quarterHour: number
}

/** The window of a question; `fallback` is the length to take where it names none. See CONTRACT in docs/api.md. */
export function resolveWindow(asked: AskedWindow, fallback: string, moment: Moment): Window {
  const { window, period, from } = asked
  if ((window !== undefined || period !== undefined) && from !== undefined)
    throw conflict(window !== undefined ? 'window' : 'period', 'from')
  if (window !== undefined && period !== undefined) throw conflict('window', 'period')
  const to = asked.to === undefined ? null : parseTime(asked.to, 'to')
  if (period !== undefined) return checked(periodWindow(period, to, moment), moment)
  if (from !== undefined) return checked(rangeWindow(parseTime(from, 'from'), to, moment), moment)
  return checked(lengthWindow(parseDuration(window ?? fallback, 'window'), to, moment), moment)
}

function periodWindow(text: string, asked: number | null, moment: Moment): Window {
  const unit = UNITS.find(candidate => candidate === text)
  if (unit === undefined)
    throw new ProblemError('invalid_parameter', `period is ${JSON.stringify(text)}: expected ${UNITS.join(', ')}.`, {
      parameter: 'period',
      allowed: UNITS,
    })
  // the slice that is being filled belongs to the answer: a day shows its first event at once
  const to = asked ?? floorTo(moment.now, TEN_SECONDS) + TEN_SECONDS
  const whole = {
    from: moment.calendar.startOf(unit, to - 1),
    to: moment.calendar.shift(unit, to - 1, 1),
  }
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
  let to = asked ?? lastComplete(moment, TEN_SECONDS)
  // where the beginning lies beyond the fine slices, the window ends with the last complete coarse one
  if (asked === null && !isBound(to - length, moment)) to = lastComplete(moment, QUARTER_HOUR)
  if (asked === null && !isBound(to - length, moment))
    to = moment.calendar.startOf('day', lastComplete(moment, QUARTER_HOUR))
  const from = to - length
  return { from, to, kind: 'length', unit: null, whole: { from, to } }
}

/** End of the last complete slice; the clock's where no event has come yet. */
function lastComplete(moment: Moment, step: number): number {
  return floorTo(moment.watermark ?? moment.now, step)
}

function checked(window: Window, moment: Moment): Window {
  for (const parameter of ['from', 'to'] as const) {
    const bound = window[parameter]
    if (bound < 0 || bound > 0xffff_ffff * 1000)
      throw new ProblemError(
        'invalid_parameter',
        `${parameter} is out of range: nothing is stored before 1970 or after 2106.`,
        {
          parameter,
        },
      )
    if (isBound(bound, moment)) continue
    const [before, after] = nextBounds(bound, moment).map(formatTime)
    const step = stepAt(bound, moment)
    throw new ProblemError(
      'bound_too_fine',
      `${parameter} = ${formatTime(bound)} is finer than what is stored at that age (${step === null ? `days of ${moment.calendar.zone.name}` : step === TEN_SECONDS ? '10 seconds' : '15 minutes'}): ask for ${before} or ${after}.`,
      { parameter, allowed: [before as string, after as string] },
    )
  }
  return window
}

/** Can the slices of that age be cut at this instant? */
export function isBound(time: number, moment: Moment): boolean {
  const step = stepAt(time, moment)
  return step === null ? moment.calendar.startOf('day', time) === time : time % step === 0
}

/** The nearest instants before and after at which slices of that age can be cut. */
export function nextBounds(time: number, moment: Moment): [before: number, after: number] {
  const step = stepAt(time, moment)
  if (step !== null) return [floorTo(time, step), ceilTo(time, step)]
  return [moment.calendar.startOf('day', time), moment.calendar.shift('day', time, 1)]
}

/** Length of the finest slices that are kept of this time; null: local days. */
function stepAt(time: number, moment: Moment): number | null {
  // a cut inside a quarter needs the quarter's ten-second slices from its beginning on
  if (floorTo(time, QUARTER_HOUR) >= moment.now - moment.retention.tenSeconds) return TEN_SECONDS
  return moment.calendar.startOf('day', time) >= moment.now - moment.retention.quarterHour ? QUARTER_HOUR : null
}

const conflict = (one: string, other: string) =>
  new ProblemError(
    'conflicting_window',
    `${one} and ${other} name the window in two ways: give one of window, period, or from.`,
    { parameter: other },
  )
