import type { Answer } from '@kivi/client'

export type Listed = Answer<'indicators'>['items'][number]

/** An indicator with what stands below it. */
export interface Branch {
  readonly item: Listed
  readonly children: readonly Branch[]
  /** how many stand below, at any depth */
  readonly below: number
}

/**
 * The indicators that have a place in the hierarchy, as trees in the catalog's order. A parent that is not in the list
 * (of a key that is limited, say) makes its children roots. What stands alone is left out.
 */
export function forest(items: readonly Listed[]): readonly Branch[] {
  const known = new Set(items.map(item => item.id))
  const byParent = Map.groupBy(items, item => (item.parent !== null && known.has(item.parent) ? item.parent : null))
  const branch = (item: Listed): Branch => {
    const children = (byParent.get(item.id) ?? []).map(branch)
    return { item, children, below: children.reduce((sum, child) => sum + 1 + child.below, 0) }
  }
  return (byParent.get(null) ?? [])
    .map(branch)
    .filter(({ item, children }) => children.length > 0 || item.parent !== null)
}

/** Ids from a root down to an indicator, itself left out: what must be open for it to be seen. */
export function pathTo(branches: readonly Branch[], id: string): readonly string[] | null {
  for (const { item, children } of branches) {
    if (item.id === id) return []
    const below = pathTo(children, id)
    if (below !== null) return [item.id, ...below]
  }
  return null
}
