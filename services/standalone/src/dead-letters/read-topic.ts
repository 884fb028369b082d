/** A topic from its beginning to where it ends now, outside of any group that counts. */
import { randomUUID } from 'node:crypto'
import { type EventLog, KiviError, type LogRecord, type RecordSet } from '@kivi/domain'
import { aborted } from '@kivi/service-kit'

export type Bounds = ReadonlyMap<number, { readonly low: number; readonly high: number }>

/**
 * Calls `onRecord` for every record, in order within each partition; partitions go side by side, and one that is
 * waited for holds up only its own. Resolves with the bounds of the topic.
 *
 * @param options `most`: of each partition only so many positions at its end; default all
 */
export async function readTopic(
  log: EventLog,
  topic: string,
  signal: AbortSignal,
  onRecord: (record: LogRecord) => Promise<void> | void,
  options: { readonly most?: number } = {},
): Promise<Bounds> {
  const bounds = await log.bounds(topic)
  const { most = Number.POSITIVE_INFINITY } = options
  const begin = (partition: number): number => {
    const { low = 0, high = 0 } = bounds.get(partition) ?? {}
    return Math.max(low, high - most)
  }
  const open = new Set([...bounds].filter(([, { low, high }]) => high > low).map(([partition]) => partition))
  if (open.size === 0) return bounds
  const done = Promise.withResolvers<void>()
  const reached = (partition: number, position: number) => {
    if (position >= (bounds.get(partition)?.high ?? 0)) open.delete(partition)
    if (open.size === 0) done.resolve()
  }
  const consumer = await log.consume({
    topic,
    // nothing is ever committed for it
    group: `kivi-read-${randomUUID()}`,
    handler: {
      joined: session => {
        for (const partition of session.partitions)
          if (open.has(partition))
            session.start(partition, begin(partition)).catch((error: unknown) => done.reject(error))
      },
      records: async (_session, set) => {
        try {
          const high = bounds.get(set.partition)?.high ?? 0
          for (let row = 0; row < set.count && set.offset[row]! < high && open.has(set.partition); row++)
            await onRecord(recordOf(set, row))
          reached(set.partition, set.to)
        } catch (error) {
          done.reject(error)
        }
      },
      caughtUp: (_session, partition, position) => reached(partition, position),
      failed: error => done.reject(error),
    },
  })
  try {
    await Promise.race([done.promise, aborted(signal)])
    if (signal.aborted) throw new KiviError('log_unreachable', 'Interrupted; the same command goes on.')
  } finally {
    open.clear()
    await consumer.stop()
  }
  return bounds
}

/** A copy, which outlives the set. */
function recordOf(set: RecordSet, row: number): LogRecord {
  const part = (start: number, end: number) => (start < 0 ? null : new Uint8Array(set.bytes.subarray(start, end)))
  return {
    partition: set.partition,
    offset: set.offset[row]!,
    stamp: set.stamp[row]!,
    key: part(set.keyStart[row]!, set.keyEnd[row]!),
    value: part(set.valueStart[row]!, set.valueEnd[row]!),
    headers: set.headers(row).map(([name, value]) => [name, value === null ? null : new Uint8Array(value)] as const),
  }
}
