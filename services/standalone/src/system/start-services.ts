/**
 * Kivi as processes: this one answers requests, the engine, the ingest worker and the demo each have their own, so
 * that neither ingestion nor a long query makes answers wait. Components start in this order and stop in reverse.
 */
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ClickHouse, createKeyStore, migrate } from '@kivi/clickhouse'
import { startCollector } from '@kivi/collector'
import { type EventLog, KiviError } from '@kivi/domain'
import { startEvaluator } from '@kivi/evaluator'
import { startIngestWorker } from '@kivi/ingest-worker'
import {
  type Check,
  type Config,
  checkPort,
  createKeyring,
  isLoopback,
  type Keyring,
  type Lifecycle,
  listenError,
  startHealthServer,
  type Telemetry,
  withDeadline,
} from '@kivi/service-kit'
import { startDemo } from '../demo/run.ts'
import { openClickHouse, openEventLog, startEngine } from './adapters.ts'
import { claimDirectory, type DataDirectory, holdDirectory, holdDirectoryWhenFree, isDemo } from './data-directory.ts'
import { publishEndpoint } from './endpoint.ts'
import type { LiveCatalog } from './live-catalog.ts'
import { collectorDeps, digestSourceOf, startQueryService } from './query.ts'
import { superviseChild } from './supervise.ts'

export const SERVICES = ['collector', 'ingest-worker', 'evaluator', 'query-service', 'embedded-clickhouse'] as const
/** `demo` is started by `kivi start` itself, in a process of its own */
export type Service = (typeof SERVICES)[number] | 'demo'

export interface StartContext {
  readonly config: Config
  readonly env: Readonly<Record<string, string | undefined>>
  readonly catalog: LiveCatalog
  readonly directory: DataDirectory
  readonly lifecycle: Lifecycle
  readonly telemetry: Telemetry
  /** a service cannot go on: everything stops */
  readonly fail: (error: unknown) => void
}

export interface Running {
  /** of query service and collector; null where neither runs in this process */
  readonly url: string | null
  /** of the embedded engine; null where another ClickHouse is used */
  readonly engine: string | null
}

const PARTITIONS = 4
/** orchestrators give a readiness probe about a second or a few */
const CHECK_WITHIN_MS = 2_000
const WORKER_READY_WITHIN_MS = 60_000
/** the worker drains for up to 8 s */
const WORKER_STOP_DEADLINE_MS = 15_000

/** Everything, on this machine. */
export async function startAll(context: StartContext): Promise<Running> {
  const { config, directory, lifecycle, telemetry } = context
  const catalog = context.catalog.current
  await checkPort({ variable: 'KIVI_HTTP_PORT', ...config.http })
  await lifecycle.start('data directory', () => holdDirectory(directory, 'kivi'))
  await claimDirectory(directory, config.demo ? 'demo' : 'own')
  const clickhouseUrl = await startStore(context, 0)
  const clickhouse = await lifecycle.start('ClickHouse client', async () => openClickHouse(config, clickhouseUrl))
  const keys = await openKeys(context, clickhouse)
  const log = await lifecycle.start('event log', () => openEventLog(config, directory, telemetry.logger))
  await log.ensureTopic(config.topics.events, { partitions: PARTITIONS })
  const producer = await lifecycle.start('log producer', async () => {
    const value = await log.producer()
    return { value, stop: () => value.close() }
  })
  const children = childEnvironment(context, clickhouseUrl)
  await lifecycle.start(
    'ingest-worker',
    () =>
      superviseChild({
        name: 'ingest-worker',
        argv: kiviArguments('ingest-worker'),
        env: children,
        logger: telemetry.logger,
        readyWithinMs: WORKER_READY_WITHIN_MS,
      }),
    { stopDeadlineMs: WORKER_STOP_DEADLINE_MS },
  )
  await lifecycle.start(
    'evaluator',
    () =>
      superviseChild({
        name: 'evaluator',
        argv: kiviArguments('evaluator'),
        env: children,
        logger: telemetry.logger,
        readyWithinMs: WORKER_READY_WITHIN_MS,
      }),
    { stopDeadlineMs: WORKER_STOP_DEADLINE_MS },
  )
  const url = await lifecycle.start('query-service', () =>
    startQueryService({
      config,
      catalog,
      clickhouse,
      telemetry,
      http: config.http,
      keys,
      log,
      collect: { producer, demoOnly: config.demo },
    }),
  )
  if (config.demo)
    await lifecycle.start('demo', () =>
      superviseChild({
        name: 'demo',
        argv: kiviArguments('demo'),
        env: children,
        logger: telemetry.logger,
        readyWithinMs: WORKER_READY_WITHIN_MS,
      }),
    )
  await lifecycle.start('endpoint.json', () => announce(context, url, clickhouseUrl))
  return { url, engine: clickhouseUrl }
}

