import { type Catalog, type DimensionFilter, type Indicator, ratioDrivers, type TimeRange } from '@kivi/domain'

/** Values of an indicator in several windows, by the values of one dimension. */
export type ReadGroups = (
  indicator: Indicator,
  windows: readonly TimeRange[],
  dimension: string,
  filters: readonly DimensionFilter[],
) => Promise<ReadonlyMap<string, ReadonlyArray<number | null>>>

interface DriverItem {
  readonly value: string
  readonly now: number | null
  readonly before: number | null
  readonly mix: number | null
  readonly rate: number | null
  readonly total: number | null
}

export interface SegmentDrivers {
  readonly dimension: string
  /**
   * mix_and_rate: the segments of a ratio; contribution: of what adds up. Both add up to the change. values: of what
   * does not (distinct persons, means): the segments stand side by side
   */
  readonly method: 'mix_and_rate' | 'contribution' | 'values'
  readonly truncated: boolean
  readonly items: readonly DriverItem[]
}

const MOST_SEGMENTS = 50

/** Which segments of a dimension moved an indicator between two windows, the strongest first. */
export async function driversBy(
  read: ReadGroups,
  catalog: Catalog,
  indicator: Indicator,
  dimension: string,
  windows: { readonly now: TimeRange; readonly before: TimeRange },
  filters: readonly DimensionFilter[],
): Promise<SegmentDrivers> {
  const ranges = [windows.now, windows.before]
  const own = await read(indicator, ranges, dimension, filters)
  const side = (segment: string) => {
    const [now = null, before = null] = own.get(segment) ?? []
    return { now, before }
  }
  const parts = ratioParts(catalog, indicator)
  if (parts !== null) {
    const [tops, bottoms] = await Promise.all(parts.map(part => read(part, ranges, dimension, filters)))
    const segments = [...new Set([...(tops?.keys() ?? []), ...(bottoms?.keys() ?? [])])]
    const at = (window: 0 | 1, segment: string) => ({
      numerator: tops?.get(segment)?.[window] ?? 0,
      denominator: bottoms?.get(segment)?.[window] ?? 0,
    })
    const found = ratioDrivers(segments.map(segment => ({ segment, now: at(0, segment), before: at(1, segment) })))
    if (found !== null)
      return strongest(
        dimension,
        'mix_and_rate',
        found.map(({ segment, mix, rate, total }) => ({ value: segment, ...side(segment), mix, rate, total })),
      )
  }
  const additive = isAdditive(catalog, indicator)
  return strongest(
    dimension,
    additive ? 'contribution' : 'values',
    [...own.keys()].map(segment => {
      const { now, before } = side(segment)
      return { value: segment, now, before, mix: null, rate: null, total: additive ? (now ?? 0) - (before ?? 0) : null }
    }),
  )
}

/** The strongest first, whichever way they pull; equals by name. */
function strongest(dimension: string, method: SegmentDrivers['method'], items: DriverItem[]): SegmentDrivers {
  const weight = (item: DriverItem) => Math.abs(item.total ?? (item.now ?? 0) - (item.before ?? 0))
  items.sort((a, b) => weight(b) - weight(a) || (a.value < b.value ? -1 : 1))
  return { dimension, method, truncated: items.length > MOST_SEGMENTS, items: items.slice(0, MOST_SEGMENTS) }
}

/** Numerator and denominator, where both add up over segments. */
function ratioParts(catalog: Catalog, indicator: Indicator): readonly [Indicator, Indicator] | null {
  if (indicator.type !== 'ratio') return null
  const [top, bottom] = [catalog.indicators.get(indicator.numerator), catalog.indicators.get(indicator.denominator)]
  return top !== undefined && bottom !== undefined && isAdditive(catalog, top) && isAdditive(catalog, bottom)
    ? [top, bottom]
    : null
}

/** Do the values of segments add up to the whole? Sums and counts do, and what is added up from them. */
function isAdditive(catalog: Catalog, indicator: Indicator): boolean {
  switch (indicator.type) {
    case 'simple': {
      const measure = catalog.measures.get(indicator.measure) ?? catalog.derivedMeasures.get(indicator.measure)
      if (measure?.kind === 'attributed') return measure.counts !== 'persons' && measure.counts !== 'converted_persons'
      return measure?.kind !== 'reference' && (measure?.agg === 'count' || measure?.agg === 'sum')
    }
    case 'derived':
      return (
        indicator.offsets.size === 0 &&
        /^[\s\w()+-]+$/.test(indicator.expr) &&
        indicator.inputs.every(id => {
          const input = catalog.indicators.get(id)
          return input !== undefined && isAdditive(catalog, input)
        })
      )
    default:
      return false
  }
}

/** Indicators whose parent it is, in the catalog's order. */
export const childrenOf = (catalog: Catalog, id: string): Indicator[] =>
  [...catalog.indicators.values()].filter(indicator => indicator.parent === id)
