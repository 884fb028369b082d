/** The compacted topic of a state log: made where missing, and checked for what the fold needs of it. */
import { KiviError } from '@kivi/domain'
import type { KafkaOptions } from '../options.ts'
import { type Settings, withAdmin } from '../topic-admin.ts'

const HOUR_MS = 3_600_000
/** a record with a notification of a thousand alerts in it */
const LONGEST_RECORD = 8 << 20

/**
 * Records stay for some hours before compaction takes all but the last of each key: the copy of the history, which
 * follows the log, is to see each of them after an outage of its store. Segments are short, as the last one is never
 * compacted.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  'cleanup.policy': 'compact',
  'min.compaction.lag.ms': String(6 * HOUR_MS),
  'segment.ms': String(HOUR_MS),
  'segment.bytes': String(64 << 20),
  'min.cleanable.dirty.ratio': '0.1',
  'max.message.bytes': String(LONGEST_RECORD),
}

/** Creates the topic where it is missing; the warnings are what may be meant so. */
export function ensureStateTopic(options: KafkaOptions, topic: string): Promise<readonly string[]> {
  return withAdmin(options, `preparing the topic ${topic}`, async admin => {
    await admin.create(topic, 1, SETTINGS)
    const partitions = await admin.partitions(topic)
    if (partitions !== 1)
      throw new KiviError(
        'log_misconfigured',
        `${topic} has ${partitions} partitions: whose partition it is leads, so there must be one. Delete the topic and let Kivi make it.`,
      )
    return check(topic, await admin.settings(topic))
  })
}

function check(topic: string, settings: Settings | null): string[] {
  if (settings === null)
    return [
      `${topic}: this user may not read the topic's settings (ACL DescribeConfigs). Make sure that cleanup.policy is compact and unclean.leader.election.enable is false.`,
    ]
  const policy = settings.get('cleanup.policy') ?? ''
  if (policy !== 'compact')
    throw new KiviError(
      'log_misconfigured',
      `${topic} has cleanup.policy=${policy}: it holds the last state of each key for good, and deletion by age would forget firing alerts. Set cleanup.policy=compact.`,
    )
  const warnings: string[] = []
  if (settings.get('unclean.leader.election.enable') === 'true')
    warnings.push(
      `${topic} has unclean.leader.election.enable=true: after such an election acknowledged records may be gone. Set it to false.`,
    )
  if (Number(settings.get('min.compaction.lag.ms')) < HOUR_MS)
    warnings.push(
      `${topic} has min.compaction.lag.ms=${settings.get('min.compaction.lag.ms')}: the history lacks what is compacted before it was copied. Set it to ${SETTINGS['min.compaction.lag.ms']}.`,
    )
  if (Number(settings.get('max.message.bytes')) < LONGEST_RECORD)
    warnings.push(
      `${topic} has max.message.bytes=${settings.get('max.message.bytes')}: a notification of many alerts would not fit. Set it to ${LONGEST_RECORD}.`,
    )
  return warnings
}