/** Some services in this process; what they need is elsewhere. */
export async function startSome(context: StartContext, services: readonly Service[]): Promise<Running> {
  const { config, directory, lifecycle, telemetry } = context
  const catalog = context.catalog.current
  // the engine asks nobody who he is, keys or not
  if (services.includes('embedded-clickhouse')) requireClosedNetwork(config)
  // one of each on a directory; with Kafka and ClickHouse elsewhere there may be as many as one likes
  const alone = services.filter(
    service =>
      (service === 'ingest-worker' && config.kafka === null) || service === 'embedded-clickhouse' || service === 'demo',
  )
  for (const service of alone)
    await lifecycle.start(`lock of ${service}`, () => holdDirectoryWhenFree(directory, service))

  let engine: string | null = null
  if (services.includes('embedded-clickhouse')) {
    const port = config.clickhouse.port ?? 8123
    const own = { ...config, clickhouse: { ...config.clickhouse, url: null } }
    engine = await lifecycle.start('embedded-clickhouse', () =>
      startEngine(own, directory, telemetry.logger, { host: config.http.host, port }),
    )
  }
  const others = services.filter(service => service !== 'embedded-clickhouse')
  if (others.length === 0) return { url: null, engine }

  const storing: readonly Service[] = ['ingest-worker', 'evaluator', 'query-service']
  // all of them answer somebody: those without an interface of their own tell their metrics
  const needsKeys = config.auth === 'required' && others.some(service => service !== 'demo')
  const needsStore = needsKeys || others.some(service => storing.includes(service))
  const clickhouse = needsStore
    ? await lifecycle.start('ClickHouse client', async () =>
        openClickHouse(config, engine ?? requireClickHouse(config)),
      )
    : null
  if (clickhouse !== null) await migrateWhenThere(clickhouse, context)
  const keys = needsKeys && clickhouse !== null ? await openKeys(context, clickhouse) : null
  const log = await lifecycle.start('event log', () => openEventLog(config, directory, telemetry.logger))

  const checks: Check[] = []
  if (services.includes('ingest-worker') && clickhouse !== null) {
    const worker = await lifecycle.start(
      'ingest-worker',
      () => startIngestWorker({ log, clickhouse, catalog, config, telemetry }),
      { stopDeadlineMs: WORKER_STOP_DEADLINE_MS },
    )
    worker.failure.catch(context.fail)
    checks.push(worker.check, logCheck(log, config.topics.events))
  }
  if (services.includes('evaluator') && clickhouse !== null) {
    const alerting = { log, env: context.env, digests: digestSourceOf({ config, catalog, clickhouse }) }
    const evaluator = await lifecycle.start('evaluator', () =>
      startEvaluator({ clickhouse, catalog, config, telemetry, alerting }),
    )
    checks.push(...evaluator.checks)
  }
  if (checks.length > 0) await serveHealth(context, checks, keys)
  let url: string | null = null
  const collect = services.includes('collector')
  const producer =
    collect || services.includes('demo')
      ? await lifecycle.start('log producer', async () => {
          await log.ensureTopic(config.topics.events, { partitions: PARTITIONS })
          const value = await log.producer()
          return { value, stop: () => value.close() }
        })
      : null
  const collector = collect && producer !== null ? { producer, demoOnly: await isDemo(directory) } : null
  if (services.includes('query-service') && clickhouse !== null)
    url = await lifecycle.start('query-service', () =>
      startQueryService({ config, catalog, clickhouse, telemetry, http: config.http, keys, log, collect: collector }),
    )
  else if (collector !== null)
    url = await lifecycle.start('collector', () =>
      startCollector({
        ...collectorDeps({ config, catalog, telemetry, keys }, collector),
        host: config.http.host,
        port: config.collector.port,
        origins: config.http.origins,
        checks: [logCheck(log, config.topics.events)],
      }),
    )
  if (services.includes('demo') && producer !== null)
    await lifecycle.start('demo', () =>
      startDemo({
        producer,
        topic: config.topics.events,
        timezone: catalog().timezone,
        telemetry,
        now: Date.now,
        fail: context.fail,
      }),
    )
  return { url, engine }
}

/** Metrics and health of services that have no HTTP interface of their own. */
async function serveHealth(
  { config, lifecycle, telemetry }: StartContext,
  checks: readonly Check[],
  keys: Keyring | null,
): Promise<void> {
  const { registry, logger } = telemetry
  const at = { host: config.http.host, port: config.metrics.port }
  const health = await lifecycle.start('health', () =>
    startHealthServer({ ...at, registry, checks, keys }).catch((error: unknown) => {
      throw listenError(error, { variable: 'KIVI_METRICS_PORT', ...at })
    }),
  )
  logger.info({ url: health }, `metrics and health are at ${health}`)
}

