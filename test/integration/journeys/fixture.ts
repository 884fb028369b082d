import { type ClickHouse, createJourneySource } from '@kivi/clickhouse'
import type { Catalog, JourneySource } from '@kivi/domain'
import { createDerived, derivedTables, insertInto } from '../../../packages/clickhouse/src/derived/derived-table.ts'
import { createAttributionReader } from '../../../packages/clickhouse/src/journeys/attribution.ts'
import { createFunnelReader } from '../../../packages/clickhouse/src/journeys/funnels.ts'
import type { DerivedReader } from '../../../packages/clickhouse/src/measures/derived-reader.ts'
import { boundedRows } from '../../../packages/clickhouse/src/measures/statement.ts'
import { createStoreDatabase, KEPT_FOREVER } from '../../support/clickhouse-store.ts'
import { insertEvents, type SentEvent } from '../../support/derived-store.ts'

/** A database of its own with raw events and the catalog's derived tables, as they are when they have caught up. */
export interface JourneyStore extends AsyncDisposable {
  readonly clickhouse: ClickHouse
  readonly attributed: DerivedReader<'attributed'>
  readonly funnels: DerivedReader<'funnel'>
  readonly journeys: JourneySource
  /** writes raw events and brings the derived tables up to date */
  send(events: readonly SentEvent[]): Promise<void>
  /** forgets everything: a database is costly to make, and random histories are many */
  clear(): Promise<void>
}

export async function createJourneyStore(catalog: Catalog): Promise<JourneyStore> {
  const store = await createStoreDatabase({ retention: KEPT_FOREVER })
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
      await insertEvents(store, catalog, events, sent)
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
