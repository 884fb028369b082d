import type { Listed } from '../api/use-indicators.ts'

const MOST = 12

type Searched = Pick<Listed, 'id' | 'label' | 'owner' | 'board'>

/**
 * Indicators whose names, id or owner hold every word of the text: those that begin with it first, then those of the
 * board, each in the catalog's order.
 */
export function found<T extends Searched>(all: readonly T[], text: string, without: readonly string[]): T[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const ranked = all.flatMap((item, order) => {
    if (without.includes(item.id)) return []
    const names = [item.label.en, item.label.zh, item.id, item.id.replaceAll('_', ' ')].map(name => name.toLowerCase())
    const hay = [...names, item.owner ?? ''].join('\n')
    if (!words.every(word => hay.includes(word))) return []
    const begins = words.length > 0 && names.some(name => name.startsWith(words.join(' ')))
    return [{ item, rank: (begins ? 0 : 2) + (item.board ? 0 : 1), order }]
  })
  ranked.sort((a, b) => a.rank - b.rank || a.order - b.order)
  return ranked.slice(0, MOST).map(({ item }) => item)
}
