import {
  type ClickHouse,
  createAlertHistoryStore,
  createLateEvents,
  createSilenceStore,
  createSystemSource,
  firstEventTime,
} from '@kivi/clickhouse'
import type { Catalog, DigestSource, EventLog, LogProducer, MeasureSource } from '@kivi/domain'
import { createReceiver } from '@kivi/receivers'
import type { Check, Config, Started, Telemetry } from '@kivi/service-kit'
import { startAlerting } from './alerting/app.ts'
import { evaluatorEvents } from './events.ts'
import { type Loop, startLoop } from './loop.ts'
import { createPipeline } from './pipeline.ts'
import { createLateChecks } from './recording/late.ts'
import { createRecorder } from './recording/recorder.ts'
import { backgroundSource, computeDeps, deriverOf } from './sources.ts'

export interface EvaluatorOptions {
  /** its database is migrated */
  readonly clickhouse: ClickHouse
  readonly catalog: () => Catalog
  readonly config: Pick<Config, 'alerts' | 'derive' | 'ingest' | 'retention' | 'topics'>
  readonly telemetry: Telemetry
  /** what alerts stand on besides; absent: none are judged here */
  readonly alerting?: {
    readonly log: Pick<EventLog, 'producer' | 'states'>
    /** makes reports; absent: none are sent from here */
    readonly digests?: DigestSource
    /** where receivers look up their secrets */
    readonly env: Readonly<Record<string, string | undefined>>
    /** ms without a sign of life after which another evaluator leads; for tests */
    readonly sessionTimeoutMs?: number
    /** wall clock of alerts, epoch ms; for tests */
    readonly now?: () => number
  }
}

export interface Evaluator {
  /** does it get its work done? */
  readonly checks: readonly Check[]
}

/** Catching up may take that share of the time. */
const CATCH_UP_SHARE = 0.3
const YOUNG_EVERY_MS = 5 * 60_000
const OLD_EVERY_MS = 6 * 3_600_000
const FIRST_EVENT_MS = 3_600_000

/** Keeps derived tables and recorded indicators up to date until stopped. Several may run at once. */
export async function startEvaluator(options: EvaluatorOptions): Promise<Started<Evaluator>> {
  const { catalog, config, telemetry } = options
  const tell = evaluatorEvents(telemetry)
  if (config.retention.raw === 0) tell.noRawEvents({})
  const source = backgroundSource(options, catalog())
  const { clickhouse } = options
  const deriver = deriverOf(options, source)
  const recorder = createRecorder({
    ...computeDeps(options, source),
    firstEvent: rememberFor(FIRST_EVENT_MS, () => firstEventTime(clickhouse)),
    late: createLateChecks({
      events: createLateEvents(clickhouse, { now: Date.now }),
      youngEveryMs: YOUNG_EVERY_MS,
      oldEveryMs: OLD_EVERY_MS,
      now: Date.now,
    }),
    budgetMs: CATCH_UP_SHARE * config.derive.intervalMs,
    tell,
  })
  const pipeline = createPipeline({ catalog, deriver, recorder, tell })
  const { intervalMs } = config.derive
  const failed = (work: string) => (error: unknown, pauseMs: number) => tell.passFailed({ work, error, pauseMs })
  const derive = startLoop({ pass: pipeline.derive, intervalMs, failed: failed('derive') })
  const record = startLoop({ pass: pipeline.record, intervalMs, failed: failed('record') })
  const alerting = await startAlerts(options, source)
  return {
    value: {
      checks: [
        { name: 'derived tables', run: () => waitsFor(derive) },
        { name: 'recorded indicators', run: () => waitsFor(record) },
        ...(alerting === null ? [] : [alerting.value]),
      ],
    },
    async stop() {
      await Promise.all([derive.stop(), record.stop(), alerting?.stop()])
    },
  }
}

async function startAlerts(
  { alerting, catalog, clickhouse, config, telemetry }: EvaluatorOptions,
  source: MeasureSource,
): Promise<Started<Check> | null> {
  if (alerting === undefined) return null
  const { log, env, now = Date.now } = alerting
  let producer: Promise<LogProducer> | null = null
  const { alerts, topics, retention, ingest } = config
  const started = await startAlerting({
    ...{ topic: topics.alerts, states: () => log.states(topics.alerts), catalog, source, telemetry, retention },
    silences: createSilenceStore(clickhouse),
    history: createAlertHistoryStore(clickhouse),
    system: createSystemSource(clickhouse),
    ...(alerting.digests === undefined ? {} : { digests: alerting.digests }),
    watermark: { disorder: ingest.disorderMs, idleAfter: ingest.idleAfterMs },
    receiver: settings =>
      createReceiver(settings, {
        env,
        timezone: catalog().timezone,
        now,
        producer() {
          producer ??= log.producer().catch((error: unknown) => {
            producer = null
            throw error
          })
          return producer
        },
      }),
    ...{ externalUrl: alerts.externalUrl, pingUrl: alerts.pingUrl, catchUpMs: alerts.catchUpMs, now },
    ...(alerting.sessionTimeoutMs === undefined ? {} : { sessionTimeoutMs: alerting.sessionTimeoutMs }),
  })
  return {
    value: started.value,
    async stop() {
      await started.stop()
      await (await producer)?.close()
    },
  }
}

const waitsFor = ({ well, problem }: Loop): string | null => (well === null ? 'the first pass is under way' : problem)

/** The first event may become an earlier one when old data are imported. */
function rememberFor(ms: number, read: () => Promise<number | null>): () => Promise<number | null> {
  let value: number | null = null
  let readAt = Number.NEGATIVE_INFINITY
  return async () => {
    if (value !== null && Date.now() - readAt < ms) return value
    value = await read()
    readAt = Date.now()
    return value
  }
}
