import { Kafka, type KafkaConfig, logLevel, type SASLOptions } from 'kafkajs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LocalKafka, startKafka } from './kafka.ts'

let kafka: LocalKafka
beforeAll(async () => {
  kafka = await startKafka({
    listeners: ['sasl_plaintext', 'ssl', 'sasl_ssl'],
    users: [{ name: 'bob', password: 'bob-secret' }],
  })
})
afterAll(() => kafka?.stop())

const topics = async (config: KafkaConfig): Promise<string[]> => {
  const admin = new Kafka({ logLevel: logLevel.NOTHING, retry: { retries: 0 }, ...config }).admin()
  try {
    await admin.connect()
    return await admin.listTopics()
  } finally {
    await admin.disconnect()
  }
}
const sasl = (mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512', password = 'bob-secret'): SASLOptions =>
  ({ mechanism, username: 'bob', password }) as SASLOptions

test.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)(
  'SASL %s lets its user in, and no other',
  async mechanism => {
    const brokers = [...kafka.secured('sasl_plaintext')]
    expect(await topics({ brokers, sasl: sasl(mechanism) })).toBeInstanceOf(Array)
    await expect(topics({ brokers, sasl: sasl(mechanism, 'wrong') })).rejects.toThrow(/auth/i)
  },
)

test('TLS is answered with a certificate that the given authority vouches for', async () => {
  const brokers = [...kafka.secured('ssl')]
  expect(await topics({ brokers, ssl: { ca: [kafka.ca!] } })).toBeInstanceOf(Array)
  await expect(topics({ brokers, ssl: true })).rejects.toThrow(/self.signed/i)
})

test('SASL over TLS needs both', async () => {
  const brokers = [...kafka.secured('sasl_ssl')]
  expect(await topics({ brokers, ssl: { ca: [kafka.ca!] }, sasl: sasl('scram-sha-512') })).toBeInstanceOf(Array)
})

test('what a killed broker had acknowledged is there when it is back, on the same port', async () => {
  const admin = new Kafka({ brokers: [...kafka.brokers], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  await admin.createTopics({ topics: [{ topic: 'kept', numPartitions: 1 }], waitForLeaders: true })
  const pid = kafka.pid()
  await kafka.kill()
  await expect(topics({ brokers: [...kafka.brokers] })).rejects.toThrow()
  await kafka.restart()
  expect(kafka.pid()).not.toBe(pid)
  expect(await topics({ brokers: [...kafka.brokers] })).toContain('kept')
  await admin.disconnect()
})
