import type { Board, BoardItem } from '../../api/board.ts'

/** What a wall screen shows for a while. */
export type Slide =
  | { readonly kind: 'north_star' | 'off_track'; readonly items: readonly BoardItem[]; readonly part: null }
  | { readonly kind: 'board'; readonly items: readonly BoardItem[]; readonly part: readonly [at: number, of: number] }
  | { readonly kind: 'page'; readonly path: string }

/** How many cards a screen takes, in which rows and columns. */
export interface Grid {
  readonly columns: number
  readonly rows: number
}

/** Few and large: a wall is read from across the room. */
export function gridFor(width: number, height: number): Grid {
  if (width >= height * 1.2) return width >= height * 2.2 ? { columns: 4, rows: 2 } : { columns: 3, rows: 2 }
  return width >= 1000 ? { columns: 2, rows: 4 } : { columns: 1, rows: 4 }
}

/** The North Star, what is off track, the rest of the board in parts as even as can be, then the pages asked for. */
export function slidesOf(board: Board | null, { columns, rows }: Grid, pages: readonly string[]): readonly Slide[] {
  const slides: Slide[] = []
  if (board !== null) {
    const most = columns * rows
    const leaders = board.indicators.filter(item => board.north_star.includes(item.id))
    const off = board.indicators.filter(item => item.status === 'off_track')
    const rest = board.indicators.filter(item => !leaders.includes(item))
    if (leaders.length > 0) slides.push({ kind: 'north_star', items: leaders.slice(0, rows), part: null })
    for (const items of inParts(off, most)) slides.push({ kind: 'off_track', items, part: null })
    const parts = inParts(rest, most)
    for (const [index, items] of parts.entries()) slides.push({ kind: 'board', items, part: [index + 1, parts.length] })
  }
  return [...slides, ...pages.map((path): Slide => ({ kind: 'page', path }))]
}

function inParts<T>(items: readonly T[], most: number): T[][] {
  const count = Math.ceil(items.length / most)
  const size = Math.ceil(items.length / Math.max(1, count))
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size))
}

const SHORTEST_S = 3
const LONGEST_S = 3600
const USUAL_S = 20

/** How long a slide stays, ms, as the address asks for it in seconds. */
export function stayMs(asked: string | null): number {
  const seconds = Number(asked ?? Number.NaN)
  return 1000 * (Number.isFinite(seconds) && seconds > 0 ? Math.min(LONGEST_S, Math.max(SHORTEST_S, seconds)) : USUAL_S)
}

/** Pages of the dashboard that the address asks for, such as /hierarchy,/alerts. */
export const pagesAsked = (asked: string | null): readonly string[] =>
  (asked ?? '').split(',').filter(path => path.startsWith('/') && !path.startsWith('//') && path !== '/')
