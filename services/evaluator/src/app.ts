import { type ClickHouse, createLateEvents, firstEventTime } from '@kivi/clickhouse'
import type { Catalog } from '@kivi/domain'
import type { Check, Config, Started, Telemetry } from '@kivi/service-kit'
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
  readonly config: Pick<Config, 'derive' | 'ingest' | 'retention'>
  readonly telemetry: Telemetry
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
  return {
    value: {
      checks: [
        { name: 'derived tables', run: () => waitsFor(derive) },
        { name: 'recorded indicators', run: () => waitsFor(record) },
      ],
    },
    async stop() {
      await Promise.all([derive.stop(), record.stop()])
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
