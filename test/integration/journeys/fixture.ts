import { type ClickHouse, createJourneySource } from '@kivi/clickhouse'
import type { Catalog, JourneySource } from '@kivi/domain'
import { createDerived, derivedTables, insertInto } from '../../../packages/clickhouse/src/derived/derived-table.ts'
import { createAttributionReader } from '../../../packages/clickhouse/src/journeys/attribution.ts'
import { createFunnelReader } from '../../../packages/clickhouse/src/journeys/funnels.ts'
import type { DerivedReader } from '../../../packages/clickhouse/src/measures/derived-reader.ts'
import { boundedRows } from '../../../packages/clickhouse/src/measures/statement.ts'
import { createStoreDatabase } from '../../support/clickhouse-store.ts'
import { uniqueName } from '../../support/index.ts'

/** An event as a producer sends it; what is no common field goes where its type's own fields are kept. */
export type Sent = Readonly<Record<string, unknown>> & {
  readonly event_type: string
  readonly event_time: string | number
}

/** A database of its own with raw events and the catalog's derived tables, as they are when they have caught up. */
export interface JourneyStore extends AsyncDisposable {
  readonly clickhouse: ClickHouse
  readonly attributed: DerivedReader<'attributed'>
  readonly funnels: DerivedReader<'funnel'>
  readonly journeys: JourneySource
  /** writes raw events and brings the derived tables up to date */
  send(events: readonly Sent[]): Promise<void>
  /** forgets everything: a database is costly to make, and random histories are many */
  clear(): Promise<void>
}

export async function createJourneyStore(catalog: Catalog): Promise<JourneyStore> {
  // the tests live in a time of their own: nothing may go by the clock of this machine
  const forever = Number.POSITIVE_INFINITY
  const store = await createStoreDatabase({
    retention: { tenSeconds: forever, quarterHour: forever, day: forever, raw: forever },
  })
  const tables = derivedTables(catalog)
  const target = { database: store.database, cluster: null }
  for (const table of tables) for (const sql of createDerived(target, table)) await store.command(sql)
  const rows = boundedRows(store, {})
  let sent = 0
  return {
    clickhouse: store,
    journeys: createJourneySource({ clickhouse: store }),
    attributed: createAttributionReader({ rows }),
    funnels: createFunnelReader({ rows }),
    async send(events) {
      await insertEvents(store, events, sent)
      sent += events.length
      for (const table of tables) await store.command(insertInto(table, table.rows('1')))
    },
    async clear() {
      for (const name of ['events', ...tables.map(table => table.definition.name)])
        await store.command(`TRUNCATE TABLE ${name}`)
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
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
async function insertEvents(clickhouse: ClickHouse, events: readonly Sent[], from: number): Promise<void> {
  const lines = events.map((event, index) => {
    const own = Object.entries(event).filter(
      ([name]) => !COMMON.includes(name) && !name.startsWith('event_') && name !== 'properties',
    )
    const time = new Date(event.event_time)
    const text = time.toISOString().replace('T', ' ').replace('Z', '')
    const id = event['event_id'] ?? `e${from + index}`
    return JSON.stringify({
      event_id: id,
      event_type: event.event_type,
      event_time: text,
      ...Object.fromEntries(COMMON.map(name => [name, event[name] ?? ''])),
      properties: event['properties'] ?? {},
      strings: {
        ...(event.event_type === 'purchase' ? { order_id: id } : {}),
        ...Object.fromEntries(own.filter(([, value]) => typeof value === 'string')),
      },
      numbers: Object.fromEntries(own.filter(([, value]) => typeof value !== 'string').map(([n, v]) => [n, Number(v)])),
      stamp: text,
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
