/** Another process on an embedded log. `append TOPIC NAME COUNT`, or `own TOPIC GROUP LEASE_MS` until it is killed. */
import { embeddedEventLog } from '@kivi/event-log'

const [path, mode, topic, name, number] = process.argv.slice(2) as [string, string, string, string, string]
const log = embeddedEventLog({ path })

if (mode === 'append') {
  const producer = await log.producer()
  for (let i = 0; i < Number(number); i++) await producer.send(topic, [{ key: `${name} ${i}`, value: `${name} ${i}` }])
  await log.close()
} else {
  await log.consume({
    topic,
    group: name,
    sessionTimeoutMs: Number(number),
    handler: {
      joined: () => console.log('joined'),
      records: async () => {},
      caughtUp: () => {},
      failed: error => console.log(`failed ${error.message}`),
    },
  })
}
