import { randomBytes } from 'node:crypto'
import type { LogProducer, NewRecord } from '@kivi/domain'
import avro from 'avsc'
import { GENERIC_SCHEMA } from '../decode-data.ts'

/**
 * The stream of the comparison: behaviour events of two hours, 277 bytes of JSON on average, 50 campaigns, 8 channels,
 * 100,000 users, up to 30 s out of order; five of the fields nobody asks for. 70 % impressions, 20 % clicks, 6 %
 * purchases, 4 % tickets (without ids).
 */
interface StreamEvent {
  event_id: string
  event_type: string
  user_id: string
  campaign: string
  channel: string
  amount: number | null
  currency: string | null
  event_time: number
  page: string
  device: string
  session: string
  geo: string
  ip: string
  v: number
}

const START = Date.UTC(2026, 0, 1)
const SPAN = 7_200_000
const CHANNELS = ['search', 'social', 'email', 'display', 'affiliate', 'push', 'video', 'direct']
const DEVICES = ['ios', 'android', 'web', 'mac']
const PLACES = ['DE-BE', 'FR-IDF', 'GB-LND', 'US-CA', 'IN-KA', 'BR-SP']

const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)]!

function typeOf(random: number): string {
  if (random < 0.7) return 'impression'
  if (random < 0.9) return 'click'
  return random < 0.96 ? 'purchase' : 'ticket'
}

function streamEvent(i: number, of: number): StreamEvent {
  const random = randomBytes(16)
  const hex = random.toString('hex')
  const type = typeOf(Math.random())
  const bought = type === 'purchase'
  return {
    event_id: `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`,
    event_type: type,
    user_id: `u${String(Math.floor(Math.random() * 100_000)).padStart(6, '0')}`,
    campaign: `cmp-${String(Math.floor(Math.random() * 50)).padStart(2, '0')}`,
    channel: pick(CHANNELS),
    amount: bought ? Math.round(100 + Math.random() * 20_000) / 100 : null,
    currency: bought ? 'EUR' : null,
    event_time: Math.max(START, START + Math.floor((i * SPAN) / of) - Math.floor(Math.random() ** 3 * 30_000)),
    page: `/p/sku-${String(Math.floor(Math.random() * 1000)).padStart(5, '0')}?ref=${pick(CHANNELS)}`,
    device: pick(DEVICES),
    session: `s-${hex.slice(0, 8)}`,
    geo: pick(PLACES),
    ip: `10.${random[1]}.${random[2]}.${random[3]}`,
    v: 1,
  }
}

export const SCHEMA_ID = 1

/** Sends the stream twice, as JSON and as Avro in the Confluent wire format. */
export async function fill(
  producer: LogProducer,
  topics: { json: string; avro: string },
  count: number,
): Promise<void> {
  const type = avro.Type.forSchema(GENERIC_SCHEMA as avro.Schema, { wrapUnions: false })
  const header = Buffer.of(0, 0, 0, 0, SCHEMA_ID)
  const size = 5000
  for (let from = 0; from < count; from += size) {
    const json: NewRecord[] = []
    const binary: NewRecord[] = []
    for (let i = from; i < Math.min(count, from + size); i++) {
      const event = streamEvent(i, count)
      const { amount, currency, ...rest } = event
      const text = JSON.stringify(amount === null ? rest : { ...rest, amount, currency })
      json.push({ key: event.user_id, value: Buffer.from(text) })
      binary.push({ key: event.user_id, value: Buffer.concat([header, type.toBuffer(event)]) })
    }
    await Promise.all([producer.send(topics.json, json), producer.send(topics.avro, binary)])
  }
}