/** Services that start together with ClickHouse wait for it, and say so. */
async function migrateWhenThere(clickhouse: ClickHouse, { config, telemetry }: StartContext): Promise<void> {
  let told = false
  await migrate(clickhouse, {
    retention: config.retention,
    retry: {
      onRetry: error => {
        if (!told) telemetry.logger.warn(`waiting for ClickHouse, for up to two minutes: ${(error as Error).message}`)
        told = true
      },
    },
  })
}

/** Ready where the log answers a question about the topic. */
const logCheck = (log: EventLog, topic: string): Check => ({
  name: 'event log',
  run: async () => {
    await withDeadline(log.bounds(topic), CHECK_WITHIN_MS, `the event log has not answered for ${CHECK_WITHIN_MS} ms`)
    return null
  },
})

/** Engine with its tables. */
export async function startStore(
  context: Omit<StartContext, 'env' | 'catalog' | 'fail'>,
  port: number,
): Promise<string> {
  const { config, directory, lifecycle, telemetry } = context
  const url = await lifecycle.start(
    'embedded-clickhouse',
    () => startEngine(config, directory, telemetry.logger, { host: '127.0.0.1', port: config.clickhouse.port ?? port }),
    { stopDeadlineMs: 20_000 },
  )
  const client = openClickHouse(config, url)
  try {
    await client.value.ping()
    await migrate(client.value, { retention: config.retention, retry: { signal: lifecycle.signal } })
  } finally {
    await client.stop()
  }
  return url
}

function announce({ config, directory }: Pick<StartContext, 'config' | 'directory'>, url: string, clickhouse: string) {
  const { raw } = config.retention
  return publishEndpoint(directory.path, {
    pid: process.pid,
    url,
    clickhouse,
    retentionRaw: raw === Number.POSITIVE_INFINITY ? 'forever' : raw,
    startedAt: new Date().toISOString(),
  })
}

/** The settings of this process, with what it found out: children share its engine and its directory. */
function childEnvironment({ env, directory }: StartContext, clickhouse: string) {
  return {
    ...env,
    KIVI_DATA_DIR: directory.path,
    KIVI_CLICKHOUSE_URL: clickhouse,
    KIVI_DEMO: 'off',
    KIVI_METRICS_PORT: '0',
  }
}

export const kiviArguments = (service: Service, ...options: readonly string[]): string[] => [
  resolve(fileURLToPath(import.meta.url), '../../../bin/kivi.mjs'),
  'start',
  service,
  ...options,
]

function requireClickHouse(config: Config): string {
  if (config.clickhouse.url !== null) return config.clickhouse.url
  throw new KiviError(
    'config_invalid',
    'KIVI_CLICKHOUSE_URL is not set, and these services need ClickHouse. Either name one, or start the embedded engine ' +
      'beside them: kivi start embedded-clickhouse, then KIVI_CLICKHOUSE_URL=http://127.0.0.1:8123.',
  )
}

/** The keys that callers need; null: none. Throws config_invalid where nobody could be let in. */
async function openKeys({ config, telemetry }: StartContext, clickhouse: ClickHouse): Promise<Keyring | null> {
  if (config.auth === 'off') return null
  const store = createKeyStore(clickhouse)
  if ((await store.keys()).every(key => key.revokedAt !== null)) {
    const why = isLoopback(config.http.host)
      ? 'KIVI_AUTH is required'
      : `KIVI_HTTP_HOST is ${config.http.host}, which others can reach`
    throw new KiviError(
      'config_invalid',
      `${why}, and there is no key yet by which to tell them apart. Make one: ${commandFor(config)} keys create NAME --role admin. ` +
        'Or set KIVI_AUTH=off where the network itself is closed.',
    )
  }
  return createKeyring({ store, telemetry })
}

/** The command line of this data directory, from where nothing is set. */
function commandFor({ data, demo, clickhouse }: Config): string {
  if (clickhouse.url !== null) return 'npx kivi'
  if (demo && !data.chosen) return 'KIVI_DEMO=on npx kivi'
  return data.chosen ? `KIVI_DATA_DIR=${data.directory} npx kivi` : 'npx kivi'
}

function requireClosedNetwork({ auth, http }: Config): void {
  if (auth === 'off' || isLoopback(http.host)) return
  throw new KiviError(
    'config_invalid',
    `KIVI_HTTP_HOST is ${http.host}, which others can reach, and the embedded engine asks nobody who he is. ` +
      'Let it listen on 127.0.0.1, or set KIVI_AUTH=off where the network itself is closed.',
  )
}
