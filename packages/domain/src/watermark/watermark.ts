/**
 * Event-time watermarks: up to when the events are (probably) all there. A partition's is the largest
 * min(event time, record stamp) of its accepted events less the allowed disorder; the whole is as far as its
 * slowest partition. Late events still count, in their slices' `late`.
 */
import type { PartitionProgress } from '../ports/batch-store.ts'

export interface WatermarkSettings {
  /** how far events may lie behind the newest, ms */
  readonly disorder: number
  /** how long all partitions must have been read to their end and silent, ms */
  readonly idleAfter: number
}

/** A watermark that moves forward only; −1 before the first event. */
export interface Watermark {
  readonly value: number
  /** an accepted event: its time and its record's (clamped) stamp, −1 where there is none */
  observe(eventTime: number, stamp: number): void
  /** continues from a stored watermark; throws where that would go back */
  restore(value: number): void
}

export function createWatermark(disorder: number): Watermark {
  let value = -1
  return {
    get value() {
      return value
    },
    observe(eventTime, stamp) {
      // the stamp bounds it, so that an event from the near future does not declare the present complete
      const reached = (stamp < 0 ? eventTime : Math.min(eventTime, stamp)) - disorder
      if (reached > value) value = reached
    },
    restore(stored) {
      if (stored < value) throw new RangeError(`A watermark never goes back: it is ${value}, and ${stored} was given.`)
      value = stored
    },
  }
}

/** What is asked of a partition; `at` is the wall clock when its worker last looked. */
export type WatermarkEvidence = Pick<PartitionProgress, 'watermark' | 'idleSince' | 'at'>

/**
 * The watermark of all partitions, epoch ms: the minimum of theirs; −1 while it is not known (no partition, or one
 * that is being read and has shown no event).
 *
 * A partition that was read to its end and has been silent for `idleAfter` misses nothing that the log holds: its
 * watermark follows the clock less the disorder, and so does the whole when all are silent. Without that, one
 * partition that nobody writes to would hold back all others for ever; a partition without any event is such a one.
 * The clock is followed only as far as its worker has looked (`at`): a worker that died cannot tell of silence.
 *
 * A minimum over other partitions, or a silence that ends, may lie behind an earlier answer. `floor` is that answer:
 * the watermark never goes back.
 *
 * @param now wall clock, epoch ms
 */
export function overallWatermark(
  partitions: Iterable<WatermarkEvidence>,
  now: number,
  settings: WatermarkSettings,
  floor = -1,
): number {
  let least = Number.POSITIVE_INFINITY
  for (const partition of partitions) least = Math.min(least, partitionWatermark(partition, now, settings))
  return Math.max(floor, least === Number.POSITIVE_INFINITY ? -1 : least)
}

/** One partition's watermark, silence taken into account. */
export function partitionWatermark(partition: WatermarkEvidence, now: number, settings: WatermarkSettings): number {
  const { watermark, idleSince, at } = partition
  const seen = Math.min(now, at)
  if (idleSince === null || seen - idleSince < settings.idleAfter) return watermark
  return Math.max(watermark, seen - settings.disorder)
}
