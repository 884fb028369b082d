import type { FoldedBatch, Insert, LedgerEntry, SourceRange } from '@kivi/domain'
import { insertToken, proofRow } from './proofs.ts'
import { writeLedgerRow } from './row-binary/ledger.ts'
import { encodeTexts, writeSliceColumns, writeSliceRow } from './row-binary/slices.ts'
import { RowBinaryWriter } from './row-binary/writer.ts'

/** A row of the ledger takes part in the same method as the rest: one block, one token. */
export function ledgerInsert(entry: LedgerEntry, month: number): Insert {
  const writer = new RowBinaryWriter()
  writeLedgerRow(writer, entry, month)
  return insertOf('ledger', entry, month, writer.detach(), 1)
}

/**
 * The slices of a batch as inserts, one per month, each with its proof row. `provenMonths` get an insert even where
 * nothing was folded into them, of the proof alone.
 *
 * A batch with raw events should have at least one, and send it before its events: only the proof row tells where
 * the batch ends, should its plan be lost (an expired commit, another group id).
 */
export function sliceInserts(
  batch: FoldedBatch,
  source: SourceRange,
  options: { readonly writtenAt: number; readonly provenMonths?: Iterable<number> },
): Insert[] {
  const texts = encodeTexts(batch)
  const columns = new Map(batch.months.map(month => [month.month, month]))
  const months = [...new Set([...columns.keys(), ...(options.provenMonths ?? [])])].sort((a, b) => a - b)
  return months.map(month => {
    const writer = new RowBinaryWriter()
    writeSliceRow(writer, proofRow(source, month, Math.floor(options.writtenAt / 1000)))
    const slices = columns.get(month)
    if (slices !== undefined) writeSliceColumns(writer, texts, slices)
    return insertOf('slices', source, month, writer.detach(), 1 + (slices?.rows ?? 0))
  })
}

/** Rows of `events` that were written while the batch was open, for one month. */
export const eventsInsert = (source: SourceRange, month: number, body: readonly Uint8Array[], rows: number): Insert =>
  insertOf('events', source, month, body, rows)

function insertOf(
  table: Insert['table'],
  { topic, lineage, partition, from, to }: SourceRange,
  month: number,
  body: readonly Uint8Array[],
  rows: number,
): Insert {
  const source = { topic, lineage, partition, from, to }
  return { table, month, token: insertToken(source, table, month), source, body, rows }
}
