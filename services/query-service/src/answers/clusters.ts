import {
  clusteredRatio,
  type DimensionFilter,
  type Indicator,
  KiviError,
  type Measure,
  measureOf,
  type Window,
} from '@kivi/domain'
import { type ClusteredIntervals, type Desk, momentOf } from './desk.ts'

const HOUR = 3_600_000
/** Raw events are read for a window at most this often: an interval does not change its width in a minute. */
const FRESH_MS = 60_000
/** So long the width of a window that moves with the clock is told while it is measured anew. */
const TOLD_MS = HOUR / 2
const MOST_KEPT = 1000

interface Entry {
  readonly begunAt: number
  readonly width: Promise<number | null>
  /** the last width that was measured, of a window that moves */
  last: { readonly width: number | null; readonly at: number } | null
}

/** Keeps the widths of intervals apart from answers, which are made anew with every change of the data. */
export function createClusteredIntervals(): ClusteredIntervals {
  // a Map keeps the order of insertion: the first is the oldest
  const kept = new Map<string, Entry>()

  const begin = (key: string, now: number, last: Entry['last'], measure: () => Promise<number | null>): Entry => {
    const entry: Entry = { begunAt: now, width: measure(), last }
    kept.delete(key)
    kept.set(key, entry)
    for (const oldest of kept.keys()) {
      if (kept.size <= MOST_KEPT) break
      kept.delete(oldest)
    }
    entry.width.then(
      width => {
        entry.last = { width, at: now }
      },
      // a failure is not kept; whoever waits meets it
      () => {
        if (kept.get(key) === entry) kept.delete(key)
      },
    )
    return entry
  }
  const isWithin = (age: number, most: number): boolean => age >= 0 && age < most

  return {
    async around(value, desk, indicator, window, filters) {
      const measures = ratioOf(desk, indicator)
      if (value === null || measures === null || desk.basis.asOf !== null) return null
      const { now } = desk.basis
      const moves = movesOn(desk, indicator, window)
      const { from, to } = window
      const place = moves ? [window.kind, window.unit, window.kind === 'period' ? from : to - from] : [from, to]
      const key = JSON.stringify([indicator.id, indicator.version, filters, moves, place])
      const known = kept.get(key)
      const entry =
        known !== undefined && isWithin(now - known.begunAt, FRESH_MS)
          ? known
          : begin(key, now, known?.last ?? null, () => halfWidth(desk, measures, window, filters))
      const { last } = entry
      const width = moves && last !== null && isWithin(now - last.at, TOLD_MS) ? last.width : await entry.width
      return width === null ? null : [value - width, value + width]
    },
  }
}

/** Does the window end about where the data do? Then it is another one each time. */
function movesOn(desk: Desk, indicator: Indicator, window: Window): boolean {
  const { watermark } = momentOf(desk, indicator)
  return watermark !== null && window.to > watermark - HOUR
}

interface Ratio {
  readonly numerator: Measure
  readonly denominator: Measure
}

/** The event measures that it divides; null where its interval is of another kind. */
function ratioOf({ catalog }: Desk, indicator: Indicator): Ratio | null {
  if (indicator.interval !== 'clustered' || indicator.type !== 'ratio') return null
  const eventMeasure = (id: string): Measure | null => {
    const found = catalog.indicators.get(id)
    const measure = measureOf(catalog, found?.type === 'simple' ? found.measure : id)
    return measure !== undefined && (measure.kind === undefined || measure.kind === 'event') ? measure : null
  }
  const [numerator, denominator] = [eventMeasure(indicator.numerator), eventMeasure(indicator.denominator)]
  return numerator === null || denominator === null ? null : { numerator, denominator }
}

async function halfWidth(
  { source, catalog }: Desk,
  measures: Ratio,
  { from, to }: Window,
  filters: readonly DimensionFilter[],
): Promise<number | null> {
  try {
    const moments = await source.clusters(catalog, { ...measures, range: { from, to }, filters })
    const interval = moments === null ? null : clusteredRatio(moments)
    return interval === null ? null : (interval[1] - interval[0]) / 2
  } catch (error) {
    // a value without its interval is better than none
    if (error instanceof KiviError && error.code === 'question_too_large') return null
    throw error
  }
}
