import { eventsInsert, ledgerInsert, sliceInserts } from '@kivi/clickhouse'
import type { FoldedBatch, Insert, LedgerEntry } from '@kivi/domain'
import type { RawBlock } from './raw-rows.ts'

/**
 * The blocks of a batch in the order in which they are written: slices, raw events, the ledger last. A block
 * touches one ClickHouse partition (month), so it becomes one part: it is there as a whole or not at all. Slices
 * come first, because their proof rows tell how far the batch reached when all else is lost.
 */
export function blocksOf(
  folded: FoldedBatch,
  raw: readonly RawBlock[],
  ledger: LedgerEntry,
  writtenAt: number,
): Insert[] {
  return [
    // a proof at least, even where no measure reads the events that follow
    ...sliceInserts(folded, ledger, { writtenAt, provenMonths: raw.map(block => block.month) }),
    ...raw.map(block => eventsInsert(ledger, block.month, block.body, block.rows)),
    ledgerInsert(ledger, monthOfStamp(ledger.lastStamp)),
  ]
}

/** yyyymm (UTC) of the batch's last record, so that a replay in another month gives the same block */
function monthOfStamp(stamp: number): number {
  const date = new Date(Math.max(0, stamp))
  return date.getUTCFullYear() * 100 + date.getUTCMonth() + 1
}
