import { signal } from '@preact/signals'
import { place, standAt } from '../format/place.ts'
import type { Board } from './board.ts'
import { useAnswer } from './use-answer.ts'

/** The board without most of its indicators: it tells the place, and what leads. */
const SMALL_BOARD = '/v1/board?level=individual'
const AGAIN_MS = 10_000

const isAnswered = signal(false)

/** Whether Kivi has told the catalog's zone and currency, or that it will not. */
export const isPlaced = (): boolean => place.value.currency !== '' || isAnswered.value

/** Asks for the catalog's zone and currency until they are known; the page at `address` may tell them by itself. */
export function usePlace(address: string): void {
  const isKnown = place.value.currency !== '' || address === '/'
  const { value, refused } = useAnswer<Board>(isKnown ? null : SMALL_BOARD, AGAIN_MS)
  if (value !== null) standAt(value)
  if (value !== null || refused !== null) isAnswered.value = true
}
