/** The query service over a ClickHouse; where a log is given, with the collector on the same port. */
import {
  type ClickHouse,
  createAlertHistoryStore,
  createAuditStore,
  createJourneySource,
  createMeasureSource,
  createPointStore,
  createPulse,
  createSilenceStore,
  createSliceReader,
  createSteeringStore,
  createSystemSource,
} from '@kivi/clickhouse'
import { collectorRoutes } from '@kivi/collector'
import { type Catalog, createZone, type DigestSource, type EventLog, type LogProducer } from '@kivi/domain'
import { createDigestSource, createQueryService } from '@kivi/query-service'
import { type Config, type Keyring, listenError, type Started, type Telemetry } from '@kivi/service-kit'
import { WITHOUT_DEMO } from './data-directory.ts'
import { createLogWatch } from './log-watch.ts'

export interface QueryOptions {
  readonly config: Config
  /** the one in force */
  readonly catalog: () => Catalog
  readonly clickhouse: ClickHouse
  readonly telemetry: Telemetry
  readonly http: { readonly host: string; readonly port: number; readonly origins?: readonly string[] }
  /** by which callers are told apart; null: whoever reaches the service may do everything */
  readonly keys: Keyring | null
  /** the event log, where this process has it open */
  readonly log: EventLog | null
  readonly collect: { readonly producer: LogProducer; readonly demoOnly: boolean } | null
}

/** Longer than the service waits between two looks at the partitions: that look serves everybody else. */
const PULSE_MS = 1_500

/** The value is the service's URL. */
export async function startQueryService(options: QueryOptions): Promise<Started<string>> {
  const { config, catalog, clickhouse, telemetry, http, keys, log, collect } = options
  // a running Kivi keeps its time zone
  const zone = createZone(catalog().timezone)
  const pulse = createPulse({ clickhouse, maxAgeMs: PULSE_MS })
  const service = await createQueryService({
    catalog,
    source: createMeasureSource({
      clickhouse,
      pulse,
      slices: createSliceReader(clickhouse, { zone: () => zone }),
      rawRetentionMs: config.retention.raw,
    }),
    points: createPointStore(clickhouse, { pulse }),
    journeys: createJourneySource({ clickhouse }),
    rawRetentionMs: config.retention.raw,
    steering: createSteeringStore(clickhouse, pulse),
    audit: createAuditStore(clickhouse),
    ...(log === null
      ? {}
      : {
          alerting: {
            states: () => log.states(config.topics.alerts),
            silences: createSilenceStore(clickhouse),
            history: createAlertHistoryStore(clickhouse),
          },
        }),
    system: createSystemSource(clickhouse),
    externalUrl: config.alerts.externalUrl,
    ...(log === null ? {} : { log: createLogWatch({ log, topics: config.topics }) }),
    telemetry,
    http,
    retention: config.retention,
    disorderMs: config.ingest.disorderMs,
    idleAfterMs: config.ingest.idleAfterMs,
    ...(keys === null ? {} : { keys }),
    requestsPerMinute: config.requestsPerMinute,
    live: { streams: config.streams.most, streamsPerKey: config.streams.perKey },
  })
  if (collect !== null) await service.app.register(collectorRoutes({ ...collectorDeps(options, collect) }))
  try {
    const value = await service.start()
    return { value, stop: () => service.stop() }
  } catch (error) {
    await service.stop()
    throw listenError(error, { variable: 'KIVI_HTTP_PORT', ...http })
  }
}

/** What makes reports for the evaluator, which sends them: it reads as the query service does. */
export function digestSourceOf({
  config,
  catalog,
  clickhouse: shared,
}: Pick<QueryOptions, 'config' | 'catalog' | 'clickhouse'>): DigestSource {
  // a report can wait: it gives way to what people ask
  const clickhouse: ClickHouse = {
    ...shared,
    rows: (sql, parameters, options) =>
      shared.rows(sql, parameters, { ...options, settings: { priority: 5, ...options?.settings } }),
  }
  const zone = createZone(catalog().timezone)
  const slices = createSliceReader(clickhouse, { zone: () => zone })
  return createDigestSource({
    catalog,
    source: createMeasureSource({ clickhouse, slices, rawRetentionMs: config.retention.raw }),
    points: createPointStore(clickhouse),
    steering: createSteeringStore(clickhouse),
    history: createAlertHistoryStore(clickhouse),
    retention: config.retention,
    disorderMs: config.ingest.disorderMs,
    idleAfterMs: config.ingest.idleAfterMs,
    now: Date.now,
  })
}

/** What the collector takes: only the demo's events where the demo lives. */
export const collectorDeps = (
  { config, catalog, telemetry, keys }: Pick<QueryOptions, 'config' | 'catalog' | 'telemetry' | 'keys'>,
  { producer, demoOnly }: NonNullable<QueryOptions['collect']>,
) => ({
  catalog,
  producer,
  topic: config.topics.events,
  telemetry,
  keys,
  only: demoOnly ? { source: 'demo', advice: WITHOUT_DEMO } : null,
  traffic: config.collector.traffic,
})
