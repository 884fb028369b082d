/** Kafka behind TLS and SASL, and brokers that hang or die; on a broker of its own. */
import type { EventLog } from '@kivi/domain'
import { type KafkaOptions, kafkaEventLog } from '@kivi/event-log'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type LocalKafka, startKafka } from '../../infra/local/kafka.ts'
import { uniqueName } from '../support/index.ts'
import { Contender } from './contender.ts'
import { Reader } from './event-log-reader.ts'

let kafka: LocalKafka
const opened: EventLog[] = []
beforeAll(async () => {
  kafka = await startKafka({
    listeners: ['sasl_plaintext', 'ssl', 'sasl_ssl'],
    users: [{ name: 'carol', password: 'carol-secret' }],
  })
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map(log => log.close()))
})
afterAll(() => kafka?.stop())

function open(options: KafkaOptions): EventLog {
  const log = kafkaEventLog(options)
  opened.push(log)
  return log
}

/** Through the whole adapter: topic, producer, transaction, group. */
async function worksThrough(options: KafkaOptions): Promise<void> {
  const log = open(options)
  const topic = uniqueName('topic')
  const group = uniqueName('group')
  await log.ensureTopic(topic, { partitions: 2 })
  const producer = await log.producer()
  await producer.send(topic, [{ key: 'a', value: 'one' }])
  await producer.sendWithProgress(topic, [{ key: 'a', value: 'two' }], { group, position: 1, metadata: 'm' })
  const reader = await Reader.open(log, topic, uniqueName('group'))
  await reader.until(() => reader.records_.length === 2)
  expect(reader.values()).toEqual(['one', 'two'])
  expect(await reader.session.commit([{ partition: 0, offset: 0, metadata: 'm' }])).toBe('committed')
}

const sasl = (mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512', password = 'carol-secret') => ({
  mechanism,
  username: 'carol',
  password,
})

describe('security', () => {
  test.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)('SASL %s', async mechanism => {
    const brokers = kafka.secured('sasl_plaintext')
    await worksThrough({ brokers, sasl: sasl(mechanism) })
    const refused = { code: 'log_misconfigured', message: expect.stringMatching(/auth/i) }
    await expect(open({ brokers, sasl: sasl(mechanism, 'wrong') }).partitions('t')).rejects.toMatchObject(refused)
  })

  test('TLS, with the authority that is given', async () => {
    const brokers = kafka.secured('ssl')
    await worksThrough({ brokers, tls: { ca: [kafka.ca!] } })
    await expect(open({ brokers, tls: true }).partitions('t')).rejects.toThrow(/self.signed/i)
  })

  test('SASL over TLS', async () => {
    await worksThrough({ brokers: kafka.secured('sasl_ssl'), tls: { ca: [kafka.ca!] }, sasl: sasl('scram-sha-512') })
  })
})

describe('outages', () => {
  test('a commit that gets no answer is ambiguous; after rejoining all goes on', async () => {
    const log = open({ brokers: kafka.brokers, requestTimeoutMs: 1_500 })
    const topic = uniqueName('topic')
    await log.ensureTopic(topic, { partitions: 1 })
    const producer = await log.producer()
    await producer.send(topic, [{ key: 'k', value: 'v' }])
    const reader = await Reader.open(log, topic, uniqueName('group'))
    await reader.until(() => reader.records_.length === 1)
    const { session } = reader
    const lease = session.leaseUntil()
    process.kill(kafka.pid(), 'SIGSTOP')
    let result: string
    try {
      result = await session.commit([{ partition: 0, offset: 1, metadata: 'unanswered' }])
      // no acknowledged heartbeat, no longer lease: at most the one that was under way
      expect(session.leaseUntil() - lease).toBeLessThan(2_000)
    } finally {
      process.kill(kafka.pid(), 'SIGCONT')
    }
    expect(result).toBe('ambiguous')
    session.rejoin('the commit was ambiguous')
    await reader.until(() => reader.sessions.length === 2)
    expect(await session.commit([{ partition: 0, offset: 1, metadata: 'stale' }])).toBe('refused')
    expect(await reader.session.commit([{ partition: 0, offset: 1, metadata: 'new' }])).toBe('committed')
    expect((await reader.session.committed()).get(0)!.metadata).toBe('new')
  })

  test('an append that gets no answer ends the leadership with its lease; what became of it is in the next state', async () => {
    const log = open({ brokers: kafka.brokers, requestTimeoutMs: 1_500 })
    const states = await log.states(uniqueName('states'))
    const leader = await Contender.open(states, 'leader', { sessionTimeoutMs: 2_000 })
    const leadership = await leader.leads()
    expect(await leadership.append([{ key: 'a', value: 'before' }])).toBe('appended')
    process.kill(kafka.pid(), 'SIGSTOP')
    const began = performance.now()
    try {
      expect(await leadership.append([{ key: 'a', value: 'unanswered' }])).toBe('ended')
      // by the lease, or by the time-out of the request, never by waiting for Kafka
      expect(performance.now() - began).toBeLessThan(5_000)
      expect(leadership.leads()).toBe(false)
    } finally {
      process.kill(kafka.pid(), 'SIGCONT')
    }
    const next = await leader.leads(2)
    expect(['before', 'unanswered']).toContain(leader.term.state.get('a'))
    expect(next.epoch).toBeGreaterThan(leadership.epoch)
    expect(await next.append([{ key: 'a', value: 'after' }])).toBe('appended')
    // nothing of the old leadership comes after the new one's take-over
    const values: (string | null)[] = []
    for (let at = next.epoch; ; ) {
      const read = await states.read(at)
      values.push(...read.records.map(({ value }) => value))
      at = read.next
      if (read.end) break
    }
    expect(values).toEqual(['leader', 'after'])
  })

  test('a broker that is killed and comes back is read on, nothing twice within a session', async () => {
    const log = open({ brokers: kafka.brokers })
    const topic = uniqueName('topic')
    await log.ensureTopic(topic, { partitions: 2 })
    const producer = await log.producer()
    await producer.send(topic, [{ key: 'a', value: 'before' }])
    const reader = await Reader.open(log, topic, uniqueName('group'))
    await reader.until(() => reader.values().includes('before'))
    await kafka.kill()
    await kafka.restart()
    const after = await log.producer()
    for (let sent = false; !sent; )
      sent = await after.send(topic, [{ key: 'a', value: 'after' }]).then(
        () => true,
        () => false,
      )
    await reader.until(() => reader.values().includes('after'))
    expect(reader.errors).toEqual([])
    const seen = reader.records_.map(record => `${record.epoch} ${record.partition} ${record.offset}`)
    expect(new Set(seen).size).toBe(seen.length)
  })

  test('Kafka that is not there is an error that says so, and stopping does not wait for it', async () => {
    const log = open({ brokers: ['127.0.0.1:1'] })
    const unreachable = { code: 'log_unreachable' }
    await expect(log.partitions('t')).rejects.toMatchObject(unreachable)
    await expect(log.producer()).rejects.toMatchObject(unreachable)
    await expect(Reader.open(log, 't', 'g')).rejects.toMatchObject(unreachable)
  })
})
