import { kafkaEventLog } from '@kivi/event-log'
import { StateWriter } from '../../packages/event-log/src/kafka/states/writer.ts'
import { kafkaBrokers, uniqueName } from '../support/index.ts'
import { describeStateLog } from './state-log.ts'

describeStateLog('kafka', async () => {
  const brokers = await kafkaBrokers()
  return {
    open: () => kafkaEventLog({ brokers }),
    topic: () => uniqueName('states'),
    child: () => ['kafka', brokers.join(',')],
    usurp: async topic => {
      const writer = await StateWriter.open({ brokers }, topic, 10_000)
      await writer.append([{ key: 'leader', value: 'usurper' }])
      await writer.close()
    },
  }
})
