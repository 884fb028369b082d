import { type EventRow, RowBinaryWriter, writeEventRow } from '@kivi/clickhouse'
import type { DecodedEvent } from '@kivi/decoding'
import { HASH_SPACE, type Hasher, type Zone } from '@kivi/domain'

/** Rows of `events` of one month, as a block. */
export interface RawBlock {
  readonly month: number
  readonly body: readonly Uint8Array[]
  readonly rows: number
}

/** Collects the accepted events of a batch as rows of `events`, by month. */
export interface RawRows {
  readonly bytes: number
  add(event: DecodedEvent, offset: number, stamp: number, zone: Zone): void
  take(): RawBlock[]
}

/** Fields that are columns of their own, with the column's property. */
const COMMON = {
  source: 'source',
  user_id: 'userId',
  anonymous_id: 'anonymousId',
  session_id: 'sessionId',
  channel: 'channel',
  campaign: 'campaign',
  region: 'region',
  segment: 'segment',
  product_id: 'productId',
  category: 'category',
} as const satisfies Record<string, keyof EventRow>

export function createRawRows(
  place: { readonly topic: string; readonly partition: number; readonly lineage: string },
  hasher: Hasher,
): RawRows {
  const months = new Map<number, { writer: RowBinaryWriter; rows: number }>()

  function add(event: DecodedEvent, offset: number, stamp: number, zone: Zone): void {
    const month = zone.day(event.event_time).month
    const block = months.get(month) ?? { writer: new RowBinaryWriter(), rows: 0 }
    months.set(month, block)
    block.rows++
    writeEventRow(block.writer, rowOf(event, month, offset, stamp))
  }

  function rowOf(event: DecodedEvent, month: number, offset: number, stamp: number): EventRow {
    const common = {} as Record<(typeof COMMON)[keyof typeof COMMON], string>
    for (const [field, property] of Object.entries(COMMON)) common[property] = textOf(event[field])
    const strings = new Map<string, string>()
    const numbers = new Map<string, number>()
    let properties: ReadonlyMap<string, string> = new Map()
    for (const field in event) {
      const value = event[field]
      if (field in COMMON || field === 'event_id' || field === 'event_type' || field === 'event_time') continue
      if (typeof value === 'string') strings.set(field, value)
      else if (typeof value === 'number') numbers.set(field, value)
      else if (typeof value === 'boolean') numbers.set(field, value ? 1 : 0)
      else if (field === 'properties' && value !== undefined) properties = new Map(Object.entries(value))
    }
    if (common.userId !== '') hasher.ofText(common.userId, HASH_SPACE.user)
    else if (common.anonymousId !== '') hasher.ofText(common.anonymousId, HASH_SPACE.anonymous)
    const person = common.userId !== '' || common.anonymousId !== ''
    return {
      ...common,
      eventId: event.event_id,
      eventType: event.event_type,
      eventTime: event.event_time,
      properties,
      strings,
      numbers,
      personHigh: person ? hasher.high : 0,
      personLow: person ? hasher.low : 0,
      stamp: Math.max(0, stamp),
      ...place,
      offset,
      month,
    }
  }

  return {
    get bytes() {
      let sum = 0
      for (const { writer } of months.values()) sum += writer.length
      return sum
    },
    add,
    take() {
      const blocks = [...months].map(([month, { writer, rows }]) => ({ month, body: writer.detach(), rows }))
      months.clear()
      return blocks.sort((a, b) => a.month - b.month)
    },
  }
}

const textOf = (value: DecodedEvent[string] | undefined): string => (typeof value === 'string' ? value : '')
