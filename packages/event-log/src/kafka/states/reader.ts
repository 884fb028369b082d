/** Reads a state log's one partition as a reader of committed data, outside any group. */
import { KiviError, type RecordSet } from '@kivi/domain'
import { BatchReader, recordColumns } from '../../record-batches.ts'
import type { RecordColumns } from '../../record-columns.ts'
import { STALE_METADATA } from '../errors.ts'
import { fetchRaw } from '../fetch.ts'
import { insist, within } from '../insist.ts'
import { type Cluster, createErrorFromCode } from '../kafkajs.ts'

const PARTITION = 0
const MAX_BYTES = 4 << 20
/** How long a question is repeated while a leader is away. */
const PATIENCE_MS = 15_000

/**
 * One fetch from a position on, each set of records handed to `each`. Where to go on, and whether nothing stood behind
 * that when the broker was asked.
 */
export async function readStates(
  cluster: Cluster,
  topic: string,
  from: number,
  maxWaitMs: number,
  each: (set: RecordSet) => void,
): Promise<{ readonly next: number; readonly end: boolean }> {
  const answer = await insist(
    () => fetchOnce(cluster, topic, from, maxWaitMs),
    within(PATIENCE_MS),
    () => cluster.refreshMetadata(),
  )
  const columns: RecordColumns = recordColumns()
  columns.partition = PARTITION
  const reader = new BatchReader(answer, from, `${topic}/${PARTITION}`)
  try {
    while (reader.next(columns)) each(columns)
  } finally {
    columns.release()
    answer.release?.()
  }
  return { next: reader.position, end: reader.position >= answer.highWatermark }
}

const OFFSET_OUT_OF_RANGE = 1

async function fetchOnce(cluster: Cluster, topic: string, from: number, maxWaitMs: number) {
  await cluster.addTargetTopic(topic)
  const leader = cluster.findTopicPartitionMetadata(topic).find(each => each.partitionId === PARTITION)?.leader
  if (leader === undefined || leader < 0)
    throw new KiviError('log_unreachable', `${topic} has no leading broker at the moment.`)
  const broker = await cluster.findBroker({ nodeId: leader })
  const [answer] = await fetchRaw(broker, {
    topic,
    partitions: [{ partition: PARTITION, position: from }],
    maxWaitMs,
    maxBytesPerPartition: MAX_BYTES,
    maxBytes: MAX_BYTES,
  })
  if (answer === undefined) throw new KiviError('log_unreachable', `${topic} was left out of its broker's answer.`)
  if (answer.errorCode === OFFSET_OUT_OF_RANGE) {
    const low = await firstOffset(cluster, topic)
    if (from < low) return fetchOnce(cluster, topic, low, maxWaitMs)
    throw new KiviError(
      'position_outside_log',
      `${topic} does not hold position ${from}: it was deleted and made anew, or emptied. Read it from its beginning.`,
    )
  }
  if (answer.errorCode !== 0) {
    const error = createErrorFromCode(answer.errorCode)
    if (STALE_METADATA.has((error as { type?: string }).type ?? '')) await cluster.refreshMetadata()
    throw error
  }
  return answer
}

/** Compaction leaves the log's beginning where it is; somebody may have cut it by hand. */
async function firstOffset(cluster: Cluster, topic: string): Promise<number> {
  const [answer] = await cluster.fetchTopicsOffset([
    { topic, partitions: [{ partition: PARTITION }], fromBeginning: true },
  ])
  return Number(answer?.partitions[0]?.offset ?? 0)
}
