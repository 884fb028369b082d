/** Topics: made where missing, and checked for what exactly-once needs of them. */

import { KiviError } from '@kivi/domain'
import type { KafkaOptions } from './options.ts'
import { type Settings, withAdmin } from './topic-admin.ts'

export function ensureTopic(
  options: KafkaOptions,
  topic: string,
  { partitions, roomFor }: { readonly partitions: number; readonly roomFor?: string },
): Promise<{ readonly warnings: readonly string[] }> {
  return withAdmin(options, `preparing the topic ${topic}`, async admin => {
    const longest = roomFor === undefined ? Number.NaN : longestRecord(await admin.settings(roomFor))
    await admin.create(topic, partitions, {
      'cleanup.policy': 'delete',
      // NaN: whatever the broker's default is
      ...(Number.isNaN(longest) ? {} : { 'max.message.bytes': String(longest + HEADROOM) }),
    })
    return { warnings: check(topic, await admin.settings(topic), longest) }
  })
}

/** Headers, and what another compression makes of the same bytes. */
const HEADROOM = 1 << 20

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
