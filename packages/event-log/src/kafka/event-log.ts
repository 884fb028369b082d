import type { ConsumeOptions, EventLog, LogConsumer, LogProducer, LogRecord, StateLog } from '@kivi/domain'
import { type Logger, SILENT } from '../logger.ts'
import { ensureTopic } from './admin.ts'
import { KafkaConsumer } from './consumer.ts'
import { asKiviError, errorType } from './errors.ts'
import { partitionIds } from './group.ts'
import { insist, within } from './insist.ts'
import { type Cluster, createCluster } from './kafkajs.ts'
import type { KafkaOptions } from './options.ts'
import { createKafkaProducer } from './producer.ts'
import { readRecord } from './read-record.ts'
import { KafkaStateLog } from './states/state-log.ts'

/** How long a question is repeated while a broker or leader is away. */
const PATIENCE_MS = 15_000

/** The event log over Apache Kafka 0.11 or newer. Connects when first asked. */
export function kafkaEventLog(options: KafkaOptions): EventLog {
  return new KafkaEventLog(options)
}

class KafkaEventLog implements EventLog {
  readonly #options: KafkaOptions
  readonly #logger: Logger
  readonly #open = new Set<{ stop(): Promise<void> } | { close(): Promise<void> }>()
  /** connections for questions, apart from consumers' */
  #cluster: Promise<Cluster> | undefined

  constructor(options: KafkaOptions) {
    this.#options = options
    this.#logger = options.logger ?? SILENT
  }

  async partitions(topic: string): Promise<readonly number[]> {
    return this.#ask(`asking for the partitions of ${topic}`, async cluster => {
      await cluster.addTargetTopic(topic)
      return partitionIds(cluster, topic)
    })
  }

  async bounds(topic: string): Promise<ReadonlyMap<number, { readonly low: number; readonly high: number }>> {
    return this.#ask(`asking for the bounds of ${topic}`, async cluster => {
      await cluster.addTargetTopic(topic)
      const partitions = partitionIds(cluster, topic).map(partition => ({ partition }))
      const [low, high] = await Promise.all(
        [true, false].map(async fromBeginning => {
          const [answer] = await cluster.fetchTopicsOffset([{ topic, partitions, fromBeginning }])
          return new Map(answer?.partitions.map(({ partition, offset }) => [partition, Number(offset)]))
        }),
      )
      return new Map(
        partitions.map(({ partition }) => [
          partition,
          { low: low?.get(partition) ?? 0, high: high?.get(partition) ?? 0 },
        ]),
      )
    })
  }

  async recordAt(topic: string, partition: number, offset: number): Promise<LogRecord | null> {
    const bounds = (await this.bounds(topic)).get(partition)
    if (!bounds || offset < bounds.low || offset >= bounds.high) return null
    return this.#ask(`reading ${topic}/${partition} at ${offset}`, cluster =>
      readRecord(cluster, topic, partition, offset),
    )
  }

  ensureTopic(topic: string, options: { readonly partitions: number; readonly roomFor?: string }) {
    return ensureTopic(this.#options, topic, options)
  }

  async producer(): Promise<LogProducer> {
    return this.#track(await createKafkaProducer(this.#options))
  }

  async consume(options: ConsumeOptions): Promise<LogConsumer> {
    const cluster = createCluster(this.#options)
    try {
      await cluster.connect()
      await cluster.addTargetTopic(options.topic)
    } catch (error) {
      await cluster.disconnect().catch(() => {})
      throw asKiviError(error, `connecting to consume ${options.topic}`)
    }
    return this.#track(
      new KafkaConsumer(options, { cluster, bounds: topic => this.bounds(topic), logger: this.#logger }),
    )
  }

  async states(topic: string): Promise<StateLog> {
    const consume = (options: ConsumeOptions) => this.consume(options)
    return this.#track(await KafkaStateLog.open(topic, { options: this.#options, logger: this.#logger, consume }))
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open].map(each => ('stop' in each ? each.stop() : each.close())))
    this.#open.clear()
    const cluster = this.#cluster
    this.#cluster = undefined
    await (await cluster)?.disconnect()
  }

  #track<T extends { stop(): Promise<void> } | { close(): Promise<void> }>(opened: T): T {
    this.#open.add(opened)
    return opened
  }

  async #ask<T>(doing: string, question: (cluster: Cluster) => Promise<T>): Promise<T> {
    try {
      const cluster = await this.#connected()
      const patience = within(PATIENCE_MS)
      return await insist(
        () => question(cluster),
        error => errorType(error) !== 'UNKNOWN_TOPIC_OR_PARTITION' && patience(),
        () => cluster.refreshMetadata(),
      )
    } catch (error) {
      throw asKiviError(error, doing)
    }
  }

  async #connected(): Promise<Cluster> {
    this.#cluster ??= (async () => {
      const cluster = createCluster(this.#options)
      await cluster.connect()
      return cluster
    })()
    try {
      return await this.#cluster
    } catch (error) {
      this.#cluster = undefined
      throw error
    }
  }
}
