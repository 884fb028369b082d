import { createHash } from 'node:crypto'
import { floorTo, overallWatermark, type PartitionProgress, type SliceSource, TEN_SECONDS } from '@kivi/domain'

/** How far the data are, and a mark that changes whenever they may have changed. */
export interface Freshness {
  /** every event before it has been counted; null before the first event */
  readonly watermark: number | null
  readonly version: string
}

export interface FreshnessOptions {
  readonly disorderMs: number
  readonly idleAfterMs: number
  /** how old a reading of the partitions may be, ms; an answer is at most this much behind its data */
  readonly maxAgeMs: number
  readonly now: () => number
}

/**
 * Reads the partitions at most once per `maxAgeMs`, however many ask. `current` rejects when ClickHouse is away: an
 * answer whose freshness nobody knows is none.
 */
export function createFreshness(source: Pick<SliceSource, 'progress'>, options: FreshnessOptions) {
  let reading: { at: number; rows: Promise<readonly PartitionProgress[]> } | null = null
  let highest = -1

  const partitions = (now: number): Promise<readonly PartitionProgress[]> => {
    if (reading !== null && now >= reading.at && now - reading.at < options.maxAgeMs) return reading.rows
    const started = { at: now, rows: source.progress() }
    reading = started
    started.rows.catch(() => {
      // a failure is not kept: the next question asks again
      if (reading === started) reading = null
    })
    return started.rows
  }

  return {
    async current(): Promise<Freshness> {
      const now = options.now()
      const rows = await partitions(now)
      const settings = { disorder: options.disorderMs, idleAfter: options.idleAfterMs }
      const exact = overallWatermark(rows, now, settings)
      // what follows the clock moves in whole slices, so that silence does not change an answer at each look
      const told = rows.some(row => row.watermark === exact) ? exact : floorTo(exact, TEN_SECONDS)
      highest = Math.max(highest, told)
      return { watermark: highest < 0 ? null : highest, version: versionOf(rows) }
    },
  }
}

function versionOf(rows: readonly PartitionProgress[]): string {
  const state = rows.map(row => [row.topic, row.partition, row.position, row.watermark])
  return createHash('sha1').update(JSON.stringify(state)).digest('base64url')
}
