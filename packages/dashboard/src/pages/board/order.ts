import type { Board, BoardItem } from '../../api/board.ts'

/** The North Star stands first; all else in the catalog's order. */
export const leadersFirst = ({ indicators, north_star }: Board): readonly BoardItem[] => [
  ...indicators.filter(item => north_star.includes(item.id)),
  ...indicators.filter(item => !north_star.includes(item.id)),
]
