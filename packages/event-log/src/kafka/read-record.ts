import { KiviError, type LogRecord } from '@kivi/domain'
import { BatchReader, recordColumns } from '../record-batches.ts'
import { copyOfRow } from '../record-columns.ts'
import { fetchRaw } from './fetch.ts'
import { type Cluster, createErrorFromCode } from './kafkajs.ts'

/**
 * The record at exactly this offset, straight from the partition's leader and outside any group. Null where the
 * offset holds a control or aborted record, or where compaction took it.
 */
export async function readRecord(
  cluster: Cluster,
  topic: string,
  partition: number,
  offset: number,
): Promise<LogRecord | null> {
  await cluster.addTargetTopic(topic)
  const leader = cluster.findTopicPartitionMetadata(topic).find(each => each.partitionId === partition)?.leader
  if (leader === undefined) throw new KiviError('log_unreachable', `${topic}/${partition} has no leader at the moment.`)
  const broker = await cluster.findBroker({ nodeId: leader })
  // the broker sends the first batch whole, however large it is
  const [answer] = await fetchRaw(broker, {
    topic,
    partitions: [{ partition, position: offset }],
    maxWaitMs: 100,
    maxBytesPerPartition: 1,
    maxBytes: 1,
  })
  if (answer === undefined) return null
  if (answer.errorCode !== 0) throw createErrorFromCode(answer.errorCode)
  const columns = recordColumns()
  columns.partition = partition
  const reader = new BatchReader(answer, offset, `${topic}/${partition}`)
  if (!reader.next(columns) || columns.count === 0 || columns.offset[0] !== offset) return null
  return copyOfRow(columns, 0)
}
