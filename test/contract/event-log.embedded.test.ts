import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { embeddedEventLog } from '@kivi/event-log'
import { uniqueName } from '../support/index.ts'
import { describeEventLog } from './event-log.ts'

describeEventLog(
  'embedded',
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'kivi-log-'))
    const open = () => embeddedEventLog({ path: join(directory, 'log.sqlite') })
    return {
      open,
      createTopic: async partitions => {
        const topic = uniqueName('topic')
        const log = open()
        await log.ensureTopic(topic, { partitions })
        await log.close()
        return topic
      },
      group: () => uniqueName('group'),
      dispose: () => rm(directory, { recursive: true }),
    }
  },
  'fences',
)
