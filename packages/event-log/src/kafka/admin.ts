/** Topics: made where missing, and checked for what exactly-once needs of them. */

import { KiviError } from '@kivi/domain'
import kafkajs, { type Admin } from 'kafkajs'
import { sleep } from '../signal.ts'
import { asKiviError, errorType } from './errors.ts'
import { within } from './insist.ts'
import { clientConfig, type KafkaOptions, kafkaJsLog } from './options.ts'

export async function ensureTopic(
  options: KafkaOptions,
  topic: string,
  { partitions, roomFor }: { readonly partitions: number; readonly roomFor?: string },
): Promise<{ readonly warnings: readonly string[] }> {
  const kafka = new kafkajs.Kafka({
    ...clientConfig(options),
    logLevel: kafkajs.logLevel.DEBUG,
    logCreator: kafkaJsLog(options.logger),
  })
  const admin = kafka.admin()
  try {
    await admin.connect()
    const longest = roomFor === undefined ? Number.NaN : longestRecord(await settings(admin, roomFor))
    await create(admin, topic, partitions, longest)
    return { warnings: check(topic, await settingsOfNew(admin, topic), longest) }
  } catch (error) {
    throw asKiviError(error, `preparing the topic ${topic}`)
  } finally {
    await admin.disconnect().catch(() => {})
  }
}

/** Headers, and what another compression makes of the same bytes. */
const HEADROOM = 1 << 20

/** @param longest record that has to fit, bytes; NaN: whatever the broker's default is */
async function create(admin: Admin, topic: string, partitions: number, longest: number): Promise<void> {
  if ((await admin.listTopics()).includes(topic)) return
  try {
    await admin.createTopics({
      waitForLeaders: true,
      topics: [
        {
          topic,
          numPartitions: partitions,
          replicationFactor: -1,
          configEntries: [
            { name: 'cleanup.policy', value: 'delete' },
            ...(Number.isNaN(longest) ? [] : [{ name: 'max.message.bytes', value: String(longest + HEADROOM) }]),
          ],
        },
      ],
    })
  } catch (error) {
    // another process was quicker
    if (!(await admin.listTopics()).includes(topic)) throw error
  }
}

type Settings = ReadonlyMap<string, string>

/** null: this user may not read them */
async function settings(admin: Admin, topic: string): Promise<Settings | null> {
  try {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic }],
    })
    return new Map(resources[0]?.configEntries.map(entry => [entry.configName, entry.configValue]))
  } catch (error) {
    if (errorType(error) !== 'TOPIC_AUTHORIZATION_FAILED') throw error
    return null
  }
}

/** For how long a topic that was made just now may be unknown to the broker that is asked, ms. */
const SPREADING_MS = 15_000

/** A topic that exists: brokers learn of a new one, above all of one that another process made, a little later. */
async function settingsOfNew(admin: Admin, topic: string): Promise<Settings | null> {
  const goOn = within(SPREADING_MS)
  for (;;) {
    try {
      return await settings(admin, topic)
    } catch (error) {
      if (errorType(error) !== 'UNKNOWN_TOPIC_OR_PARTITION' || !goOn()) throw error
      await sleep(50)
    }
  }
}

const longestRecord = (configs: Settings | null): number => Number(configs?.get('max.message.bytes') ?? Number.NaN)

/** Throws where exactly-once cannot hold; the warnings are what may be meant so. */
function check(topic: string, configs: Settings | null, longest: number): string[] {
  if (configs === null)
    return [
      `${topic}: this user may not read the topic's settings (ACL DescribeConfigs). Make sure that cleanup.policy is delete and unclean.leader.election.enable is false.`,
    ]
  const policy = configs.get('cleanup.policy')
  if (policy !== undefined && policy !== 'delete')
    throw new KiviError(
      'log_misconfigured',
      `${topic} has cleanup.policy=${policy}: compaction removes records that Kivi may have to read again, and counts would differ. Set cleanup.policy=delete.`,
    )
  const warnings: string[] = []
  if (configs.get('unclean.leader.election.enable') === 'true')
    warnings.push(
      `${topic} has unclean.leader.election.enable=true: after such an election acknowledged records may be gone or replaced. Set it to false.`,
    )
  // nothing is judged by the stamps of a topic of dead letters, which is the one made with room for another's records
  if (Number.isNaN(longest) && configs.get('message.timestamp.type') === 'CreateTime')
    warnings.push(
      `${topic} has message.timestamp.type=CreateTime: lateness is judged by the producers' clocks. LogAppendTime is the safer setting.`,
    )
  if (longestRecord(configs) <= longest)
    warnings.push(
      `${topic} has max.message.bytes=${longestRecord(configs)}: a dead letter has headers beside its message, and one of the longest messages would not fit and stop its partition. Set it to ${longest + HEADROOM}.`,
    )
  return warnings
}
