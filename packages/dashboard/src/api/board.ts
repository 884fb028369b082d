import type { Answer } from '@kivi/client'

/** What `/v1/board` answers, and `/v1/stream` whenever it has changed. */
export type Board = Answer<'board'>
export type BoardItem = Board['indicators'][number]
export type Status = BoardItem['status']
export type Trend = NonNullable<BoardItem['trend']>
