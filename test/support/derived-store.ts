import { type ClickHouse, createMeasureSource, createSliceReader } from '@kivi/clickhouse'
import { type Catalog, createZone, type MeasureSource } from '@kivi/domain'
import { createDerived, derivedTables, insertInto } from '../../packages/clickhouse/src/derived/derived-table.ts'
import { createStoreDatabase, KEPT_FOREVER } from './clickhouse-store.ts'
import { uniqueName } from './services.ts'

/** An event as a producer sends it; what is no common field goes where its type's own fields are kept. */
export type SentEvent = Readonly<Record<string, unknown>> & {
  readonly event_type: string
  readonly event_time: string | number
}

/** A database of its own with raw events and the catalog's derived tables, as they are when they have caught up. */
export interface DerivedStore extends AsyncDisposable {
  readonly clickhouse: ClickHouse
  readonly measures: MeasureSource
  /** writes raw events (no slices), and brings the derived tables up to date */
  send(events: readonly SentEvent[]): Promise<void>
  /** fills the derived tables from the raw events that are there */
  derive(): Promise<void>
}

export async function createDerivedStore(catalog: Catalog): Promise<DerivedStore> {
  const clickhouse = await createStoreDatabase({ retention: KEPT_FOREVER })
  const tables = derivedTables(catalog)
  const target = { database: clickhouse.database, cluster: null }
  for (const table of tables) for (const sql of createDerived(target, table)) await clickhouse.command(sql)
  const zone = createZone(catalog.timezone)
  let sent = 0
  let step = 0
  const store: DerivedStore = {
    clickhouse,
    measures: createMeasureSource({
      clickhouse,
      slices: createSliceReader(clickhouse, { zone: () => zone }),
      rawRetentionMs: KEPT_FOREVER.raw,
    }),
    async send(events) {
      await insertEvents(clickhouse, catalog, events, sent)
      sent += events.length
      await store.derive()
    },
    async derive() {
      for (const table of tables) await clickhouse.command(insertInto(table, table.rows('1')))
      await clickhouse.command(
        `INSERT INTO derived_state (table_name, table_uuid, topic, partition, lineage, position, watermark, at)
         SELECT name, uuid, '', 0, '', ${++step}, ${Date.UTC(2030, 0, 1)}, now64(3) FROM system.tables
         WHERE database = currentDatabase() AND name IN (${tables.map(({ definition }) => `'${definition.name}'`).join(', ')})`,
      )
    },
    [Symbol.asyncDispose]: () => clickhouse[Symbol.asyncDispose](),
  }
  return store
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
export async function insertEvents(
  clickhouse: ClickHouse,
  catalog: Pick<Catalog, 'eventTypes'>,
  events: readonly SentEvent[],
  from: number,
): Promise<void> {
  const lines = events.map((event, index) => {
    const own = Object.entries(event).filter(
      ([name]) => !COMMON.includes(name) && name !== 'properties' && !name.startsWith('event_'),
    )
    const time = new Date(event.event_time)
    const text = time.toISOString().replace('T', ' ').replace('Z', '')
    const id = event['event_id'] ?? `e${from + index}`
    const defaults = [...(catalog.eventTypes.get(event.event_type)?.defaults.keys() ?? [])]
    return JSON.stringify({
      event_id: id,
      event_type: event.event_type,
      event_time: text,
      ...Object.fromEntries(COMMON.map(name => [name, event[name] ?? ''])),
      properties: event['properties'] ?? {},
      strings: {
        ...Object.fromEntries(defaults.map(name => [name, id])),
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
  if (lines.length === 0) return
  await clickhouse.insert(
    `INSERT INTO events SETTINGS insert_deduplication_token = '${uniqueName('t')}' FORMAT JSONEachRow`,
    [Buffer.from(`${lines.join('\n')}\n`)],
  )
}
