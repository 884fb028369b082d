import { type ITopicConfig, Kafka, logLevel } from 'kafkajs'
import { kafkaBrokers, uniqueName } from './services.ts'

export interface TopicOptions {
  /** default: a unique name */
  readonly topic?: string
  /** default 4 */
  readonly partitions?: number
  /** e.g. `{ 'message.timestamp.type': 'LogAppendTime' }` */
  readonly config?: Readonly<Record<string, string>>
}

/** Creates a topic on the run's Kafka and gives its name, when every partition has a leader. */
export async function createTopic(options: TopicOptions = {}): Promise<string> {
  const topic = options.topic ?? uniqueName('topic')
  const kafka = new Kafka({ brokers: await kafkaBrokers(), clientId: 'kivi-test-support', logLevel: logLevel.NOTHING })
  const admin = kafka.admin()
  await admin.connect()
  try {
    const configEntries = Object.entries(options.config ?? {}).map(([name, value]) => ({ name, value }))
    const request: ITopicConfig = { topic, numPartitions: options.partitions ?? 4, replicationFactor: 1, configEntries }
    await admin.createTopics({ topics: [request], waitForLeaders: true })
  } finally {
    await admin.disconnect()
  }
  return topic
}
