import { place, standAt } from '../format/place.ts'
import type { Board } from './board.ts'
import { useAnswer } from './use-answer.ts'

/** The board without most of its indicators: it tells the place, and what leads. */
const SMALL_BOARD = '/v1/board?level=individual'

/** Whether the catalog's zone and currency are known; asks for them where no board was seen before. */
export function usePlace(): boolean {
  const isKnown = place.value.currency !== ''
  const { value, refused } = useAnswer<Board>(isKnown ? null : SMALL_BOARD, 60_000)
  if (value !== null) standAt(value)
  return isKnown || value !== null || refused !== null
}
