/** `node infra/local/kafka-main.ts [PORT]`: a broker for trying, with its data in `.cache/kafka-data`. */
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { startKafka } from './kafka.ts'

const port = Number(process.argv[2] ?? 9092)
const dir = fileURLToPath(new URL('../../.cache/kafka-data/', import.meta.url))
const kafka = await startKafka({ port, dir, settings: { 'auto.create.topics.enable': 'true' } })
console.log(`Kafka serves at ${kafka.brokers.join(',')}, its data is in ${dir}; Ctrl-C ends it.`)
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
await kafka.stop()
