import type { RowBinaryWriter } from './writer.ts'

/** A row of `events`; the common fields are '' where the event has none. Times in epoch ms. */
export interface EventRow {
  readonly eventId: string
  readonly eventType: string
  readonly eventTime: number
  readonly source: string
  readonly userId: string
  readonly anonymousId: string
  readonly sessionId: string
  readonly channel: string
  readonly campaign: string
  readonly region: string
  readonly segment: string
  readonly productId: string
  readonly category: string
  readonly properties: ReadonlyMap<string, string>
  /** the type's own text and enum fields */
  readonly strings: ReadonlyMap<string, string>
  /** the type's own numbers, booleans as 0 and 1 */
  readonly numbers: ReadonlyMap<string, number>
  /** 64-bit hash in two signed lanes; 0, 0: none */
  readonly personHigh: number
  readonly personLow: number
  readonly stamp: number
  readonly topic: string
  readonly lineage: string
  readonly partition: number
  readonly offset: number
  /** yyyymm of the event's local day */
  readonly month: number
}

export function writeEventRow(writer: RowBinaryWriter, row: EventRow): void {
  writer.text(row.eventId)
  writer.text(row.eventType)
  writer.int64(row.eventTime)
  writer.text(row.source)
  writer.text(row.userId)
  writer.text(row.anonymousId)
  writer.text(row.sessionId)
  writer.text(row.channel)
  writer.text(row.campaign)
  writer.text(row.region)
  writer.text(row.segment)
  writer.text(row.productId)
  writer.text(row.category)
  writeTexts(writer, row.properties)
  writeTexts(writer, row.strings)
  writer.length32(row.numbers.size)
  for (const [name, value] of row.numbers) {
    writer.text(name)
    writer.float64(value)
  }
  writer.lanes(row.personHigh, row.personLow)
  writer.int64(row.stamp)
  writer.text(row.topic)
  writer.text(row.lineage)
  writer.uint32(row.partition)
  writer.uint64(row.offset)
  writer.uint32(row.month)
}

function writeTexts(writer: RowBinaryWriter, map: ReadonlyMap<string, string>): void {
  writer.length32(map.size)
  for (const [name, value] of map) {
    writer.text(name)
    writer.text(value)
  }
}
