/**
 * Everything that a topic may hold and should not, through real Kafka, a real Schema Registry and worker processes:
 * each bad message ends as its dead letter or in the ledger's column for it, and those before and after it in its
 * partition are counted.
 */
import { randomBytes } from 'node:crypto'
import { parseDeadLetter } from '@kivi/decoding'
import { type LogRecord, REJECTION_REASONS, type RejectionReason } from '@kivi/domain'
import { type IHeaders, Kafka, logLevel, type Message, type Producer } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTopic, kafkaBrokers } from '../support/index.ts'
import { type Installation, reconciled, startDistributed } from './support/installation.ts'
import { confluent, type RegistryDoor, registered, registryDoor } from './support/registry.ts'

const NOW = Date.now()
const TIME = { name: 'event_time', type: { type: 'long', logicalType: 'timestamp-millis' } }
const PURCHASE = [{ name: 'event_id', type: 'string' }, TIME, { name: 'amount', type: 'double' }]
/** What Kafka itself takes where nobody says otherwise. */
const KAFKA_LIMIT = String(1_048_588)

const json = (id: string, amount: number | string = 1, more = '', time: number | string = NOW) =>
  Buffer.from(`{"event_id":"${id}","event_type":"purchase","event_time":${time},"amount":${amount}${more}}`)

interface Bad {
  readonly what: string
  readonly value: Buffer | null
  /** null: any that is documented */
  readonly reason: RejectionReason | null
}
type Encode = (value: object) => Buffer

function badMessages(purchase: Encode, stock: Encode, pageless: Encode): Bad[] {
  const deep = `,"x":${'['.repeat(100_000)}${']'.repeat(100_000)}`
  const whole = purchase({ event_id: 'x', event_time: NOW, amount: 1 })
  const cases: [what: string, value: Buffer | string | null, reason: RejectionReason][] = [
    ['a tombstone', null, 'tombstone'],
    ['an empty message', '', 'empty'],
    ['Avro cut off', whole.subarray(0, -3), 'invalid_avro'],
    ['Avro of which only the schema id is there', whole.subarray(0, 5), 'invalid_avro'],
    ['a schema id cut off', whole.subarray(0, 3), 'invalid_avro'],
    ['Avro with bytes behind it', Buffer.concat([whole, whole]), 'invalid_avro'],
    ['a schema id that the registry does not know', confluent(2_000_000_000, whole), 'unknown_schema'],
    ['a fingerprint that nobody knows', Buffer.of(0xc3, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9), 'unknown_schema'],
    ['a schema without a required field', pageless({ event_id: 'x', event_time: NOW }), 'incompatible_schema'],
    ['a text for an amount', json('x', '"12"'), 'wrong_type'],
    ['a number for a text', json('x', 1, ',"user_id":12'), 'wrong_type'],
    [
      'a fraction for a whole number',
      json('x', 1, ',"results":1.5').toString().replace('purchase', 'search'),
      'wrong_type',
    ],
    ['no amount', json('x', 'null'), 'missing_field'],
    ['no event_id', json(''), 'missing_field'],
    ['an object without anything', '{}', 'missing_field'],
    ['NaN in JSON', json('x', 'NaN'), 'invalid_json'],
    ['NaN in Avro', purchase({ event_id: 'x', event_time: NOW, amount: Number.NaN }), 'out_of_range'],
    ['infinity in Avro', purchase({ event_id: 'x', event_time: NOW, amount: Infinity }), 'out_of_range'],
    ['a number beyond doubles', json('x', '1e400'), 'out_of_range'],
    ['a number beyond exact sums', json('x', '1e13'), 'out_of_range'],
    ['2^53 + 1 in JSON', json('x', 1, ',"quantity":9007199254740993'), 'out_of_range'],
    ['2^53 + 1 in Avro', stock({ event_id: 'x', event_time: NOW, amount: 1, quantity: 2 ** 52 }), 'out_of_range'],
    ['JSON nested 100,000 deep', json('x', 1, deep), 'too_deep'],
    ['10 MB of JSON', json('x', 1, `,"x":"${'x'.repeat(10_000_000)}"`), 'too_large'],
    ['10 MB of anything', randomBytes(10_000_000), 'too_large'],
    ['bytes that are no UTF-8', Buffer.from(json('x', 1, ',"campaign":"\u00ff"').toString(), 'latin1'), 'invalid_utf8'],
    ['half a character', json('x', 1, ',"campaign":"\\ud83d"'), 'invalid_utf8'],
    ['an event type that nobody declared', json('x').toString().replace('purchase', 'teleport'), 'unknown_event_type'],
    ['an event time in words', json('x', 1, '', '"yesterday"'), 'invalid_time'],
    ['an event time in nanoseconds', json('x', 1, '', `${NOW}000000`), 'invalid_time'],
    [
      'a score beyond its scale',
      json('x', 1, ',"survey":"nps","score":11').toString().replace('purchase', 'survey'),
      'invalid_value',
    ],
    ['XML', '<event/>', 'unknown_format'],
    ['a list', `[${json('x')}]`, 'invalid_json'],
  ]
  return [
    ...cases.map(([what, value, reason]) => ({
      what,
      value: typeof value === 'string' ? Buffer.from(value) : value,
      reason,
    })),
    ...Array.from({ length: 300 }, (_, i) => ({ what: 'random bytes', value: randomBytes(1 + i * 3), reason: null })),
    // what looks like each of the formats at first
    ...['00', 'c301', '7b', '000000000001', '7b22'].flatMap(start =>
      Array.from({ length: 20 }, () => ({
        what: `random bytes behind ${start}`,
        value: Buffer.concat([Buffer.from(start, 'hex'), randomBytes(40)]),
        reason: null,
      })),
    ),
  ]
}

