import {
  clusteredMeasures,
  clusteredWidths,
  type DimensionFilter,
  type HalfWidths,
  type Indicator,
  type Window,
} from '@kivi/domain'
import { type Around, type ClusteredIntervals, type Desk, momentOf } from './desk.ts'

const HOUR = 3_600_000
/** Raw events are read for a window at most this often: an interval does not change its width in a minute. */
const FRESH_MS = 60_000
/** So long the width of a window that moves with the clock is told while it is measured anew. */
const TOLD_MS = HOUR / 2
const MOST_KEPT = 1000
/** Widths of all groups of all questions: some 20 MB. */
const MOST_GROUPS = 200_000

interface Entry {
  readonly begunAt: number
  readonly widths: Promise<HalfWidths | null>
  /** the last widths that were measured, of a window that moves */
  last: { readonly widths: HalfWidths | null; readonly at: number } | null
}

/** Keeps the widths of intervals apart from answers, which are made anew with every change of the data. */
export function createClusteredIntervals(mostGroups = MOST_GROUPS): ClusteredIntervals {
  // a Map keeps the order of insertion: the first is the oldest
  const kept = new Map<string, Entry>()
  const groupsOf = ({ last }: Entry): number => last?.widths?.groups ?? 1

  const makeRoom = (newest: string): void => {
    let groups = [...kept.values()].reduce((sum, entry) => sum + groupsOf(entry), 0)
    for (const [key, entry] of kept) {
      if ((kept.size <= MOST_KEPT && groups <= mostGroups) || key === newest) break
      groups -= groupsOf(entry)
      kept.delete(key)
    }
  }
  const begin = (key: string, now: number, last: Entry['last'], widths: Entry['widths']): Entry => {
    const entry: Entry = { begunAt: now, widths, last }
    kept.delete(key)
    kept.set(key, entry)
    widths.then(
      measured => {
        entry.last = { widths: measured, at: now }
        makeRoom(key)
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
    async around(desk, indicator, window, by, filters) {
      if (clusteredMeasures(desk.catalog, indicator) === null) return NONE
      if (desk.basis.asOf !== null) return () => ({ interval: null, interval_reason: 'as_of_the_past' })
      const { now } = desk.basis
      const moves = movesOn(desk, indicator, window)
      const { from, to } = window
      const place = moves ? [window.kind, window.unit, window.kind === 'period' ? from : to - from] : [from, to]
      const key = JSON.stringify([indicator.id, indicator.version, by, filters, moves, place])
      const known = kept.get(key)
      const entry =
        known !== undefined && isWithin(now - known.begunAt, FRESH_MS)
          ? known
          : begin(key, now, known?.last ?? null, measure(desk, indicator, window, by, filters))
      const { last } = entry
      const widths = moves && last !== null && isWithin(now - last.at, TOLD_MS) ? last.widths : await entry.widths
      return widths === null ? NONE : aroundBy(widths)
    },
  }
}

const NONE: Around = () => ({ interval: null })

const aroundBy =
  (widths: HalfWidths): Around =>
  (value, group) => {
    const half = widths.of(group)
    return typeof half === 'string'
      ? { interval: null, interval_reason: half }
      : { interval: [value - half, value + half] }
  }

const measure = (
  { source, catalog }: Desk,
  indicator: Indicator,
  { from, to }: Window,
  by: readonly string[],
  filters: readonly DimensionFilter[],
): Promise<HalfWidths | null> => clusteredWidths(source, catalog, { indicator, from, to, by, filters })

/** Does the window end about where the data do? Then it is another one each time. */
function movesOn(desk: Desk, indicator: Indicator, window: Window): boolean {
  const { watermark } = momentOf(desk, indicator)
  return watermark !== null && window.to > watermark - HOUR
}
