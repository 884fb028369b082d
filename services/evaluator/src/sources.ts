/** What the evaluator reads with: everything gives way to what people ask. */
import {
  type ClickHouse,
  createDeriver,
  createMeasureSource,
  createPointStore,
  createPulse,
  createSliceReader,
  type Deriver,
} from '@kivi/clickhouse'
import { type Catalog, createZone, type MeasureSource } from '@kivi/domain'
import type { Config } from '@kivi/service-kit'
import type { ComputeDeps } from './recording/compute.ts'

export interface Place {
  /** its database is migrated */
  readonly clickhouse: ClickHouse
  readonly config: Pick<Config, 'ingest' | 'retention'>
}

const PULSE_MS = 500
/**
 * A rule looks at all groups, and one that compares each with its past at many numbers of each: what people may not ask
 * for at once, it has to.
 */
const LIMITS = { rowLimit: 2_000_000, timeLimitSeconds: 15 } as const

const watermarkSettings = ({ config }: Place) => ({
  disorder: config.ingest.disorderMs,
  idleAfter: config.ingest.idleAfterMs,
})

export function backgroundSource({ clickhouse, config }: Place, catalog: Pick<Catalog, 'timezone'>): MeasureSource {
  const background: ClickHouse = {
    ...clickhouse,
    rows: (sql, parameters, options) =>
      clickhouse.rows(sql, parameters, { ...options, settings: { priority: 5, ...options?.settings } }),
  }
  // a running Kivi keeps its time zone
  const zone = createZone(catalog.timezone)
  const slices = createSliceReader(background, { zone: () => zone, ...LIMITS })
  // rules and recordings that are due together ask once how far the data are
  const pulse = createPulse({ clickhouse: background, maxAgeMs: PULSE_MS })
  return createMeasureSource({ clickhouse: background, slices, pulse, rawRetentionMs: config.retention.raw, ...LIMITS })
}

export const computeDeps = (place: Place, source: MeasureSource): ComputeDeps => ({
  source,
  points: createPointStore(place.clickhouse),
  retention: place.config.retention,
  watermark: watermarkSettings(place),
  now: Date.now,
})

/**
 * Null where raw events are not kept: then nothing can be derived.
 * @param passMs shorter passes show their progress more often
 */
export function deriverOf(place: Place, source: Pick<MeasureSource, 'progress'>, passMs?: number): Deriver | null {
  if (place.config.retention.raw === 0) return null
  return createDeriver({
    clickhouse: place.clickhouse,
    progress: () => source.progress(),
    watermark: watermarkSettings(place),
    now: Date.now,
    ...(passMs === undefined ? {} : { limits: { passMs } }),
  })
}
