import { kafkaEventLog } from '@kivi/event-log'
import { createTopic, kafkaBrokers, uniqueName } from '../support/index.ts'
import { describeEventLog } from './event-log.ts'

describeEventLog(
  'kafka',
  async () => {
    const brokers = await kafkaBrokers()
    return {
      open: () => kafkaEventLog({ brokers }),
      createTopic: partitions => createTopic({ partitions, config: { 'max.message.bytes': '20000000' } }),
      group: () => uniqueName('group'),
    }
  },
  'shares',
)
