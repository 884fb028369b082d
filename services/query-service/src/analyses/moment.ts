/** Up to when the data are known that an analysis rests on, and the windows it can be asked for. */
import type { JourneySource, Knowledge, Moment, TimeRange, Window } from '@kivi/domain'
import type { Desk } from '../answers/desk.ts'
import { ProblemError } from '../http/problems.ts'
import { formatTime, parseTime } from '../questions/times.ts'
import { type AskedWindow, resolveWindow } from '../questions/windows.ts'

/** Analyses read observations with their times: no window is too fine for its age. */
const EVERYTHING = {
  tenSeconds: Number.POSITIVE_INFINITY,
  quarterHour: Number.POSITIVE_INFINITY,
  day: Number.POSITIVE_INFINITY,
}

/** What every analysis tells of the time it is about. */
export interface Freshness {
  /** up to when everything is counted; null before the first event, or while a table is built for the first time */
  readonly watermark: string | null
  readonly complete: boolean
}

export interface AnalysisMoment extends Moment, Knowledge {}

export interface AskedAnalysis extends AskedWindow {
  readonly as_of?: string
}

/** The moment of an analysis that rests on these entities, and on the links between ids. */
export async function momentFor(
  desk: Desk,
  journeys: JourneySource,
  entities: readonly string[],
  asOf: string | undefined,
): Promise<AnalysisMoment> {
  const { basis, catalog } = desk
  const { watermark: derived } = await journeys.progress(catalog, entities)
  const watermark = basis.watermark === null || derived === null ? null : Math.min(basis.watermark, derived)
  const past = asOf === undefined ? null : parseTime(asOf, 'as_of')
  const until = past === null || watermark === null ? (past ?? watermark) : Math.min(past, watermark)
  return {
    now: past ?? basis.now,
    watermark: until,
    calendar: basis.calendar,
    retention: EVERYTHING,
    known: past ?? watermark ?? basis.now,
    asOf: past !== null,
  }
}

/** The window that is asked for; as of a past instant it ends before that. */
export function windowIn(asked: AskedAnalysis, fallback: string, moment: AnalysisMoment): Window {
  const window = resolveWindow(asked, fallback, moment)
  if (moment.asOf && window.to > moment.known && window.kind !== 'period')
    throw new ProblemError(
      'invalid_parameter',
      `as_of (${formatTime(moment.known)}) is before to (${formatTime(window.to)}): what was known then of the time after it is nothing.`,
      { parameter: 'as_of' },
    )
  return window
}

/** Raw events are kept for so long, ms: what is asked of them cannot begin before. */
export function assertKept({ from }: TimeRange, rawRetentionMs: number, { now }: Pick<Moment, 'now'>): void {
  const oldest = now - rawRetentionMs
  if (from >= oldest) return
  const first = Math.ceil(oldest / 1000) * 1000
  throw new ProblemError(
    'bound_too_fine',
    `This is answered from raw events, and those before ${formatTime(first)} are gone: ask for a later window. KIVI_RETENTION_RAW says how long they are kept.`,
    { parameter: 'from', allowed: [formatTime(first)] },
  )
}

export const freshnessAt = ({ watermark }: Moment, to: number): Freshness => ({
  watermark: watermark === null ? null : formatTime(watermark),
  complete: watermark !== null && watermark >= to,
})
