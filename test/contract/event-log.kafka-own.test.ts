/** What only Kafka has: foreign producers, transactions, rebalances, brokers that hang, settings of topics. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { EventLog } from '@kivi/domain'
import { kafkaEventLog } from '@kivi/event-log'
import kafkajs from 'kafkajs'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { artifacts } from '../../infra/local/jars.ts'
import { KAFKA_VERSION } from '../../infra/local/kafka.ts'
import { type Generation, Group } from '../../packages/event-log/src/kafka/group.ts'
import { createCluster } from '../../packages/event-log/src/kafka/kafkajs.ts'
import { SILENT } from '../../packages/event-log/src/logger.ts'
import { createTopic, kafkaBrokers, uniqueName } from '../support/index.ts'
import { Reader } from './event-log-reader.ts'

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
const run = promisify(execFile)
const source = fileURLToPath(new URL('JavaProducer.java', import.meta.url))

let brokers: string[]
let log: EventLog
beforeEach(async () => {
  brokers = await kafkaBrokers()
  log = kafkaEventLog({ brokers })
})
afterEach(() => log.close())

/** Topics that Java's producer wrote: its start is costly, so all tests read the same. */
const written = { codecs: new Map<string, string>(), transactions: '' }
beforeAll(async () => {
  brokers = await kafkaBrokers()
  for (const codec of CODECS) written.codecs.set(codec, await createTopic({ partitions: 3 }))
  written.transactions = await createTopic({ partitions: 1 })
  await java(written.transactions, '3000', ...[...written.codecs].map(([codec, topic]) => `${codec}=${topic}`))
})

async function java(...args: string[]): Promise<void> {
  const jars = await artifacts(`kafka-${KAFKA_VERSION}`, { pom: 'pom.xml' })
  await run('java', ['-cp', join(jars, '*'), source, brokers.join(','), ...args])
}

async function admin<T>(work: (admin: kafkajs.Admin) => Promise<T>): Promise<T> {
  const client = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING }).admin()
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.disconnect()
  }
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `value ${from + i}`)

test('processes that start at once make a topic together: each finds it there', async () => {
  for (let round = 0; round < 3; round++) {
    const topic = uniqueName('together')
    const logs = Array.from({ length: 4 }, () => kafkaEventLog({ brokers }))
    try {
      const partitions = logs.map(async each => {
        await each.ensureTopic(topic, { partitions: 2 })
        return each.partitions(topic)
      })
      expect(await Promise.all(partitions)).toEqual(Array.from({ length: 4 }, () => [0, 1]))
    } finally {
      await Promise.all(logs.map(each => each.close()))
    }
  }
})

describe('compression', () => {
  test.each(CODECS)("batches of Java's producer are read: %s", async codec => {
    const topic = written.codecs.get(codec)!
    const reader = await Reader.open(log, topic, uniqueName('group'))
    await reader.caughtUpEverywhere(await log.bounds(topic))
    expect(reader.records_.length).toBe(3000)
    expect(new Set(reader.values())).toEqual(new Set(numbers(0, 3000)))
    for (const record of reader.records_) {
      const number = record.value!.slice('value '.length)
      expect(record.key).toBe(`key ${number}`)
      expect(record.headers).toEqual([['number', number]])
      expect(record.stamp).toBe(1_700_000_000_000 + Number(number))
    }
    // many batches make few sets
    expect(reader.sets.length).toBeLessThan(30)
    const middle = await log.recordAt(topic, 0, 500)
    expect(middle!.offset).toBe(500)
  })

  test.each(CODECS)('our batches are taken by the broker, which decompresses them: %s', async compression => {
    const topic = await createTopic({ partitions: 1 })
    const own = kafkaEventLog({ brokers, compression })
    try {
      const producer = await own.producer()
      const records = numbers(0, 1000).map(value => ({ key: value, value: `${value} ${'x'.repeat(100)}` }))
      await producer.send(topic, records)
      const reader = await Reader.open(log, topic, uniqueName('group'))
      await reader.until(() => reader.records_.length === 1000)
      expect(reader.values()).toEqual(records.map(record => record.value))
    } finally {
      await own.close()
    }
  })
})

