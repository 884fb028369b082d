/** A report that the log of the alerts takes: a record of Kafka is 1 MiB at most. */
import type { DigestAnswer } from '../types/answers.ts'

/** of UTF-8: a lane keeps what became of twenty reports beside it */
const MOST_BYTES = 500_000

const bytesOf = (digest: DigestAnswer): number => new TextEncoder().encode(JSON.stringify(digest)).length

/**
 * The report itself where it is short enough; else without what a reader can do without, in the order of how easily. What
 * is left out is on the page.
 */
export function fittingDigest(digest: DigestAnswer): DigestAnswer {
  const { alerts } = digest
  const without = [
    (one: DigestAnswer): DigestAnswer => ({
      ...one,
      alerts: { ...alerts, items: [], more: alerts.items.length + alerts.more },
    }),
    (one: DigestAnswer): DigestAnswer => ({
      ...one,
      indicators: one.indicators.map(indicator => ({ ...indicator, groups: null })),
    }),
    (one: DigestAnswer): DigestAnswer => ({ ...one, actions: [] }),
    (one: DigestAnswer): DigestAnswer => ({
      ...one,
      indicators: one.indicators.map(indicator => ({ ...indicator, series: [] })),
    }),
  ]
  let fitting = digest
  for (const leaveOut of without) {
    if (bytesOf(fitting) <= MOST_BYTES) break
    fitting = leaveOut(fitting)
  }
  return fitting
}
