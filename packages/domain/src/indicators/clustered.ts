/**
 * Intervals of ratios of many events of each person: these are not independent, so that raw events have to tell whose
 * they are.
 */
import type { Catalog, Indicator, Measure } from '../definitions/index.ts'
import { isKiviError } from '../errors.ts'
import type { MeasureSource } from '../ports/measure-source.ts'
import type { DimensionFilter, TimeRange } from '../ranges.ts'
import { clusteredRatio } from '../statistics/index.ts'
import { measureOf } from './graph.ts'
import type { IntervalReason } from './reasons.ts'

/** The event measures that it divides; null where its interval is not clustered. */
export function clusteredMeasures(
  catalog: Catalog,
  indicator: Indicator,
): { readonly numerator: Measure; readonly denominator: Measure } | null {
  if (indicator.interval !== 'clustered' || indicator.type !== 'ratio') return null
  const eventMeasure = (id: string): Measure | null => {
    const found = catalog.indicators.get(id)
    const measure = measureOf(catalog, found?.type === 'simple' ? found.measure : id)
    return measure !== undefined && (measure.kind === undefined || measure.kind === 'event') ? measure : null
  }
  const [numerator, denominator] = [eventMeasure(indicator.numerator), eventMeasure(indicator.denominator)]
  return numerator === null || denominator === null ? null : { numerator, denominator }
}

/** Half of an interval's width, or why there is none. */
type HalfWidth = number | IntervalReason

export interface HalfWidths {
  /** @param group values of the dimensions that were asked by; empty: all */
  of(group: readonly string[]): HalfWidth
  /** groups that are told apart */
  readonly groups: number
}

export interface ClusteredQuestion extends TimeRange {
  readonly indicator: Indicator
  readonly by: readonly string[]
  readonly filters: readonly DimensionFilter[]
}

/**
 * Half widths of the 95 % intervals of all groups, from one reading of raw events: the interval is the value ± it.
 * What would cost more than an answer may has none, for a value without its interval is better than no value. Null
 * where the indicator's interval is of another kind.
 */
export async function clusteredWidths(
  source: Pick<MeasureSource, 'clusters'>,
  catalog: Catalog,
  { indicator, from, to, by, filters }: ClusteredQuestion,
): Promise<HalfWidths | null> {
  const measures = clusteredMeasures(catalog, indicator)
  if (measures === null) return null
  try {
    const found = await source.clusters(catalog, { ...measures, range: { from, to }, by, filters })
    if (found === null) return allOf('raw_events_gone')
    const widths = new Map<string, HalfWidth>()
    for (const { group, moments } of found.groups) {
      const interval = clusteredRatio(moments)
      widths.set(keyOf(group), interval === null ? 'too_few' : (interval[1] - interval[0]) / 2)
    }
    const missing = found.truncated ? 'too_costly' : 'too_few'
    return { of: group => widths.get(keyOf(group)) ?? missing, groups: widths.size }
  } catch (error) {
    if (isKiviError(error, 'question_too_large')) return allOf('too_costly')
    throw error
  }
}

const allOf = (reason: IntervalReason): HalfWidths => ({ of: () => reason, groups: 1 })

const keyOf = (group: readonly string[]): string => group.join('\u0000')