describe('transactions', () => {
  test('aborted records are not delivered, and positions pass over them and over markers', async () => {
    const topic = written.transactions
    // ten records and a marker, four times
    const bounds = await log.bounds(topic)
    expect(bounds.get(0)).toEqual({ low: 0, high: 44 })
    const reader = await Reader.open(log, topic, uniqueName('group'))
    await reader.caughtUpEverywhere(bounds)
    expect(reader.values()).toEqual([...numbers(0, 10), ...numbers(20, 30)])
    let position = 0
    for (const set of reader.sets) {
      expect(set.from).toBe(position)
      position = set.to
    }
    expect(position).toBe(44)
    expect(await log.recordAt(topic, 0, 12)).toBeNull()
    expect(await log.recordAt(topic, 0, 10)).toBeNull()
    expect((await log.recordAt(topic, 0, 22))!.offset).toBe(22)
  })

  test('a fetch that holds only aborted records and markers still moves the position', async () => {
    const topic = written.transactions
    const reader = await Reader.open(log, topic, uniqueName('group'), { begin: null })
    await reader.until(() => reader.sessions.length === 1)
    await reader.session.start(0, 37)
    await reader.caughtUpEverywhere(await log.bounds(topic))
    expect(reader.records_).toEqual([])
    expect(reader.sets.map(({ count }) => count).every(count => count === 0)).toBe(true)
    expect(reader.sets[0]!.from).toBe(37)
    expect(reader.sets.at(-1)!.to).toBe(44)
  })

  test('what an open transaction holds back is not the end of the partition', async () => {
    const topic = await createTopic({ partitions: 2 })
    const reader = await Reader.open(log, topic, uniqueName('group'))
    await reader.caughtUpEverywhere(await log.bounds(topic))
    const producer = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING }).producer({
      ...{ transactionalId: uniqueName('held'), maxInFlightRequests: 1, idempotent: true },
    })
    await producer.connect()
    try {
      const transaction = await producer.transaction()
      await transaction.send({ topic, messages: [{ partition: 0, value: 'held' }] })
      const heldAt = Date.now()
      const since = (partition: number) =>
        reader.caughtUpAt.filter(one => one.partition === partition && one.asOf > heldAt)
      await reader.until(() => since(1).length >= 3)
      expect(since(0)).toEqual([])
      await transaction.commit()
      await reader.until(() => since(0).length > 0)
      expect(reader.values()).toEqual(['held'])
    } finally {
      await producer.disconnect()
    }
  })
})

async function beatUntilRefused(group: Group, generation: Generation): Promise<never> {
  for (;;) await group.heartbeat(generation)
}

test('after a failed transaction nothing is sent until the progress was asked for', async () => {
  const topic = await createTopic({ partitions: 1 })
  const group = uniqueName('group')
  const producer = await log.producer()
  const send = (position: number, partition = 0) =>
    producer.sendWithProgress(topic, [{ key: 'k', value: `${position}`, partition }], { group, position, metadata: '' })
  await send(1)
  await expect(send(2, 99)).rejects.toMatchObject({ code: 'log_misconfigured' })
  await expect(send(2)).rejects.toThrow(/ask for the progress/)
  expect(await producer.progress(topic, group)).toEqual({ position: 1, metadata: '' })
  await send(2)
  const reader = await Reader.open(log, topic, uniqueName('group'))
  await reader.caughtUpEverywhere(await log.bounds(topic))
  expect(reader.values()).toEqual(['1', '2'])
})

