/** Events as they lie in the tables after ingestion, for what is derived from them. */
import type { ClickHouse } from '@kivi/clickhouse'
import { dateTimeOf, insertJson } from './insert-json.ts'

export interface WorldEvent {
  readonly type: string
  /** epoch ms */
  readonly time: number
  readonly user?: string
  readonly anonymous?: string
  readonly session?: string
  readonly channel?: string
  readonly strings?: Readonly<Record<string, string>>
  readonly numbers?: Readonly<Record<string, number>>
  readonly properties?: Readonly<Record<string, string>>
}

export interface World {
  /** a batch of one partition: its events, then its ledger row, as the worker writes them */
  ingest(events: readonly WorldEvent[], options?: { partition?: number; unfinished?: boolean }): Promise<void>
  /** where the partitions stand, each at this watermark */
  watermark(time: number): Promise<void>
}

export function createWorld(
  clickhouse: ClickHouse,
  options: { readonly now: () => number; readonly lineage?: string },
): World {
  const positions = new Map<number, number>()
  const lineage = options.lineage ?? 'aaaa'
  return {
    async ingest(events, { partition = 0, unfinished = false } = {}) {
      const from = positions.get(partition) ?? 0
      const to = from + events.length
      // each month is an insert of its own
      const months = Map.groupBy(events.entries(), ([, event]) => new Date(event.time).toISOString().slice(0, 7))
      for (const [month, rows] of months)
        await insertJson(
          clickhouse,
          'events',
          rows.map(([i, event]) => ({
            event_id: `${partition}/${from + i}`,
            event_type: event.type,
            event_time: dateTimeOf(event.time),
            user_id: event.user ?? '',
            anonymous_id: event.anonymous ?? '',
            session_id: event.session ?? '',
            channel: event.channel ?? '',
            strings: event.strings ?? {},
            numbers: event.numbers ?? {},
            properties: event.properties ?? {},
            stamp: dateTimeOf(options.now()),
            topic: 'events',
            lineage,
            partition,
            offset: from + i,
            month: Number(month.replace('-', '')),
          })),
        )
      if (unfinished) return
      const times = events.map(event => event.time)
      await insertJson(clickhouse, 'ledger', [
        {
          topic: 'events',
          lineage,
          partition,
          from_position: from,
          to_position: to,
          records: events.length,
          accepted: events.length,
          first_event_time: events.length === 0 ? null : dateTimeOf(Math.min(...times)),
          last_event_time: events.length === 0 ? null : dateTimeOf(Math.max(...times)),
          last_offset: to - 1,
          month: 202601,
        },
      ])
      positions.set(partition, to)
    },
    async watermark(time) {
      await insertJson(
        clickhouse,
        'partitions',
        [...positions].map(([partition, position]) => ({
          topic: 'events',
          partition,
          position,
          high: position,
          watermark: time,
          at: dateTimeOf(options.now()),
        })),
      )
    },
  }
}
