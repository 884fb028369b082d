import { readdir, readFile } from 'node:fs/promises'
import { loadCatalogFiles } from '@kivi/catalog'
import {
  type ClickHouse,
  createAlertHistoryStore,
  createAuditStore,
  createClickHouse,
  createJourneySource,
  createKeyStore,
  createMeasureSource,
  createSilenceStore,
  createSliceReader,
  createSteeringStore,
  createSystemSource,
  migrate,
} from '@kivi/clickhouse'
import {
  type Catalog,
  createZone,
  foldPlain,
  type LogWatch,
  type MeasureSource,
  type PartitionProgress,
  type PlainEvent,
  type PointStore,
  type SliceRow,
  type StateLog,
} from '@kivi/domain'
import { createQueryService, type QueryService, type QueryServiceDeps } from '@kivi/query-service'
import { createKeyring, createLogger, createTelemetry, type Telemetry } from '@kivi/service-kit'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { createDerived, derivedTables } from '../../../packages/clickhouse/src/derived/derived-table.ts'
import { KEPT_FOREVER } from '../../support/clickhouse-store.ts'
import { clickhouseUrl, uniqueName } from '../../support/index.ts'

const MINUTE = 60_000
export const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export type Fields = Readonly<Record<string, unknown>> & { readonly event_time: string }

interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any
  readonly headers: Record<string, unknown>
  readonly text: string
}

/** A query service over slices of the run's ClickHouse, in a database of its own. */
export interface QueryFixture {
  readonly clickhouse: ClickHouse
  readonly service: QueryService
  readonly catalog: Catalog
  readonly telemetry: Telemetry
  /** statements that read slices so far */
  reads(): number
  /** sets the clock */
  clock(now: string | number): void
  /** folds events by the reference fold and inserts their slices; the watermark does not move */
  insert(events: readonly Fields[], options?: { watermarkBefore?: string }): Promise<void>
  /** partitions as given, one row each */
  progress(rows: ReadonlyArray<Partial<PartitionProgress> & { watermark: number }>): Promise<void>
  /** a single busy partition at this watermark */
  watermark(time: string): Promise<void>
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  /** a text is sent as CSV, all else as JSON */
  send(method: 'PUT' | 'POST' | 'DELETE', path: string, body: unknown): Promise<Answer>
  close(): Promise<void>
}

/** The shipped event types with the given YAML as the rest of the catalog. */
export async function catalogOf(files: Readonly<Record<string, string>>): Promise<Catalog> {
  const all = new Map<string, string>(Object.entries(files))
  const directory = new URL('../../../catalog/events/', import.meta.url)
  for (const name of await readdir(directory))
    all.set(`events/${name}`, await readFile(new URL(name, directory), 'utf8'))
  const loaded = loadCatalogFiles(all)
  if (loaded.catalog === undefined) throw new Error(JSON.stringify(loaded.problems, null, 2))
  return loaded.catalog
}

