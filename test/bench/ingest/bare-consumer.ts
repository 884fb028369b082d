/** What there is to beat: a kafkajs consumer that does nothing but fetch and JSON.parse. */
import kafkajs from 'kafkajs'

const [broker, topic, total] = [process.argv[2]!, process.argv[3]!, Number(process.argv[4])]
const kafka = new kafkajs.Kafka({ brokers: [broker], logLevel: kafkajs.logLevel.NOTHING })
const consumer = kafka.consumer({ groupId: `bare-${process.pid}-${Date.now()}`, maxBytesPerPartition: 4 << 20 })
await consumer.connect()
await consumer.subscribe({ topic, fromBeginning: true })
const done = Promise.withResolvers<void>()
let parsed = 0
let times = 0
await consumer.run({
  eachBatch: async ({ batch }) => {
    for (const message of batch.messages) {
      times += (JSON.parse(message.value!.toString()) as { event_time: number }).event_time & 1
      parsed++
    }
    if (parsed >= total) done.resolve()
  },
})
await done.promise
process.stdout.write(`${JSON.stringify({ parsed, odd: times })}\n`)
process.exit(0)
