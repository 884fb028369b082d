/**
 * A Kivi in which time is what the scenario says: events are decoded, judged, folded and stored as the worker does it,
 * derived tables follow the ledger, and the query service answers as of the instant that is reached.
 */
import { randomBytes } from 'node:crypto'
import {
  type ClickHouse,
  createBatchStore,
  createClickHouse,
  createDeriver,
  createMeasureSource,
  createSliceReader,
  migrate,
} from '@kivi/clickhouse'
import { createSchemaRegistry, DEAD_LETTER_HEADERS } from '@kivi/decoding'
import { type Catalog, createHasher, createZone, FoldMemory, readRule } from '@kivi/domain'
import { BATCH_LIMITS, createIntake } from '@kivi/ingest-worker'
import { createQueryService } from '@kivi/query-service'
import type { Config } from '@kivi/service-kit'
import { createLogger, createTelemetry } from '@kivi/service-kit'
import type { Observe } from './alerts.ts'
import { recordSetOf } from './record-set.ts'
import type { ScenarioEvent } from './scenario.ts'

const TOPIC = 'scenario'
/** nothing may go by the clock of this machine: what is kept is kept */
const FOREVER = Number.POSITIVE_INFINITY
const KEPT = { tenSeconds: FOREVER, quarterHour: FOREVER, day: FOREVER, raw: FOREVER }
const INSERT_WITHIN_MS = 60_000
const ANSWER_WITHIN_S = 60
const WITHIN_AN_INSTANT_MS = 0.1

export interface StageOptions {
  readonly clickhouseUrl: string
  readonly catalog: Catalog
  readonly config: Pick<Config, 'clickhouse' | 'ingest' | 'retention'>
  readonly signal: AbortSignal
}

/** A database in which one scenario after the other is played: making one takes longer than most scenarios. */
export interface Stage extends AsyncDisposable {
  /** an empty world; one at a time, left empty again when it is disposed of */
  world(): Promise<World>
}

export interface World extends AsyncDisposable {
  /** the instant until which everything is known; the rest of the world follows it */
  passTo(instant: number): Promise<void>
  /** into the log, in the order of their arrival. Gives the rejected ones with the reason */
  receive(events: readonly ScenarioEvent[]): Promise<ReadonlyArray<readonly [ScenarioEvent, string]>>
  /** what an alert rule finds at instants that are over */
  readonly observe: Observe
  /** GET from the API; the status beside the body */
  ask(path: string): Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }>
}

/** In a database of its own, which is dropped at the end. */
export async function openStage(options: StageOptions): Promise<Stage> {
  const { clickhouseUrl, catalog, config } = options
  const { user, password } = config.clickhouse
  const database = `kivi_test_${randomBytes(6).toString('hex')}`
  const clickhouse = createClickHouse({ url: clickhouseUrl, user, password, database })
  await migrate(clickhouse, { retention: KEPT })
  await createBatchStore(clickhouse).storeCatalog(catalog.hash, catalog.files)
  return {
    world: () => openWorld(clickhouse, options),
    async [Symbol.asyncDispose]() {
      await clickhouse.command(`DROP DATABASE IF EXISTS ${database} SYNC`)
      await clickhouse.close()
    },
  }
}

