import type { ClickHouse } from '@kivi/clickhouse'
import { uniqueName } from '../../support/index.ts'

/** An event as a producer sends it; what is no common field goes where its type's own fields are kept. */
export type Sent = Readonly<Record<string, unknown>> & {
  readonly event_type: string
  readonly event_time: string | number
}

const COMMON = [
  'source',
  'user_id',
  'anonymous_id',
  'session_id',
  'channel',
  'campaign',
  'region',
  'segment',
  'product_id',
  'category',
]

/** Writes raw events as the ingest worker would have, at the given positions of a partition. */
export async function insertEvents(clickhouse: ClickHouse, events: readonly Sent[], from = 0): Promise<void> {
  const lines = events.map((event, index) => {
    const own = Object.entries(event).filter(([name]) => !COMMON.includes(name) && !name.startsWith('event_'))
    const time = new Date(event.event_time)
    return JSON.stringify({
      event_id: event['event_id'] ?? `e${from + index}`,
      event_type: event.event_type,
      event_time: time.toISOString().replace('T', ' ').replace('Z', ''),
      ...Object.fromEntries(COMMON.map(name => [name, event[name] ?? ''])),
      strings: Object.fromEntries(own.filter(([, value]) => typeof value === 'string')),
      numbers: Object.fromEntries(own.filter(([, value]) => typeof value !== 'string').map(([n, v]) => [n, Number(v)])),
      stamp: time.toISOString().replace('T', ' ').replace('Z', ''),
      topic: 'events',
      lineage: 'aaaa',
      partition: 0,
      offset: from + index,
      month: time.getUTCFullYear() * 100 + time.getUTCMonth() + 1,
    })
  })
  await clickhouse.insert(
    `INSERT INTO events SETTINGS insert_deduplication_token = '${uniqueName('t')}' FORMAT JSONEachRow`,
    [Buffer.from(`${lines.join('\n')}\n`)],
  )
}
