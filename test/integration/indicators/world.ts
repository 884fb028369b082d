/**
 * Given events, what does Kivi say of an indicator? Events go the worker's way into ClickHouse, derived tables are
 * brought up to date, and the query service answers, over HTTP or many questions at once.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadCatalogFiles } from '@kivi/catalog'
import {
  type ClickHouse,
  createClickHouse,
  createJourneySource,
  createMeasureSource,
  createSliceReader,
  migrate,
} from '@kivi/clickhouse'
import {
  type Asked,
  type Catalog,
  createZone,
  type Evaluation,
  type MeasureSource,
  rangeWindow,
  readSheet,
} from '@kivi/domain'
import { createQueryService, type QueryService } from '@kivi/query-service'
import { createLogger, createTelemetry } from '@kivi/service-kit'
import type { GivenEvent } from '../../independent/history.ts'
import { KEPT_FOREVER } from '../../support/clickhouse-store.ts'
import { clickhouseUrl, uniqueName } from '../../support/index.ts'
import { createFollower, type Ingested, ingest, passWatermark, WATERMARK } from './ingest.ts'

const CATALOG = new URL('../../../catalog/', import.meta.url)

/** The shipped catalog in another zone, with other text in its files where a test needs it. */
export async function shippedCatalog(
  options: {
    readonly zone?: string
    readonly change?: Readonly<Record<string, (text: string) => string>>
    readonly more?: Readonly<Record<string, string>>
  } = {},
): Promise<Catalog> {
  const files = new Map<string, string>()
  for (const name of await readdir(CATALOG, { recursive: true }))
    if (/\.(yaml|avsc)$/.test(name)) files.set(name, await readFile(join(CATALOG.pathname, name), 'utf8'))
  const settings = files.get('kivi.yaml')!.replace(/^timezone: .*$/m, `timezone: ${options.zone ?? 'UTC'}`)
  files.set('kivi.yaml', settings)
  for (const [name, change] of Object.entries(options.change ?? {})) files.set(name, change(files.get(name)!))
  for (const [name, text] of Object.entries(options.more ?? {})) files.set(name, text)
  const loaded = loadCatalogFiles(files)
  if (loaded.catalog === undefined) throw new Error(JSON.stringify(loaded.problems, null, 2))
  return loaded.catalog
}

export interface Range {
  readonly from: number
  readonly to: number
}

interface HttpAnswer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any
}

export interface IndicatorWorld {
  readonly clickhouse: ClickHouse
  /** brings events in and the derived tables up to date; everything before `known` is there then */
  given(events: readonly GivenEvent[], known: number): Promise<Ingested>
  /** brings the derived tables up to date with what others brought in; everything before `known` is there */
  follow(known: number): Promise<void>
  /** what the query service answers */
  ask(path: string): Promise<HttpAnswer>
  /** its answer of one indicator and window; anything but an answer fails */
  // biome-ignore lint/suspicious/noExplicitAny: see above
  value(id: string, window: Range, options?: { by?: string; filter?: string; asOf?: number }): Promise<any>
  /** many indicators in many windows from one reading, by id and window */
  values(ids: readonly string[], windows: readonly Range[], by?: readonly string[]): Promise<Evaluated[]>
  [Symbol.asyncDispose](): Promise<void>
}

interface Evaluated {
  readonly id: string
  readonly window: Range
  /** its groups by their values */
  readonly groups: ReadonlyMap<string, Evaluation>
}