async function openWorld(clickhouse: ClickHouse, { catalog, config, signal }: StageOptions): Promise<World> {
  let now = 0
  let position = 0
  // what is known of one scenario's log means nothing for the next
  const lineage = randomBytes(8).toString('hex')
  const store = createBatchStore(clickhouse)
  const intake = createIntake(
    { topic: TOPIC, partition: 0, lineage, position, ledger: null, catalog: null, unknownSchemas: null },
    { first: catalog, current: () => catalog },
    {
      registry: createSchemaRegistry({ url: null }),
      hasher: createHasher(await store.seed()),
      judge: {
        retentionRaw: config.retention.raw || FOREVER,
        clockSkew: config.ingest.clockSkewMs,
        horizon: config.ingest.duplicateHorizonMs,
        disorder: config.ingest.disorderMs,
      },
      raw: true,
      limits: BATCH_LIMITS,
      memory: new FoldMemory(),
      worker: 'kivi test',
      now: () => now,
    },
  )
  const zone = createZone(catalog.timezone)
  const slices = createSliceReader(clickhouse, { zone: () => zone, timeLimitSeconds: ANSWER_WITHIN_S })
  const watermark = { disorder: config.ingest.disorderMs, idleAfter: config.ingest.idleAfterMs }
  const deriver = createDeriver({ clickhouse, progress: () => slices.progress(), watermark, now: () => now })
  const source = createMeasureSource({
    clickhouse,
    slices,
    rawRetentionMs: FOREVER,
    now: () => now,
    // a busy machine makes a test slow, not wrong
    timeLimitSeconds: ANSWER_WITHIN_S,
  })
  const query = await createQueryService({
    catalog: () => catalog,
    source,
    telemetry: createTelemetry(createLogger({ service: 'kivi', level: 'error' }), { defaults: false }),
    http: { host: '127.0.0.1', port: 0 },
    retention: KEPT,
    disorderMs: watermark.disorder,
    idleAfterMs: watermark.idleAfter,
    // between two instants, which are whole milliseconds, the partitions are looked at once
    freshnessMs: WITHIN_AN_INSTANT_MS,
    now: () => now,
  })

  return {
    async passTo(instant) {
      now = instant
      await store.storeProgress([
        {
          topic: TOPIC,
          partition: 0,
          position,
          high: position,
          watermark: instant,
          idleSince: null,
          at: instant,
          worker: 'kivi test',
        },
      ])
      while ((await deriver.pass(catalog, signal)).more) signal.throwIfAborted()
    },
    async receive(events) {
      const rejected: Array<readonly [ScenarioEvent, string]> = []
      for (let from = 0; from < events.length; from += BATCH_LIMITS.records) {
        const batch = events.slice(from, from + BATCH_LIMITS.records)
        const first = position
        const records = batch.map(({ event, arrives }) => ({ value: JSON.stringify(event), stamp: arrives }))
        const set = recordSetOf(records, first)
        await intake.prepare(set, 0, set.count)
        intake.add(set, 0, set.count)
        position = set.to
        const { inserts, deadLetters } = intake.take()
        for (const insert of inserts)
          await store.insert(insert, 1, AbortSignal.any([signal, AbortSignal.timeout(INSERT_WITHIN_MS)]))
        for (const letter of deadLetters) {
          const header = (name: string): string => String(letter.headers?.find(([known]) => known === name)?.[1] ?? '')
          const row = Number(header(DEAD_LETTER_HEADERS.offset)) - first
          rejected.push([batch[row]!, `${header(DEAD_LETTER_HEADERS.reason)}: ${header(DEAD_LETTER_HEADERS.detail)}`])
        }
      }
      return rejected
    },
    observe(rule, instants) {
      const calendar = { zone, fiscalYearStart: catalog.fiscalYearStart }
      const basis = { now, watermark: now, calendar, retention: KEPT, derived: () => now }
      return readRule(rule, instants, { source, catalog, basis })
    },
    async ask(path) {
      const { statusCode, body } = await query.app.inject({ method: 'GET', url: path })
      return { status: statusCode, body: JSON.parse(body) as Record<string, unknown> }
    },
    async [Symbol.asyncDispose]() {
      await query.stop()
      await empty(clickhouse)
    },
  }
}

/** What a scenario leaves behind; that derived tables are there and built stays known. */
const LEFT_BEHIND =
  "name IN ('events', 'slices', 'ledger', 'partitions', 'derived_state') OR match(name, '^(entity_|links_)')"

async function empty(clickhouse: ClickHouse): Promise<void> {
  const tables = await clickhouse.rows<{ readonly name: string }>(
    `SELECT name FROM system.tables WHERE database = currentDatabase() AND total_rows > 0 AND (${LEFT_BEHIND})`,
  )
  for (const { name } of tables) await clickhouse.command(`TRUNCATE TABLE ${name}`)
}
