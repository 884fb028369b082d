import type { ClickHouse } from '@kivi/clickhouse'
import { type EventLog, KiviError } from '@kivi/domain'
import { delay } from '@kivi/service-kit'

export interface WaitOptions {
  readonly log: EventLog
  readonly clickhouse: ClickHouse
  readonly topic: string
  readonly signal: AbortSignal
  /** a worker is known to run; else one may not, and waiting ends when nothing moves */
  readonly patient: boolean
  readonly onProgress: (share: number) => void
}

const ASK_EVERY_MS = 200
const STANDSTILL_MS = { patient: 120_000, impatient: 20_000 }

/** Resolves when everything that is in the topic now is in the ledger. */
export async function waitUntilIngested(options: WaitOptions): Promise<void> {
  const { log, clickhouse, topic, signal, patient } = options
  const highs = new Map([...(await log.bounds(topic))].map(([partition, { high }]) => [partition, high]))
  const limit = patient ? STANDSTILL_MS.patient : STANDSTILL_MS.impatient
  let first: number | null = null
  let left = Number.POSITIVE_INFINITY
  let moved = performance.now()
  for (;;) {
    const positions = await positionsOf(clickhouse, topic)
    const open = [...highs].reduce(
      (sum, [partition, high]) => sum + Math.max(0, high - (positions.get(partition) ?? 0)),
      0,
    )
    if (open === 0) return
    first ??= open
    if (open < left) moved = performance.now()
    left = open
    options.onProgress(1 - open / first)
    if (signal.aborted)
      throw new KiviError(
        'import_refused',
        'The events are in the log; this command no longer waits for them to be counted.',
      )
    if (performance.now() - moved > limit)
      throw new KiviError(
        'store_unreachable',
        `The events are in the log, but no ingest-worker has taken any for ${limit / 1000} s (${open} left). Does one run?`,
      )
    await delay(ASK_EVERY_MS, signal)
  }
}

/** Where the workers stand, as they tell at least every few seconds. */
async function positionsOf(clickhouse: ClickHouse, topic: string): Promise<ReadonlyMap<number, number>> {
  const rows = await clickhouse.rows<{ p: number; position: string }>(
    'SELECT partition AS p, toString(argMax(position, at)) AS position FROM partitions WHERE topic = {topic:String} GROUP BY p',
    { topic },
  )
  return new Map(rows.map(row => [row.p, Number(row.position)]))
}