/** A database with this catalog, of its own unless another one ingests into it. */
export async function createIndicatorWorld(
  catalog: Catalog,
  database = uniqueName('indicators'),
): Promise<IndicatorWorld> {
  const clickhouse = createClickHouse({ url: await clickhouseUrl(), database })
  await migrate(clickhouse, { retention: KEPT_FOREVER })
  const zone = createZone(catalog.timezone)
  let histories = 0
  let known = 0
  const now = () => known + 60_000
  const slices = createSliceReader(clickhouse, { zone: () => zone })

  /** another history is another installation: nothing of the one before may be remembered */
  async function open(): Promise<{ source: MeasureSource; service: QueryService; url: string }> {
    const source = createMeasureSource({
      clickhouse,
      slices,
      rawRetentionMs: KEPT_FOREVER.raw,
      now,
      // what is asked here at once, nobody asks: it may take its time on a busy machine
      timeLimitSeconds: 120,
    })
    const logger = createLogger({ service: 'query-service', level: 'error' })
    const service = await createQueryService({
      catalog: () => catalog,
      source,
      journeys: createJourneySource({ clickhouse, timeLimitSeconds: 120 }),
      telemetry: createTelemetry(logger, { defaults: false }),
      http: { host: '127.0.0.1', port: 0 },
      retention: KEPT_FOREVER,
      ...WATERMARK,
      // data come between two services, and the clock stands still while one runs: the partitions are looked at once
      freshnessMs: 0.1,
      now,
    })
    return { source, service, url: await service.start() }
  }
  let opened = await open()

  async function forget(): Promise<void> {
    const tables = await clickhouse.rows<{ name: string }>(
      `SELECT name FROM system.tables WHERE database = {database:String} AND engine LIKE '%MergeTree'
       AND name NOT IN ('migrations', 'installation', 'catalogs', 'derived_builds', 'derived_state') AND total_rows > 0`,
      { database: clickhouse.database },
    )
    for (const { name } of tables) await clickhouse.command(`TRUNCATE TABLE \`${name}\``)
  }

  // each follower is an evaluator that has just started
  const derive = () => createFollower(clickhouse, catalog, slices, now)()
  // tables that serve already follow the ledger, as they do in a running Kivi
  await derive()

  const world: IndicatorWorld = {
    clickhouse,
    async given(events, until) {
      if (histories++ > 0) await forget()
      known = until
      const ingested = await ingest(clickhouse, catalog, events, { lineage: `history${histories}`, stamp: until })
      await passWatermark(clickhouse, events.length, until)
      await world.follow(until)
      return ingested
    },
    async follow(until) {
      known = until
      await derive()
      await opened.service.stop()
      opened = await open()
    },
    async ask(path) {
      const response = await fetch(new URL(path, opened.url))
      return { status: response.status, body: await response.json() }
    },
    async value(id, { from, to }, { by, filter, asOf } = {}) {
      const query = new URLSearchParams({ from: new Date(from).toISOString(), to: new Date(to).toISOString() })
      if (by !== undefined) query.set('by', by)
      if (filter !== undefined) query.set('filter', filter)
      if (asOf !== undefined) query.set('as_of', new Date(asOf).toISOString())
      const { status, body } = await world.ask(`/v1/indicators/${id}/value?${query}`)
      if (status !== 200) throw new Error(`${id}: ${status} ${JSON.stringify(body)}`)
      return body
    },
    async values(ids, windows, by = []) {
      const asked = windows.flatMap(window =>
        ids.map((id): Asked & { id: string; range: Range } => ({
          id,
          range: window,
          indicator: catalog.indicators.get(id)!,
          window: rangeWindow(window.from, window.to),
          by,
          filters: [],
        })),
      )
      const sheet = await readSheet(opened.source, catalog, asked, {
        now: now(),
        watermark: known,
        calendar: { zone, fiscalYearStart: catalog.fiscalYearStart },
        retention: KEPT_FOREVER,
        derived: () => known,
        newest: known,
        asOf: null,
      })
      return asked.map(({ id, range }, index) => ({
        id,
        window: range,
        groups: new Map(sheet.groups(index).map(group => [group.join('|'), sheet.at(index, group)])),
      }))
    },
    async [Symbol.asyncDispose]() {
      await opened.service.stop()
      await clickhouse.command(`DROP DATABASE ${clickhouse.database}`)
      await clickhouse.close()
    },
  }
  return world
}
