/** Lists are told in pages, all in the same way: `limit`, `cursor`, `next`. */
import { createHash } from 'node:crypto'
import { ProblemError } from './problems.ts'

export interface AskedPage {
  readonly limit: number
  readonly cursor?: string
}

export interface Page<T> {
  readonly items: readonly T[]
  /** `cursor` of the page after; null: this is the last one */
  readonly next: string | null
}

/**
 * The page after the item that the cursor names. It names the item itself and not its place, so that nothing is left
 * out or told twice where something came before it meanwhile.
 * @param idOf what tells an item from all others; default all of it
 */
export function pageOf<T>(
  all: readonly T[],
  { limit, cursor }: AskedPage,
  idOf: (item: T) => string = item => createHash('sha1').update(JSON.stringify(item)).digest('base64url').slice(0, 16),
): Page<T> {
  let start = 0
  if (cursor !== undefined) {
    const last = Buffer.from(cursor, 'base64url').toString()
    start = all.findIndex(item => idOf(item) === last) + 1
    if (start === 0)
      throw new ProblemError(
        'invalid_parameter',
        'cursor is not one that this list gave, or what it names is gone: begin again without it.',
        { parameter: 'cursor' },
      )
  }
  const items = all.slice(start, start + limit)
  const last = items.at(-1)
  const more = last !== undefined && start + limit < all.length
  return { items, next: more ? Buffer.from(idOf(last)).toString('base64url') : null }
}
