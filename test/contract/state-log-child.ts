/**
 * Another process that contends for a state log, until it is killed: `kafka|embedded WHERE TOPIC NAME SESSION_MS`. While
 * it leads it counts up the key `count`. Prints what happens to it, a line each. A line of input stops it as SIGSTOP does,
 * but never in the middle of a transaction of SQLite, whose lock would hold up everybody.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { embeddedEventLog, kafkaEventLog } from '@kivi/event-log'

const [kind, where, topic, name, session] = process.argv.slice(2) as [string, string, string, string, string]
process.stdin.on('data', () => process.kill(process.pid, 'SIGSTOP'))
const log = kind === 'kafka' ? kafkaEventLog({ brokers: where.split(',') }) : embeddedEventLog({ path: where })
const states = await log.states(topic)
await states.contend({
  sessionTimeoutMs: Number(session),
  takeOver: () => ({ key: 'leader', value: name }),
  handler: {
    leading: async (leadership, state) => {
      console.log(`leading ${leadership.epoch}`)
      for (let count = Number(state.get('count') ?? 0) + 1; leadership.leads(); count++) {
        const result = await leadership.append([{ key: 'count', value: String(count) }])
        console.log(`${result} ${count}`)
        await sleep(10)
      }
    },
    ended: (_, reason) => console.log(`ended: ${reason}`),
    failed: error => console.log(`failed: ${error.message}`),
  },
})
