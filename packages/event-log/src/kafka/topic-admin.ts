/** Asking for topics and making them, over one admin connection. */
import kafkajs, { type Admin } from 'kafkajs'
import { sleep } from '../signal.ts'
import { asKiviError, errorType } from './errors.ts'
import { within } from './insist.ts'
import { clientConfig, type KafkaOptions, kafkaJsLog } from './options.ts'

export type Settings = ReadonlyMap<string, string>

/** For how long a topic that was made just now may be unknown to the broker that is asked, ms. */
const SPREADING_MS = 15_000

/** @param doing for the error, where something fails */
export async function withAdmin<T>(
  options: KafkaOptions,
  doing: string,
  work: (admin: TopicAdmin) => Promise<T>,
): Promise<T> {
  const kafka = new kafkajs.Kafka({
    ...clientConfig(options),
    logLevel: kafkajs.logLevel.DEBUG,
    logCreator: kafkaJsLog(options.logger),
  })
  const admin = kafka.admin()
  try {
    await admin.connect()
    return await work(new TopicAdmin(admin))
  } catch (error) {
    throw asKiviError(error, doing)
  } finally {
    await admin.disconnect().catch(() => {})
  }
}

export class TopicAdmin {
  readonly #admin: Admin

  constructor(admin: Admin) {
    this.#admin = admin
  }

  /** Makes the topic where it is missing, on as many brokers as they are set to. */
  async create(topic: string, partitions: number, settings: Readonly<Record<string, string>>): Promise<void> {
    if ((await this.#admin.listTopics()).includes(topic)) return
    const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }))
    try {
      await this.#admin.createTopics({
        waitForLeaders: true,
        topics: [{ topic, numPartitions: partitions, replicationFactor: -1, configEntries }],
      })
    } catch (error) {
      // another process was quicker
      if (!(await this.#admin.listTopics()).includes(topic)) throw error
    }
  }

  /** How many partitions a topic has that exists. */
  partitions(topic: string): Promise<number> {
    return spread(async () => {
      const { topics } = await this.#admin.fetchTopicMetadata({ topics: [topic] })
      return topics[0]?.partitions.length ?? 0
    })
  }

  /** Of a topic that exists; null: this user may not read them. */
  async settings(topic: string): Promise<Settings | null> {
    try {
      const { resources } = await spread(() =>
        this.#admin.describeConfigs({
          includeSynonyms: false,
          resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic }],
        }),
      )
      return new Map(resources[0]?.configEntries.map(entry => [entry.configName, entry.configValue]))
    } catch (error) {
      if (errorType(error) !== 'TOPIC_AUTHORIZATION_FAILED') throw error
      return null
    }
  }
}

/** Brokers learn of a new topic, above all of one that another process made, a little later. */
async function spread<T>(ask: () => Promise<T>): Promise<T> {
  const goOn = within(SPREADING_MS)
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (errorType(error) !== 'UNKNOWN_TOPIC_OR_PARTITION' || !goOn()) throw error
      await sleep(50)
    }
  }
}
