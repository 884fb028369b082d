import type { ImportProgress } from '@kivi/clickhouse'

/** Where a transfer of rows into the log stands. */
export type Standing =
  | { readonly kind: 'new' }
  | { readonly kind: 'at'; readonly position: number }
  | { readonly kind: 'finished'; readonly position: number }
  /** a transaction was under way, and nobody remembers any more whether it was committed */
  | { readonly kind: 'in_doubt'; readonly position: number; readonly sending: number }

/**
 * The log's own progress was committed with the rows, so it is the truth while the log keeps it. What the store
 * remembers was written before and after each transaction: without the log it is exact but for one under way.
 *
 * @param logged position of the progress in the log, null: the log has none (any more)
 */
export function standingOf(logged: number | null, remembered: ImportProgress | null, total: number): Standing {
  if (logged === null && remembered === null) return { kind: 'new' }
  // a log that was put back to an earlier state does not know of rows that were counted long ago
  const position = Math.max(logged ?? 0, remembered?.position ?? 0)
  if (position >= total) return { kind: 'finished', position }
  if (logged === null && remembered !== null && remembered.sending > position)
    return { kind: 'in_doubt', position, sending: remembered.sending }
  return { kind: 'at', position }
}