async function withProducer<T>(work: (producer: Producer) => Promise<T>): Promise<T> {
  const producer = new Kafka({ brokers: await kafkaBrokers(), logLevel: logLevel.NOTHING }).producer()
  await producer.connect()
  try {
    return await work(producer)
  } finally {
    await producer.disconnect()
  }
}

/** Settles when the ledger has as many records as the topic. */
async function allRead(kivi: Installation): Promise<void> {
  const bounds = await kivi.log.bounds(kivi.topic)
  const records = [...bounds.values()].reduce((sum, { low, high }) => sum + high - low, 0)
  await expect
    .poll(async () => (await kivi.rows<{ n: number }>('SELECT sum(records) AS n FROM ledger'))[0]!.n, {
      timeout: 40_000,
      message: `${records} records in the ledger\n${kivi.output().slice(-3000)}`,
    })
    .toBe(records)
}

async function deadLetters(kivi: Installation): Promise<LogRecord[]> {
  const topic = kivi.env['KIVI_TOPIC_DEAD']!
  const found: LogRecord[] = []
  for (const [partition, { low, high }] of await kivi.log.bounds(topic))
    for (let offset = low; offset < high; offset++) {
      const record = await kivi.log.recordAt(topic, partition, offset)
      if (record !== null) found.push(record)
    }
  return found
}

const today = async (kivi: Installation, id: string) =>
  (
    await kivi.get<{ value: number }>(
      `/v1/indicators/${id}/value?from=${new Date(Math.floor(NOW / 10_000) * 10_000).toISOString()}&to=${new Date(Math.floor(NOW / 10_000) * 10_000 + 10_000).toISOString()}`,
    )
  ).value

