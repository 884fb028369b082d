/** A process that writes what customers do into the embedded log, so many events per second, until it is told to end. */
import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import type { LogProducer, NewRecord } from '@kivi/domain'
import { embeddedEventLog } from '@kivi/event-log'

const { values } = parseArgs({
  options: {
    log: { type: 'string' },
    topic: { type: 'string' },
    rate: { type: 'string' },
    /** events of the day before, written at once */
    past: { type: 'string', default: '0' },
  },
})
const DAY = 86_400_000
const TICK_MS = 100
const CHANNELS = ['search', 'social', 'email', 'display', 'affiliate', 'push', 'video', 'direct']
const pick = (list: readonly string[]): string => list[Math.floor(Math.random() * list.length)] as string

/** of 100: what a shop sees of people who look more than they buy */
const MIX: ReadonlyArray<readonly [type: string, share: number, fields: () => object]> = [
  ['impression', 45, () => ({})],
  ['page_view', 30, () => ({ page: `/p/${Math.floor(Math.random() * 500)}` })],
  ['click', 12, () => ({})],
  ['search', 5, () => ({ query: 'tea', results: Math.floor(Math.random() * 20) })],
  ['cart', 5, () => ({ action: 'added', amount: 19.5 })],
  ['purchase', 3, () => ({ amount: Math.round(100 + Math.random() * 20_000) / 100, currency: 'EUR' })],
]

const SHARES = MIX.flatMap(entry => Array.from({ length: entry[1] }, () => entry))

function record(time: number): NewRecord {
  const [type, , fields] = SHARES[Math.floor(Math.random() * SHARES.length)] as (typeof MIX)[number]
  const user = `u${Math.floor(Math.random() ** 2 * 20_000)}`
  const event = {
    event_id: randomUUID(),
    event_type: type,
    event_time: time,
    user_id: user,
    campaign: `campaign ${Math.floor(Math.random() * 50)}`,
    channel: pick(CHANNELS),
    ...fields(),
  }
  return { key: user, value: Buffer.from(JSON.stringify(event)) }
}

const topic = values.topic as string
const log = embeddedEventLog({ path: values.log as string })
await log.ensureTopic(topic, { partitions: 4 })
const producer: LogProducer = await log.producer()
const past = Number(values.past)
const now = Date.now()
for (let sent = 0; sent < past; sent += 5_000) {
  const batch = Array.from({ length: 5_000 }, (_, index) => record(now - DAY + (DAY * (sent + index)) / past))
  await producer.send(topic, batch)
}
process.send?.({ past: true })

process.once('disconnect', () => process.exit(1))
let sent = 0
let ending = false
process.once('message', () => {
  ending = true
})
const begun = performance.now()
while (!ending) {
  const due = Math.floor(((performance.now() - begun) / 1000) * Number(values.rate)) - sent
  if (due > 0) {
    // what is a moment late is written late, as by a storefront
    await producer.send(
      topic,
      Array.from({ length: due }, () => record(Date.now() - Math.floor(Math.random() ** 3 * 2_000))),
    )
    sent += due
  }
  await new Promise(resolve => setTimeout(resolve, TICK_MS))
}
const seconds = (performance.now() - begun) / 1000
await producer.close()
await log.close()
process.send?.({ sent, seconds }, () => process.exit(0))
