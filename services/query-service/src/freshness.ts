import { createHash } from 'node:crypto'
import { floorTo, type PartitionProgress, type SliceSource, TEN_SECONDS } from '@kivi/domain'

/** How far the data are, and a mark that changes whenever they may have changed. */
export interface Freshness {
  /** every event before it has been counted; null before the first event */
  readonly watermark: number | null
  readonly version: string
}

export interface FreshnessOptions {
  readonly disorderMs: number
  readonly idleAfterMs: number
  /** how old a reading of the partitions may be; an answer is at most this much behind its data */
  readonly maxAgeMs: number
  readonly now: () => number
}

/**
 * Reads the partitions at most once per `maxAgeMs`, however many ask. `current` rejects when ClickHouse is away: an
 * answer whose freshness nobody knows is none.
 */
export function createFreshness(source: Pick<SliceSource, 'progress'>, options: FreshnessOptions) {
  let read: { at: number; rows: Promise<readonly PartitionProgress[]> } | null = null
  const rows = (): Promise<readonly PartitionProgress[]> => {
    const now = options.now()
    if (read !== null && now - read.at < options.maxAgeMs && now >= read.at) return read.rows
    const started = { at: now, rows: source.progress() }
    read = started
    started.rows.catch(() => {
      // a failure is not kept: the next question asks again
      if (read === started) read = null
    })
    return started.rows
  }
  return {
    async current(): Promise<Freshness> {
      const partitions = await rows()
      return { watermark: watermarkOf(partitions, options), version: versionOf(partitions) }
    },
  }
}

/**
 * Minimum over the partitions that are not idle; when all are read to their end and silent, the clock less the
 * allowed disorder, in whole slices, so that answers do not change with every look at the clock.
 */
function watermarkOf(partitions: readonly PartitionProgress[], options: FreshnessOptions): number | null {
  if (partitions.length === 0) return null
  const now = options.now()
  const busy = partitions.filter(
    p => p.idleSince === null || p.position < p.high || now - p.idleSince < options.idleAfterMs,
  )
  if (busy.length > 0) {
    const lowest = Math.min(...busy.map(p => p.watermark))
    return lowest < 0 ? null : lowest
  }
  const highest = Math.max(...partitions.map(p => p.watermark))
  return Math.max(highest, floorTo(now - options.disorderMs, TEN_SECONDS))
}

function versionOf(partitions: readonly PartitionProgress[]): string {
  const state = partitions.map(p => `${p.topic}/${p.partition}/${p.position}/${p.watermark}`).join('\n')
  return createHash('sha1').update(state).digest('base64url')
}
