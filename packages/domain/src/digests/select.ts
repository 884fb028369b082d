/** Which indicators a report is about. */
import type { Catalog, Indicator } from '../definitions/index.ts'
import type { DigestDefinition } from './types/definition.ts'

/** More than that nobody reads, and no message holds. */
export const MOST_DIGEST_INDICATORS = 100

export interface SelectedIndicator {
  readonly indicator: Indicator
  readonly by: string | null
  readonly top: number
}

/** Those that lead at an instant: of the last entry that has begun. */
export function leadingAt({ northStar }: Pick<Catalog, 'northStar'>, instant: number): readonly string[] {
  const begun = northStar.filter(entry => entry.from <= instant).sort((a, b) => a.from - b.from)
  return begun.at(-1)?.indicators ?? []
}

/**
 * In the order of the definition, each once; what names an indicator wins over what it is one of. Those that the catalog
 * does not have are left out: a view of a key may have some of them only.
 * @param at the end of the period, epoch ms: who leads then
 */
export function selectedIndicators(
  catalog: Pick<Catalog, 'indicators' | 'northStar'>,
  { indicators: selectors }: Pick<DigestDefinition, 'indicators'>,
  at: number,
): SelectedIndicator[] {
  const leading = leadingAt(catalog, at - 1)
  const named = new Map(selectors.flatMap(one => (one.kind === 'indicator' ? [[one.indicator, one] as const] : [])))
  const found = new Map<string, SelectedIndicator>()
  const add = (indicator: Indicator | undefined): void => {
    if (indicator === undefined || found.has(indicator.id)) return
    const own = named.get(indicator.id)
    found.set(indicator.id, { indicator, by: own?.by ?? null, top: own?.top ?? 0 })
  }
  const all = [...catalog.indicators.values()]
  for (const one of selectors)
    switch (one.kind) {
      case 'indicator':
        add(catalog.indicators.get(one.indicator))
        break
      case 'north_star':
        for (const id of leading) add(catalog.indicators.get(id))
        break
      case 'board':
        for (const indicator of all) if (indicator.board) add(indicator)
        break
      default:
        for (const indicator of all) if (indicator[one.kind] === one.is) add(indicator)
    }
  return [...found.values()].slice(0, MOST_DIGEST_INDICATORS)
}
