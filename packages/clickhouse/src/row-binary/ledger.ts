import type { LedgerEntry } from '@kivi/domain'
import type { RowBinaryWriter } from './writer.ts'

/** A row of `ledger`; `month` is the ClickHouse partition it goes to. */
export function writeLedgerRow(writer: RowBinaryWriter, entry: LedgerEntry, month: number): void {
  writer.text(entry.topic)
  writer.text(entry.lineage)
  writer.uint32(entry.partition)
  writer.uint64(entry.from)
  writer.uint64(entry.to)
  writer.uint64(entry.records)
  writer.uint64(entry.accepted)
  writer.uint64(entry.duplicate)
  writer.uint64(entry.rejected)
  writer.uint64(entry.tooLate)
  writer.uint64(entry.tooEarly)
  writer.text(entry.digest)
  writer.int64(entry.lastOffset)
  writer.int64(entry.lastStamp)
  writer.int64(entry.highStamp)
  writeNullableTime(writer, entry.firstEventTime)
  writeNullableTime(writer, entry.lastEventTime)
  writer.int64(entry.watermark)
  writer.text(entry.catalogHash)
  writer.length32(entry.idHashes.length)
  for (const hash of entry.idHashes) writer.bigUint64(hash)
  writer.length32(entry.idStamps.length)
  for (const stamp of entry.idStamps) writer.int64(stamp)
  writer.text(entry.worker)
  writer.uint32(Math.max(0, Math.round(entry.durationMs)))
  writer.uint32(month)
}

function writeNullableTime(writer: RowBinaryWriter, time: number | null): void {
  writer.uint8(time === null ? 1 : 0)
  if (time !== null) writer.int64(time)
}
