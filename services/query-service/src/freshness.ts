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
  /** how old a reading of the partitions may be, ms, before another one begins; up to twice that while it runs */
  readonly maxAgeMs: number
  readonly now: () => number
}

interface Reading {
  readonly at: number
  readonly state: Promise<State>
}

interface State {
  readonly rows: readonly PartitionProgress[]
  readonly version: string
}

/**
 * Reads the partitions at most once per `maxAgeMs`, however many ask. `current` rejects when ClickHouse is away: an
 * answer whose freshness nobody knows is none.
 */
export function createFreshness(source: Pick<MeasureSource, 'progress' | 'derived'>, options: FreshnessOptions) {
  let latest: Reading | null = null
  // the one before, for those who ask while the latest is under way
  let before: Reading | null = null
  let underWay = false
  let highest = -1

  const isYoung = (reading: Reading | null, now: number, age: number): reading is Reading =>
    reading !== null && now >= reading.at && now - reading.at < age

  const read = (now: number): Reading => {
    const reading: Reading = { at: now, state: source.progress().then(rows => ({ rows, version: versionOf(rows) })) }
    before = latest
    latest = reading
    underWay = true
    reading.state.then(
      () => {
        if (latest === reading) underWay = false
      },
      () => {
        // a failure is not kept: the next question asks again, and meets it if it lasts
        if (latest !== reading) return
        latest = null
        before = null
        underWay = false
      },
    )
    return reading
  }

  const partitions = (now: number): Promise<State> => {
    if (!isYoung(latest, now, options.maxAgeMs)) read(now)
    return (underWay && isYoung(before, now, 2 * options.maxAgeMs) ? before : (latest as unknown as Reading)).state
  }

  const derived = new Map<string, { readonly at: number; readonly progress: Promise<DerivedProgress> }>()
  let derivedOf: Catalog | null = null

  return {
    /** How far the derived tables are that these measures rest on; read as seldom as the partitions are. */
    derived(catalog: Catalog, measures: readonly AnyMeasure[]): Promise<DerivedProgress> {
      // another catalog has other tables
      if (derivedOf !== catalog) derived.clear()
      derivedOf = catalog
      const key = namesOf(measures)
      const now = options.now()
      const known = derived.get(key)
      if (known !== undefined && now >= known.at && now - known.at < options.maxAgeMs) return known.progress
      const progress = source.derived(catalog, measures)
      derived.set(key, { at: now, progress })
      // a failure is not kept
      progress.catch(() => {
        if (derived.get(key)?.progress === progress) derived.delete(key)
      })
      return progress
    },

    async current(): Promise<Freshness> {
      const now = options.now()
      const { rows, version } = await partitions(now)
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

function namesOf(measures: readonly AnyMeasure[]): string {
  const known = names.get(measures) ?? measures.map(measure => measure.id).join()
  names.set(measures, known)
  return known
}

function versionOf(rows: readonly PartitionProgress[]): string {
  const state = rows.map(row => [row.topic, row.partition, row.position, row.watermark])
  return createHash('sha1').update(JSON.stringify(state)).digest('base64url')
}

export type FreshnessReader = ReturnType<typeof createFreshness>
