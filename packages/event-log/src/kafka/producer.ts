import { KiviError, type LogProducer, type NewRecord } from '@kivi/domain'
import kafkajs, { type CompressionTypes, type Producer } from 'kafkajs'
import { compressionOf } from './codecs.ts'
import { asKiviError, errorType, FENCED_PRODUCER } from './errors.ts'
import { committedOffsets } from './group.ts'
import { insist, within } from './insist.ts'
import { type Cluster, createCluster } from './kafkajs.ts'
import { requests } from './messages.ts'
import { clientConfig, createPartitioner, type KafkaOptions, kafkaJsLog } from './options.ts'

interface Progress {
  readonly position: number
  readonly metadata: string
}

/** The partition that holds a group's progress of sendWithProgress. */
const PROGRESS_PARTITION = 0
const TRANSACTION_TIMEOUT_MS = 60_000
const PATIENCE_MS = 15_000

export async function createKafkaProducer(options: KafkaOptions): Promise<LogProducer> {
  const producer = new KafkaProducer(options)
  await producer.connect()
  return producer
}

class KafkaProducer implements LogProducer {
  readonly #options: KafkaOptions
  readonly #kafka: kafkajs.Kafka
  readonly #compression: CompressionTypes
  #plain: Promise<Producer> | undefined
  #cluster: Promise<Cluster> | undefined
  /** topics that are known to exist */
  readonly #topics = new Set<string>()
  /** one transactional producer per group; the newest of all processes fences the others */
  readonly #transactional = new Map<string, Promise<Producer>>()
  /** what this producer committed: the group's coordinator shows a transaction only some time after its end */
  readonly #progress = new Map<string, Progress>()
  /** groups that a newer producer took: this one does not take them back */
  readonly #lost = new Set<string>()
  /** groups whose last transaction failed, not asked about since */
  readonly #doubtful = new Set<string>()

