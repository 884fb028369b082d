/** Fetch, with the record batches left as the broker sent them. */
import { KiviError } from '@kivi/domain'
import type { AbortedTransaction, FetchedPartition } from '../record-batches.ts'
import { type Broker, type Exchange, fetchExchange } from './kafkajs.ts'
import { releaseBuffer } from './response-buffers.ts'

export interface FetchRequest {
  readonly topic: string
  readonly partitions: ReadonlyArray<{ readonly partition: number; readonly position: number }>
  /** longest wait of the broker for the first byte, ms */
  readonly maxWaitMs: number
  readonly maxBytesPerPartition: number
  readonly maxBytes: number
}

const READ_COMMITTED = 1
/** kafkajs allows the broker's wait and 100 ms: on a busy machine that gives up fetches that arrive. */
const ANSWER_TIMEOUT = 30_000

/** One Fetch to one broker: what it has for each partition, in no certain order. Release each when it is read. */
export async function fetchRaw(broker: Broker, request: FetchRequest): Promise<readonly FetchedPartition[]> {
  const { request: encoded } = fetchExchange(broker, {
    isolationLevel: READ_COMMITTED,
    maxWaitTime: request.maxWaitMs,
    minBytes: 1,
    maxBytes: request.maxBytes,
    rackId: '',
    topics: [
      {
        topic: request.topic,
        partitions: request.partitions.map(({ partition, position }) => ({
          partition,
          fetchOffset: String(position),
          maxBytes: request.maxBytesPerPartition,
        })),
      },
    ],
  })
  const exchange: Exchange<readonly FetchedPartition[]> = {
    request: encoded,
    response: {
      decode: async payload => decodeResponse(payload, encoded.apiVersion),
      parse: async data => data,
    },
    requestTimeout: request.maxWaitMs + ANSWER_TIMEOUT,
  }
  try {
    return await broker.connectionPool.send(exchange)
  } catch (error) {
    if ((error as Error).name === 'KafkaJSConnectionClosedError') await broker.disconnect()
    throw error
  }
}

/** Versions 4 to 11 of the response. */
function decodeResponse(b: Buffer, version: number): FetchedPartition[] {
  if (version < 4)
    throw new KiviError(
      'log_misconfigured',
      'The broker is older than Kafka 0.11, the first with transactions. Upgrade it.',
    )
  let p = 4 // throttle time
  if (version >= 7) p += 6 // error code and session id: no fetch session is asked for
  const int32 = () => {
    p += 4
    return b.readInt32BE(p - 4)
  }
  const int64 = () => {
    p += 8
    return b.readInt32BE(p - 8) * 4294967296 + b.readUInt32BE(p - 4)
  }
  const partitions: FetchedPartition[] = []
  // the partitions' records share the answer's buffer
  let unread = 1
  const release = () => {
    if (--unread === 0) releaseBuffer(b)
  }
  for (let topics = int32(); topics > 0; topics--) {
    p += 2 + b.readInt16BE(p) // the topic's name: only one was asked for
    for (let left = int32(); left > 0; left--) {
      const partition = int32()
      const errorCode = b.readInt16BE(p)
      p += 2
      const highWatermark = int64()
      p += version >= 5 ? 16 : 8 // last stable offset, log start offset
      const aborted: AbortedTransaction[] = []
      for (let count = int32(); count > 0; count--) {
        const producerId = b.readBigInt64BE(p)
        p += 8
        aborted.push({ producerId, firstOffset: int64() })
      }
      if (version >= 11) p += 4 // preferred replica: none without a rack
      const size = Math.max(0, int32())
      partitions.push({ partition, errorCode, highWatermark, aborted, records: b.subarray(p, p + size), release })
      unread++
      p += size
    }
  }
  release()
  return partitions
}
