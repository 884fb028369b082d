import { createHash } from 'node:crypto'
import {
  type AnyMeasure,
  type Catalog,
  type DerivedProgress,
  floorTo,
  type MeasureSource,
  overallWatermark,
  type PartitionProgress,
  TEN_SECONDS,
} from '@kivi/domain'
import { repeated } from './repeated.ts'

/** How far the data are, and a mark that changes whenever they may have changed. */
export interface Freshness {
  /** every event before it has been counted; null before the first event */
  readonly watermark: number | null
  /** time of the newest event (or of its record, where that is older), however long ago; null before the first one */
  readonly newest: number | null
  readonly version: string
}

export interface FreshnessOptions {
  readonly disorderMs: number
  readonly idleAfterMs: number
  /** how old a reading of the partitions may be, ms, before another one begins; up to three times that while it runs */
  readonly maxAgeMs: number
  readonly now: () => number
}

interface State {
  readonly rows: readonly PartitionProgress[]
  readonly version: string
}

/** While a reading takes long, the one before may be so many times its age. */
const GRACE = 3

/**
 * Reads the partitions at most once per `maxAgeMs`, however many ask. `current` rejects when ClickHouse is away: an
 * answer whose freshness nobody knows is none.
 */
export function createFreshness(source: Pick<MeasureSource, 'progress' | 'derived'>, options: FreshnessOptions) {
  let highest = -1
  const often = { ...options, graceMs: GRACE * options.maxAgeMs }
  const partitions = repeated(async (): Promise<State> => {
    const rows = await source.progress()
    return { rows, version: versionOf(rows) }
  }, often)

  const derived = new Map<string, () => Promise<DerivedProgress>>()
  let derivedOf: Catalog | null = null

  return {
    /** How far the derived tables are that these measures rest on; read as seldom as the partitions are. */
    derived(catalog: Catalog, measures: readonly AnyMeasure[]): Promise<DerivedProgress> {
      // another catalog has other tables
      if (derivedOf !== catalog) derived.clear()
      derivedOf = catalog
      const key = namesOf(measures)
      const read = derived.get(key) ?? repeated(() => source.derived(catalog, measures), often)
      derived.set(key, read)
      return read()
    },

    async current(): Promise<Freshness> {
      const now = options.now()
      const { rows, version } = await partitions()
      const settings = { disorder: options.disorderMs, idleAfter: options.idleAfterMs }
      const exact = overallWatermark(rows, now, settings)
      // what follows the clock moves in whole slices, so that silence does not change an answer at each look
      const told = rows.some(row => row.watermark === exact) ? exact : floorTo(exact, TEN_SECONDS)
      highest = Math.max(highest, told)
      // a partition's own watermark lies the disorder behind its newest event
      const newest = Math.max(-1, ...rows.map(row => row.watermark))
      return {
        watermark: highest < 0 ? null : highest,
        newest: newest < 0 ? null : newest + options.disorderMs,
        version,
      }
    },
  }
}

const names = new WeakMap<readonly AnyMeasure[], string>()

/** One text for equal lists of measures; of the same list, which comes with every poll, it is made once. */
export function namesOf(measures: readonly AnyMeasure[]): string {
  const known = names.get(measures) ?? measures.map(measure => measure.id).join()
  names.set(measures, known)
  return known
}

function versionOf(rows: readonly PartitionProgress[]): string {
  const state = rows.map(row => [row.topic, row.partition, row.position, row.watermark])
  return createHash('sha1').update(JSON.stringify(state)).digest('base64url')
}

export type FreshnessReader = ReturnType<typeof createFreshness>
