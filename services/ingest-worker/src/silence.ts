/**
 * What is known of a partition's silence. A watermark follows the clock through a silence, so only what was seen counts:
 * a log that does not answer, or that holds records back (an open transaction), is not a silent one.
 */
import type { PartitionProgress } from '@kivi/domain'

export interface Silence {
  /** the log was asked at this instant and had no more, epoch ms */
  seen(asOf: number): void
  /** there was something */
  broken(): void
  /** as others are told; `at` never lies behind one that was told before, except when the clock is put back */
  told(now: number): Pick<PartitionProgress, 'idleSince' | 'at'>
}

export function createSilence(): Silence {
  let since: number | null = null
  let until = 0
  let told = 0
  return {
    seen(asOf) {
      since ??= asOf
      until = asOf
    },
    broken() {
      since = null
    },
    told(now) {
      told = since === null ? now : Math.max(until, Math.min(told, now))
      return { idleSince: since, at: told }
    },
  }
}