export async function createQueryFixture(
  catalog: Catalog,
  options: {
    now: string
    source?: (reader: MeasureSource) => MeasureSource
    freshnessMs?: number
    points?: PointStore
    /** callers need keys, of the fixture's own database */
    keys?: boolean
    requestsPerMinute?: number
    /** the event log, where the service reads it */
    log?: LogWatch
    /** of which pages may ask */
    origins?: readonly string[]
    live?: QueryServiceDeps['live']
    alerts?: QueryServiceDeps['alerts']
    /** opens the log of the alerts; without, there are none */
    states?: () => Promise<Pick<StateLog, 'read'>>
  },
): Promise<QueryFixture> {
  const clickhouse = createClickHouse({ url: await clickhouseUrl(), database: uniqueName('query') })
  await migrate(clickhouse, { retention: KEPT_FOREVER })
  const target = { database: clickhouse.database, cluster: null }
  for (const table of derivedTables(catalog))
    for (const sql of createDerived(target, table)) await clickhouse.command(sql)
  let now = Date.parse(options.now)
  let reads = 0
  const zone = createZone(catalog.timezone)
  // only slices are filled: raw events are not there to be asked
  const reader = createMeasureSource({
    clickhouse,
    slices: createSliceReader(clickhouse, { zone: () => zone }),
    rawRetentionMs: 0,
    now: () => now,
  })
  const counted: MeasureSource = {
    ...reader,
    read: (asked, questions) => {
      reads++
      return reader.read(asked, questions)
    },
  }
  const telemetry = createTelemetry(createLogger({ service: 'query-service', level: 'silent' }), { defaults: false })
  const service = await createQueryService({
    catalog: () => catalog,
    source: options.source?.(counted) ?? counted,
    telemetry,
    ...(options.points === undefined ? {} : { points: options.points }),
    ...(options.keys === true
      ? { keys: createKeyring({ store: createKeyStore(clickhouse), telemetry, now: () => now }) }
      : {}),
    requestsPerMinute: options.requestsPerMinute ?? null,
    ...(options.live === undefined ? {} : { live: options.live }),
    ...(options.alerts === undefined ? {} : { alerts: options.alerts }),
    http: { host: '127.0.0.1', port: 0, origins: options.origins ?? [] },
    retention: { tenSeconds: 7 * DAY, quarterHour: Number.POSITIVE_INFINITY, day: Number.POSITIVE_INFINITY },
    disorderMs: 30_000,
    idleAfterMs: 30_000,
    freshnessMs: options.freshnessMs ?? 0,
    steering: createSteeringStore(clickhouse),
    audit: createAuditStore(clickhouse),
    ...(options.states === undefined
      ? {}
      : {
          alerting: {
            states: options.states,
            silences: createSilenceStore(clickhouse),
            history: createAlertHistoryStore(clickhouse),
          },
        }),
    system: createSystemSource(clickhouse),
    ...(options.log === undefined ? {} : { log: options.log }),
    journeys: createJourneySource({ clickhouse }),
    now: () => now,
  })
  let position = 0
  const fixture: QueryFixture = {
    clickhouse,
    service,
    catalog,
    telemetry,
    reads: () => reads,
    clock(time) {
      now = typeof time === 'number' ? time : Date.parse(time)
    },
    async insert(events, { watermarkBefore } = {}) {
      const mark = watermarkBefore === undefined ? -1 : Date.parse(watermarkBefore)
      await insertSlices(
        clickhouse,
        foldPlain(
          events.map(fields => plainEvent(fields, mark)),
          catalog.measures.values(),
          zone,
        ),
      )
    },
    async progress(rows) {
      position++
      for (const [index, row] of rows.entries()) {
        const full = {
          topic: 'events',
          partition: index,
          position,
          high: position,
          idleSince: null,
          at: now,
          worker: 'test',
          ...row,
        }
        const idle = full.idleSince === null ? 'NULL' : `fromUnixTimestamp64Milli(${full.idleSince}, 'UTC')`
        await clickhouse.command(
          `INSERT INTO partitions (topic, partition, position, high, watermark, idle_since, at, worker) VALUES
           ('${full.topic}', ${full.partition}, ${full.position}, ${full.high}, ${full.watermark}, ${idle}, fromUnixTimestamp64Milli(${now + position}, 'UTC'), 'test')`,
        )
      }
    },
    watermark: time => fixture.progress([{ watermark: Date.parse(time) }]),
    async get(path, headers = {}) {
      const response = await injected(service.app, { method: 'GET', url: path, headers })
      const json = String(response.headers['content-type'] ?? '').includes('json')
      return {
        status: response.statusCode,
        body: json && response.body !== '' ? JSON.parse(response.body) : undefined,
        text: response.body,
        headers: response.headers,
      }
    },
    async send(method, path, body) {
      const [type, payload] = typeof body === 'string' ? ['text/csv', body] : ['application/json', JSON.stringify(body)]
      const response = await service.app.inject({ method, url: path, headers: { 'content-type': type }, payload })
      return {
        status: response.statusCode,
        body: response.body === '' ? undefined : JSON.parse(response.body),
        text: response.body,
        headers: response.headers,
      }
    },
    async close() {
      await service.stop()
      await clickhouse.command(`DROP DATABASE ${clickhouse.database}`)
      await clickhouse.close()
    },
  }
  return fixture
}

/** Asks without a connection; of a stream that lasts, the answer is what comes at once. */
export async function injected(app: FastifyInstance, request: InjectOptions) {
  if (!String(request.url).startsWith('/v1/stream')) return app.inject(request)
  const { statusCode, headers, ...response } = await app.inject({ ...request, payloadAsStream: true })
  const stream = response.stream()
  let body = ''
  for await (const piece of stream) {
    body += String(piece)
    if (statusCode === 200 && body.includes('data: ')) break
  }
  return { statusCode, headers, body, json: () => JSON.parse(body) }
}

const hash = (text: string): bigint => {
  let value = 14695981039346656037n
  for (const byte of Buffer.from(text)) value = BigInt.asUintN(64, (value ^ BigInt(byte)) * 1099511628211n)
  return value
}

function plainEvent(fields: Fields, watermarkBefore: number): PlainEvent {
  const person = fields['user_id'] ?? fields['anonymous_id']
  return {
    fields,
    time: Date.parse(fields.event_time),
    watermarkBefore,
    person: person === undefined ? 0n : hash(`u:${String(person)}`),
    hashOf: field => (fields[field] === undefined ? 0n : hash(String(fields[field]))),
  }
}

/** Slices as rows of JSON: the tests' own way in, apart from the worker's. */
export async function insertSlices(clickhouse: ClickHouse, rows: readonly SliceRow[]): Promise<void> {
  if (rows.length === 0) return
  const lines = rows.map(row =>
    JSON.stringify({
      measure: row.measure,
      level: row.level,
      start: row.start,
      dims: row.dims,
      month: row.month,
      count: row.count,
      sum: row.sum.toString(),
      min: row.min,
      max: row.max,
      late: row.late,
      distinct_in: row.distinct.map(String),
      exact_in: row.level === 3 ? row.distinct.map(String) : [],
      buckets: [[...row.buckets.keys()], [...row.buckets.values()]],
    }),
  )
  await clickhouse.insert(
    `INSERT INTO slices (measure, level, start, dims, month, count, sum, min, max, late, distinct_in, exact_in, buckets) SETTINGS insert_deduplication_token = '${uniqueName('t')}' FORMAT JSONEachRow`,
    [Buffer.from(`${lines.join('\n')}\n`)],
  )
}
