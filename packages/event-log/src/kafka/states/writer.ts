/**
 * The exclusive writer of a state log: a transactional producer under the log's fixed id. kafkajs' connect() fences
 * nobody, the first transaction does: from then on an older writer's requests are refused, and what it had open is
 * aborted. A writer is made anew for each take-over and never goes on after an error.
 */
import type { NewRecord } from '@kivi/domain'
import kafkajs, { type CompressionTypes, type Producer } from 'kafkajs'
import { compressionOf } from '../codecs.ts'
import { requests } from '../messages.ts'
import { clientConfig, createPartitioner, type KafkaOptions, kafkaJsLog } from '../options.ts'

/** Records of one request: brokers answer in time even when many keys change at once. */
const MOST_RECORDS = 1_000
/** Few: what fails for longer ends the leadership, and the next writer's fold tells what became of it. */
const RETRY = { initialRetryTime: 20, maxRetryTime: 500, retries: 4 }

export class StateWriter {
  readonly #topic: string
  readonly #producer: Producer
  readonly #compression: CompressionTypes

  private constructor(topic: string, producer: Producer, compression: CompressionTypes) {
    this.#topic = topic
    this.#producer = producer
    this.#compression = compression
  }

  /** @param transactionTimeoutMs after which the broker aborts what a dead writer left open */
  static async open(options: KafkaOptions, topic: string, transactionTimeoutMs: number): Promise<StateWriter> {
    const kafka = new kafkajs.Kafka({
      ...clientConfig(options),
      logLevel: kafkajs.logLevel.DEBUG,
      logCreator: kafkaJsLog(options.logger),
    })
    const producer = kafka.producer({
      createPartitioner,
      transactionalId: `kivi-states-${topic}`,
      transactionTimeout: transactionTimeoutMs,
      idempotent: true,
      // sequence numbers must arrive in order
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      retry: RETRY,
    })
    try {
      await producer.connect()
    } catch (error) {
      await producer.disconnect().catch(() => {})
      throw error
    }
    return new StateWriter(topic, producer, compressionOf(options))
  }

  /** All of them in one transaction, or none. After an error nobody knows which: this writer is to be closed. */
  async append(records: readonly NewRecord[]): Promise<void> {
    const transaction = await this.#producer.transaction()
    try {
      for (const messages of requests(records, MOST_RECORDS))
        await transaction.send({ topic: this.#topic, acks: -1, compression: this.#compression, messages })
      await transaction.commit()
    } catch (error) {
      // a commit that failed may be done or not: then there is nothing to abort, and kafkajs refuses it
      await transaction.abort().catch(() => {})
      throw error
    }
  }

  async close(): Promise<void> {
    await this.#producer.disconnect().catch(() => {})
  }
}