describe('rebalances', () => {
  test('a handler that runs when the group rebalances can still commit, and the next owner begins there', async () => {
    const topic = await createTopic({ partitions: 1 })
    const group = uniqueName('group')
    const producer = await log.producer()
    await producer.send(topic, [{ key: 'k', value: 'v' }])
    const gate = Promise.withResolvers<void>()
    const results: string[] = []
    const first = await Reader.open(log, topic, group, {
      onRecords: async session => {
        await gate.promise
        results.push(await session.commit([{ partition: 0, offset: 1, metadata: 'drained' }]))
      },
    })
    await first.until(() => first.sets.length === 1)
    const second = await Reader.open(log, topic, group)
    const third = await Reader.open(log, topic, group)
    gate.resolve()
    const all = [first, second, third]
    await Promise.all(all.map(reader => reader.until(() => reader.sessions.some(session => session.alive()))))
    await Promise.race(
      all.map(reader =>
        reader.until(() => reader.session?.alive() && reader.caughtUpAt.some(c => c.epoch === reader.session.epoch)),
      ),
    )
    expect(results).toEqual(['committed'])
    expect(all.flatMap(reader => reader.values())).toEqual(['v'])
  })

  test('a member that stops hands its partitions over at once', async () => {
    const topic = await createTopic({ partitions: 4 })
    const group = uniqueName('group')
    const first = await Reader.open(log, topic, group)
    await first.until(() => first.sessions.length === 1)
    const second = await Reader.open(log, topic, group)
    await second.until(() => second.session?.alive() && second.session.partitions.length === 2)
    const began = performance.now()
    await first.consumer.stop()
    await second.until(() => second.session.alive() && second.session.partitions.length === 4)
    // far below the session time-out of 30 s
    expect(performance.now() - began).toBeLessThan(10_000)
  })

  test("the coordinator refuses an older generation's commit, though the client believes in it", async () => {
    const topic = await createTopic({ partitions: 2 })
    const options = { topic, group: uniqueName('group'), sessionTimeoutMs: 10_000, rebalanceTimeoutMs: 10_000 }
    const clusters = await Promise.all(
      [1, 2].map(async () => {
        const cluster = createCluster({ brokers })
        await cluster.connect()
        await cluster.addTargetTopic(topic)
        return cluster
      }),
    )
    try {
      const [a, b] = clusters.map(cluster => new Group(cluster, options, SILENT)) as [Group, Group]
      const stale = await a.join()
      expect(await a.commit(stale, [{ partition: 0, offset: 0, metadata: 'first' }], () => true)).toBe('committed')
      const joining = b.join()
      await expect(beatUntilRefused(a, stale)).rejects.toMatchObject({ type: 'REBALANCE_IN_PROGRESS' })
      const [fresh] = await Promise.all([a.join(), joining])
      expect(fresh.id).toBeGreaterThan(stale.id)
      expect(await a.commit(stale, [{ partition: 0, offset: 0, metadata: 'stale' }], () => true)).toBe('refused')
      expect((await a.committed([0])).get(0)!.metadata).toBe('first')
      expect(await a.commit(fresh, [{ partition: 0, offset: 0, metadata: 'fresh' }], () => true)).toBe('committed')
      await Promise.all([a.leave(), b.leave()])
      expect(await a.commit(fresh, [{ partition: 0, offset: 0, metadata: 'gone' }], () => true)).toBe('refused')
    } finally {
      await Promise.all(clusters.map(cluster => cluster.disconnect()))
    }
  })
})

describe('topics', () => {
  test('what exactly-once needs is checked: compaction is an error, doubtful settings are warnings', async () => {
    const check = async (config: Record<string, string>) =>
      (await log.ensureTopic(await createTopic({ partitions: 1, config }), { partitions: 1 })).warnings
    const good = { 'message.timestamp.type': 'LogAppendTime' }
    expect(await check(good)).toEqual([])
    expect(await check({ ...good, 'unclean.leader.election.enable': 'true' })).toEqual([
      expect.stringContaining('unclean.leader.election.enable'),
    ])
    expect(await check({})).toEqual([expect.stringContaining('CreateTime')])
    const compacted = createTopic({ partitions: 1, config: { 'cleanup.policy': 'compact' } })
    await expect(log.ensureTopic(await compacted, { partitions: 1 })).rejects.toMatchObject({
      code: 'log_misconfigured',
      message: expect.stringContaining('cleanup.policy'),
    })
  })

  test('the stamp of a topic with LogAppendTime is the time of appending', async () => {
    const topic = await createTopic({ partitions: 1, config: { 'message.timestamp.type': 'LogAppendTime' } })
    const before = Date.now()
    await (await log.producer()).send(topic, [{ key: 'k', value: 'v', stamp: 1_000_000_000_000 }])
    expect((await log.recordAt(topic, 0, 0))!.stamp).toBeGreaterThanOrEqual(before - 1)
  })

  test('a position that retention has passed is refused, at the start and while reading', async () => {
    const topic = await createTopic({ partitions: 1 })
    const producer = await log.producer()
    await producer.send(
      topic,
      numbers(0, 10).map(value => ({ key: 'k', value })),
    )
    const reader = await Reader.open(log, topic, uniqueName('group'))
    await reader.until(() => reader.records_.length === 10)
    reader.session.pause(0)
    await producer.send(
      topic,
      numbers(10, 20).map(value => ({ key: 'k', value })),
    )
    await admin(async client => {
      await client.fetchTopicOffsets(topic)
      await client.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '15' }] })
    })
    expect((await log.bounds(topic)).get(0)).toEqual({ low: 15, high: 20 })
    const late = await Reader.open(log, topic, uniqueName('group'), { begin: null })
    await late.until(() => late.sessions.length === 1)
    await expect(late.session.start(0, 14)).rejects.toMatchObject({ code: 'position_outside_log' })
    reader.session.resume(0)
    await expect(reader.until(() => reader.records_.length > 10)).rejects.toMatchObject({
      code: 'position_outside_log',
    })
  })
})