  constructor(options: KafkaOptions) {
    this.#options = options
    this.#compression = compressionOf(options)
    this.#kafka = new kafkajs.Kafka({
      ...clientConfig(options),
      logLevel: kafkajs.logLevel.DEBUG,
      logCreator: kafkaJsLog(options.logger),
    })
  }

  async connect(): Promise<void> {
    await this.#connected()
  }

  async send(topic: string, records: readonly NewRecord[]): Promise<void> {
    if (records.length === 0) return
    try {
      await this.#topic(topic)
      const producer = await this.#connected()
      for (const messages of requests(records))
        await producer.send({ topic, acks: -1, compression: this.#compression, messages })
    } catch (error) {
      // an idempotent producer that lost a sequence number refuses all further sends: the next one begins anew
      await this.#forgetPlain()
      throw asKiviError(error, `writing to ${topic}`)
    }
  }

  async sendWithProgress(
    topic: string,
    records: readonly NewRecord[],
    progress: { readonly group: string; readonly position: number; readonly metadata: string },
  ): Promise<void> {
    try {
      await this.#topic(topic)
      const key = progressKey(topic, progress.group)
      if (this.#doubtful.has(progress.group) && !this.#lost.has(progress.group))
        throw new KiviError(
          'log_unreachable',
          `The last transaction of ${progress.group} failed and may be in the log or not: ask for the progress, and go on from there.`,
        )
      const producer = await this.#owner(progress.group)
      // a group's coordinator may still be loading at its first use, for longer than kafkajs waits in a transaction
      if (!this.#progress.has(key)) await this.#readProgress(topic, progress.group)
      const transaction = await producer.transaction()
      try {
        for (const messages of requests(records))
          await transaction.send({ topic, acks: -1, compression: this.#compression, messages })
        const partition = {
          partition: PROGRESS_PARTITION,
          offset: String(progress.position),
          metadata: progress.metadata,
        }
        await transaction.sendOffsets({
          consumerGroupId: progress.group,
          topics: [{ topic, partitions: [partition] }],
        })
        await transaction.commit()
        const { position, metadata } = progress
        this.#progress.set(key, { position, metadata })
      } catch (error) {
        await transaction.abort().catch(() => {})
        throw error
      }
    } catch (error) {
      await this.#doubt(topic, progress.group)
      throw (
        this.#fenced(error, progress.group) ??
        asKiviError(error, `writing to ${topic} with the progress of ${progress.group}`)
      )
    }
  }

  async progress(topic: string, group: string): Promise<Progress | null> {
    try {
      await this.#topic(topic)
      // ownership first: it ends an older producer's transaction, so that what is read here is final
      await this.#owner(group)
      this.#doubtful.delete(group)
      return this.#progress.get(progressKey(topic, group)) ?? (await this.#readProgress(topic, group))
    } catch (error) {
      throw this.#fenced(error, group) ?? asKiviError(error, `reading the progress of ${group}`)
    }
  }

  async #readProgress(topic: string, group: string): Promise<Progress | null> {
    const cluster = await this.#topic(topic)
    const offsets = await insist(
      async () => {
        const coordinator = await cluster.findGroupCoordinator({ groupId: group })
        return committedOffsets(coordinator, group, topic, [PROGRESS_PARTITION])
      },
      within(PATIENCE_MS),
      () => cluster.refreshMetadata(),
    )
    const found = offsets.get(PROGRESS_PARTITION)
    return found ? { position: found.offset, metadata: found.metadata } : null
  }

  async close(): Promise<void> {
    const open = [this.#plain, ...this.#transactional.values(), this.#cluster]
    this.#transactional.clear()
    await Promise.all(open.map(async each => (await each?.catch(() => undefined))?.disconnect()))
  }

  /** Connections for questions, once they know the topic: kafkajs would look for a missing one for many seconds. */
  async #topic(topic: string): Promise<Cluster> {
    this.#cluster ??= (async () => {
      const cluster = createCluster(this.#options)
      await cluster.connect()
      return cluster
    })()
    this.#cluster.catch(() => {
      this.#cluster = undefined
    })
    const cluster = await this.#cluster
    if (!this.#topics.has(topic)) {
      await cluster.addTargetTopic(topic)
      this.#topics.add(topic)
    }
    return cluster
  }

  #connected(): Promise<Producer> {
    this.#plain ??= (async () => {
      const producer = this.#kafka.producer({
        createPartitioner,
        idempotent: true,
        // sequence numbers must arrive in order; kafkajs' retries do not keep several requests so
        maxInFlightRequests: 1,
        allowAutoTopicCreation: false,
        retry: { retries: 8 },
      })
      try {
        await producer.connect()
      } catch (error) {
        throw asKiviError(error, 'connecting a producer')
      }
      return producer
    })()
    return this.#plain.catch(error => {
      this.#plain = undefined
      throw error
    })
  }

  async #forgetPlain(): Promise<void> {
    const producer = this.#plain
    this.#plain = undefined
    await (await producer?.catch(() => undefined))?.disconnect().catch(() => {})
  }

  /**
   * The group's transactional producer. kafkajs' connect() fences nobody, the first transaction does: so one is
   * begun and aborted, and only then older producers are shut out.
   */
  async #owner(group: string): Promise<Producer> {
    if (this.#lost.has(group)) throw fenced(group)
    let owner = this.#transactional.get(group)
    if (owner === undefined) {
      owner = (async () => {
        const producer = this.#kafka.producer({
          createPartitioner,
          transactionalId: `kivi-progress-${group}`,
          transactionTimeout: TRANSACTION_TIMEOUT_MS,
          idempotent: true,
          maxInFlightRequests: 1,
          allowAutoTopicCreation: false,
          retry: { retries: 8 },
        })
        await producer.connect()
        await (await producer.transaction()).abort()
        return producer
      })()
      this.#transactional.set(group, owner)
      owner.catch(() => this.#transactional.delete(group))
    }
    return owner
  }

  /** After a failure the transaction may be in the log or not: only progress() tells, and until then nothing is sent. */
  async #doubt(topic: string, group: string): Promise<void> {
    this.#doubtful.add(group)
    this.#progress.delete(progressKey(topic, group))
    const producer = this.#transactional.get(group)
    this.#transactional.delete(group)
    await (await producer?.catch(() => undefined))?.disconnect().catch(() => {})
  }

  #fenced(error: unknown, group: string): KiviError | undefined {
    if (!FENCED_PRODUCER.has(errorType(error) ?? '')) return undefined
    this.#lost.add(group)
    return fenced(group, error)
  }
}

const fenced = (group: string, cause?: unknown) =>
  new KiviError('log_fenced', `A newer process took over ${group}; this one stops writing.`, { cause })

const progressKey = (topic: string, group: string) => `${topic} ${group}`