describe('bad input among good', () => {
  let door: RegistryDoor
  let kivi: Installation
  let purchase: Encode
  beforeAll(async () => {
    door = await registryDoor()
    purchase = await registered(PURCHASE)
    const config = { 'max.message.bytes': '12000000', 'message.timestamp.type': 'LogAppendTime' }
    const topic = await createTopic({ partitions: 2, config })
    kivi = await startDistributed({
      KIVI_TOPIC_EVENTS: topic,
      KIVI_TOPIC_DEAD: `${topic}.dead`,
      KIVI_SCHEMA_REGISTRY_URL: door.url,
    })
  }, 900_000)
  afterAll(async () => {
    await kivi?.[Symbol.asyncDispose]()
    await door?.[Symbol.asyncDispose]()
  })

  test('each ends as its dead letter, and its neighbours are counted', async () => {
    const stock = await registered([...PURCHASE, { name: 'quantity', type: 'long' }])
    const pageless = await registered(PURCHASE.slice(0, 2))
    const bad = badMessages(purchase, stock, pageless)
    // too late and too early are no dead letters: valid events, set aside by their time
    const aside = [
      json('1970', 1, '', 0),
      json('1970 text', 1, '', '"1970-01-01T00:00:00Z"'),
      json('2200', 1, '', '"2200-01-01T00:00:00Z"'),
      purchase({ event_id: '1970 avro', event_time: 1, amount: 1 }),
      purchase({ event_id: '2200 avro', event_time: Date.UTC(2200, 0), amount: 1 }),
    ]
    const headersOf = (index: number): IHeaders => ({ case: String(index), twice: ['a', Buffer.of(0xff, 0)], none: '' })
    const good = (i: number, which: string) =>
      i % 2 === 0
        ? json(`good-${i}-${which}`, i + 0.25)
        : purchase({ event_id: `good-${i}-${which}`, event_time: NOW, amount: i + 0.25 })
    const messages = [
      ...bad.map(({ value }, i) => ({ value, headers: headersOf(i) })),
      ...aside.map(value => ({ value })),
    ]
    await withProducer(async producer => {
      for (const [i, message] of messages.entries()) {
        const between: Message = { ...message, key: i % 3 === 0 ? null : Buffer.of(i, 0xff) }
        await producer.send({
          topic: kivi.topic,
          messages: [{ value: good(i, 'before') }, between, { value: good(i, 'after') }].map(each => ({
            ...each,
            partition: i % 2,
          })),
        })
      }
    })
    await allRead(kivi)

    const seen = new Map<number, string>()
    for (const record of await deadLetters(kivi)) {
      const letter = parseDeadLetter(record)!
      const original = (await kivi.log.recordAt(letter.topic, letter.partition, letter.offset))!
      const index = Number(Buffer.from(original.headers.find(([name]) => name === 'case')![1]!).toString())
      const { what, value, reason } = bad[index]!
      expect(letter, what).toMatchObject({ topic: kivi.topic, partition: index % 2, stamp: original.stamp })
      expect(Object.keys(REJECTION_REASONS), what).toContain(letter.reason)
      if (reason !== null) expect([what, letter.reason]).toEqual([what, reason])
      expect(letter.detail, what).toMatch(/\S/)
      expect(same(record.value, value) && same(letter.original.value, original.value), `${what}: its bytes`).toBe(true)
      expect(same(record.key, original.key), `${what}: its key`).toBe(true)
      expect(letter.original.headers!.map(bytes), `${what}: its headers`).toEqual(original.headers.map(bytes))
      seen.set(index, letter.id)
    }
    expect(bad.filter((_, index) => !seen.has(index)).map(({ what }) => what)).toEqual([])

    const totals = await reconciled(kivi)
    expect(totals).toMatchObject({ rejected: bad.length, too_late: 3, too_early: 2, duplicate: 0 })
    expect(totals.accepted).toBe(2 * messages.length)
    await expect.poll(() => today(kivi, 'purchases'), { timeout: 10_000 }).toBe(2 * messages.length)
    const amounts = messages.reduce((sum, _, i) => sum + 2 * (i + 0.25), 0)
    expect(await today(kivi, 'revenue')).toBe(amounts)
  })

  test('while the Schema Registry is down its partition waits and rejects nothing, the others go on, and then all is counted', async () => {
    const before = await reconciled(kivi)
    const other = await registered([...PURCHASE, { name: 'channel', type: 'string' }])
    await door.shut()
    await withProducer(async producer => {
      await producer.send({
        topic: kivi.topic,
        messages: Array.from({ length: 100 }, (_, i) => ({
          partition: 0,
          value:
            i % 2 === 0
              ? other({ event_id: `down-${i}`, event_time: NOW, amount: 1, channel: 'search' })
              : json(`down-${i}`),
        })),
      })
    })
    await expect.poll(() => kivi.output(), { timeout: 30_000 }).toMatch(/cannot [^"]* now \([^"]*Schema Registry/)
    await withProducer(producer =>
      producer.send({
        topic: kivi.topic,
        messages: Array.from({ length: 100 }, (_, i) => ({ partition: 1, value: json(`up-${i}`) })),
      }),
    )
    const accepted = async () => (await reconciled(kivi)).accepted - before.accepted
    await expect.poll(accepted, { timeout: 30_000 }).toBe(100)
    await door.open()
    await allRead(kivi)
    const after = await reconciled(kivi)
    expect(after).toMatchObject({ accepted: before.accepted + 200, rejected: before.rejected })
  })
})

describe("bad input in topics with Kafka's own limit of 1 MB", () => {
  test.each([
    ['made by Kivi', false],
    ['made by somebody else', true],
  ])('dead letters of more than one request are written, to a topic %s', async (_, made) => {
    const config = { 'max.message.bytes': KAFKA_LIMIT }
    const topic = await createTopic({ partitions: 1, config })
    if (made) await createTopic({ topic: `${topic}.dead`, partitions: 1, config })
    // all of them before the worker starts, so that they are of one batch
    const longest = made ? 900_000 : 1_048_400
    const values = [...Array.from({ length: 1_000 }, () => randomBytes(3_000)), randomBytes(longest)]
    await withProducer(async producer => {
      for (let i = 0; i < values.length; i += 250)
        await producer.send({ topic, messages: values.slice(i, Math.min(i + 250, 1_000)).map(value => ({ value })) })
      await producer.send({ topic, messages: [{ value: values.at(-1)! }, { value: json('good') }] })
    })
    await using kivi = await startDistributed({ KIVI_TOPIC_EVENTS: topic, KIVI_TOPIC_DEAD: `${topic}.dead` })
    await allRead(kivi)
    expect(await reconciled(kivi)).toMatchObject({ rejected: values.length, accepted: 1 })
    const bounds = await kivi.log.bounds(`${topic}.dead`)
    expect([...bounds.values()].reduce((sum, { low, high }) => sum + high - low, 0)).toBe(values.length)
  })
})

const same = (a: Uint8Array | string | null, b: Uint8Array | null): boolean =>
  a === null || b === null ? a === b : Buffer.compare(Buffer.from(a as Uint8Array), Buffer.from(b)) === 0

const bytes = ([name, value]: readonly [string, Uint8Array | string | null]) => [
  name,
  Buffer.from((value ?? '') as Uint8Array).toString('hex'),
]
