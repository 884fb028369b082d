import {
  type AnyMeasure,
  type Asked,
  type Basis,
  type Catalog,
  type DimensionFilter,
  type Indicator,
  type Interval,
  type IntervalReason,
  lengthWindow,
  type MeasureSource,
  type Moment,
  measuresBehind,
  type PointStore,
  parseWindow,
  type Span,
  type TimeRange,
  type Trend,
  type Window,
  watermarkOf,
} from '@kivi/domain'
import { formatTime } from '../questions/times.ts'

/** What an answer is made with: one catalog, one moment, one state of the data. */
export interface Desk {
  /** what values are computed from */
  readonly catalog: Catalog
  /** what the asker may ask for */
  readonly listed: Catalog
  readonly source: MeasureSource
  /** recorded values; null where nothing is recorded */
  readonly points: PointStore | null
  readonly trends: Trends
  readonly clustered: ClusteredIntervals
  readonly basis: Basis
}

/** Where indicators are heading, by their last whole weeks. */
export interface Trends {
  /** of each indicator by its id; null: fewer than eight weeks have a value */
  of(
    desk: Desk,
    indicators: readonly Indicator[],
    filters: readonly DimensionFilter[],
  ): Promise<ReadonlyMap<string, Trend | null>>
}

/** The interval of a value, or why there is none; where the indicator has no method for one neither is told. */
export interface IntervalTold {
  readonly interval: Interval | null
  readonly interval_reason?: IntervalReason
}

/** The interval around the value of a group. */
export type Around = (value: number, group: readonly string[]) => IntervalTold

/**
 * Intervals of ratios of many events of each person: these are not independent, so that raw events have to tell whose
 * they are.
 */
export interface ClusteredIntervals {
  /** of all groups of `by` from one reading; of indicators with another kind of interval it tells nothing */
  around(
    desk: Desk,
    indicator: Indicator,
    window: Window,
    by: readonly string[],
    filters: readonly DimensionFilter[],
  ): Promise<Around>
}

const FOREVER = {
  tenSeconds: Number.POSITIVE_INFINITY,
  quarterHour: Number.POSITIVE_INFINITY,
  day: Number.POSITIVE_INFINITY,
}

/**
 * The moment as an indicator sees it: how far its data are, and how fine its windows can be. What rests on nothing but
 * derived tables knows every instant of the past.
 */
export function momentOf({ catalog, basis }: Pick<Desk, 'catalog' | 'basis'>, indicator: Indicator): Moment {
  const measures = measuresBehind(catalog, indicator)
  return {
    ...basis,
    watermark: watermarkOf(basis, measures),
    retention: measures.some(isOfEvents) ? basis.retention : FOREVER,
  }
}

const isOfEvents = (measure: AnyMeasure): boolean => measure.kind === undefined || measure.kind === 'event'

/** All events before the end have been counted. */
export function isComplete(watermark: number | null, range: TimeRange): boolean {
  return watermark !== null && watermark >= range.to
}

/** How far the data are, as answers tell it. */
export function freshnessOf(
  { basis }: Pick<Desk, 'basis'>,
  watermark: number | null,
): { watermark: string | null; newest_event: string | null } {
  return {
    watermark: watermark === null ? null : formatTime(watermark),
    newest_event: basis.newest === null ? null : formatTime(basis.newest),
  }
}

/**
 * The window of a point: the step itself, or for what depends on the window's length the whole window that ends with
 * the step, as long as the one that is asked for.
 */
function pointWindow(indicator: Indicator, asked: Window, step: Span): Window {
  if (!indicator.rolling) return { ...step, kind: step.unit === null ? 'length' : 'period' }
  const own = parseWindow(indicator.window)
  const length = asked.kind === 'length' || !own.ok ? asked.to - asked.from : own.ms
  return lengthWindow(step.to - length, step.to)
}

/** Questions for the points of a series or spark line. */
export function pointQuestions(
  indicator: Indicator,
  asked: Window,
  steps: readonly Span[],
  rest: Pick<Asked, 'by' | 'filters' | 'bare'>,
): Asked[] {
  return steps.map(step => ({ indicator, window: pointWindow(indicator, asked, step), ...rest }))
}

/** A step as what it is: one of calendar units knows its whole extent. */
export const plainSpan = (range: TimeRange): Span => ({ ...range, unit: null, whole: range })
