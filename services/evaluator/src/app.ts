import { type ClickHouse, createDeriver, createSliceReader } from '@kivi/clickhouse'
import { type Catalog, createZone } from '@kivi/domain'
import type { Check, Config, Started, Telemetry } from '@kivi/service-kit'
import { evaluatorEvents } from './events.ts'
import { startLoop } from './loop.ts'
import { createPipeline } from './pipeline.ts'

export interface EvaluatorOptions {
  /** its database is migrated */
  readonly clickhouse: ClickHouse
  readonly catalog: () => Catalog
  readonly config: Pick<Config, 'derive' | 'ingest' | 'retention'>
  readonly telemetry: Telemetry
}

export interface Evaluator {
  /** does it get its work done? */
  readonly check: Check
}

/** Keeps derived tables and recorded indicators up to date until stopped. Several may run at once. */
export async function startEvaluator(options: EvaluatorOptions): Promise<Started<Evaluator>> {
  const { catalog, config, telemetry } = options
  const tell = evaluatorEvents(telemetry)
  if (config.retention.raw === 0) tell.noRawEvents({})
  const loop = startLoop({
    pass: createPipeline({ catalog, deriver: deriverOf(options), tell }),
    intervalMs: config.derive.intervalMs,
    failed: (error, pauseMs) => tell.passFailed({ error, pauseMs }),
  })
  return {
    value: {
      check: {
        name: 'derived tables',
        run: async () => (loop.well === null ? 'the first pass is under way' : loop.problem),
      },
    },
    stop: () => loop.stop(),
  }
}

function deriverOf({ clickhouse, catalog, config }: EvaluatorOptions) {
  if (config.retention.raw === 0) return null
  const source = createSliceReader(clickhouse, { zone: () => createZone(catalog().timezone) })
  return createDeriver({
    clickhouse,
    progress: () => source.progress(),
    watermark: { disorder: config.ingest.disorderMs, idleAfter: config.ingest.idleAfterMs },
    now: Date.now,
  })
}
