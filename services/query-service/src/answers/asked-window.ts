import { floorTo, type Indicator, parseWindow, TEN_SECONDS, type Window } from '@kivi/domain'
import { ProblemError } from '../http/problems.ts'
import { formatTime, parseTime } from '../questions/times.ts'
import { type AskedWindow, resolveWindow } from '../questions/windows.ts'
import { type Desk, momentOf } from './desk.ts'
import { newestRecorded } from './recorded-points.ts'

/** The window of a question, and the desk as of the past instant where one is asked for. */
export async function windowAsOf(
  desk: Desk,
  indicator: Indicator,
  asked: AskedWindow & { readonly as_of?: string },
): Promise<{ desk: Desk; window: Window }> {
  if (asked.as_of === undefined) return { desk, window: await latestWindow(desk, indicator, asked) }
  const asOf = parseTime(asked.as_of, 'as_of')
  const past: Desk = { ...desk, basis: { ...desk.basis, asOf } }
  const ending = { ...asked, to: asked.to ?? formatTime(floorTo(asOf, TEN_SECONDS)) }
  const window = resolveWindow(ending, indicator.window, momentOf(past, indicator))
  if (window.to > asOf)
    throw new ProblemError(
      'invalid_parameter',
      `as_of (${formatTime(asOf)}) is before to (${formatTime(window.to)}): what was known then of the time after it is nothing.`,
      { parameter: 'as_of' },
    )
  return { desk: past, window }
}

/** The window of a question; one of a recorded indicator that names no end, ends where it was last recorded. */
export async function latestWindow(desk: Desk, indicator: Indicator, asked: AskedWindow): Promise<Window> {
  const moment = momentOf(desk, indicator)
  if (asked.period === undefined && asked.from === undefined && asked.to === undefined) {
    const length = parseWindow(asked.window ?? indicator.window)
    const end = length.ok ? await newestRecorded(desk, indicator, length.ms) : null
    if (end !== null) return resolveWindow({ ...asked, to: formatTime(end) }, indicator.window, moment)
  }
  return resolveWindow(asked, indicator.window, moment)
}
