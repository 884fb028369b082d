/** What every event log promises; run for each adapter by the tests beside this file. */
import { randomBytes } from 'node:crypto'
import type { EventLog, LogProducer, NewRecord } from '@kivi/domain'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Reader, type ReaderOptions } from './event-log-reader.ts'

export interface EventLogUnderTest {
  /** a client of its own, as another process would have it; closed by the suite */
  open(): EventLog | Promise<EventLog>
  /** a fresh topic that takes messages of 10 MB */
  createTopic(partitions: number): Promise<string>
  /** a fresh name for a group */
  group(): string
  dispose?(): Promise<void>
}

/** @param takeOver what a second consumer of the group does to the first: shares with it, or shuts it out */
export function describeEventLog(
  name: string,
  make: () => Promise<EventLogUnderTest>,
  takeOver: 'shares' | 'fences',
): void {
  describe(`event log: ${name}`, () => {
    let under: EventLogUnderTest
    let opened: EventLog[]
    let log: EventLog
    let producer: LogProducer

    beforeEach(async () => {
      under = await make()
      opened = []
      log = await open()
      producer = await log.producer()
    })

    afterEach(async () => {
      await Promise.all(opened.map(each => each.close()))
      await under.dispose?.()
    })

    async function open(): Promise<EventLog> {
      const client = await under.open()
      opened.push(client)
      return client
    }

    const read = (topic: string, group: string, options?: ReaderOptions) => Reader.open(log, topic, group, options)

    const numbered = (from: number, to: number, partition?: number): NewRecord[] =>
      Array.from({ length: to - from }, (_, i) => ({
        key: `key ${from + i}`,
        value: `value ${from + i}`,
        ...(partition === undefined ? {} : { partition }),
      }))

    const values = (from: number, to: number) => numbered(from, to).map(record => record.value)

    describe('delivery', () => {
      test('records of a partition come in the order they were sent, with gapless positions', async () => {
        const topic = await under.createTopic(2)
        for (let i = 0; i < 20; i++) await producer.send(topic, numbered(i * 50, i * 50 + 50, i % 2))
        const reader = await read(topic, under.group(), { maxBytesPerPartition: 2048 })
        await reader.until(() => reader.records_.length === 1000)
        for (const partition of [0, 1]) {
          const delivered = reader.records_.filter(record => record.partition === partition)
          expect(delivered.map(record => record.offset)).toEqual(Array.from({ length: 500 }, (_, i) => i))
          const sent = Array.from({ length: 20 }, (_, i) => i).filter(i => i % 2 === partition)
          expect(delivered.map(record => record.value)).toEqual(sent.flatMap(i => values(i * 50, i * 50 + 50)))
          let position = 0
          for (const set of reader.sets.filter(set => set.partition === partition)) {
            expect(set.from).toBe(position)
            position = set.to
          }
          expect(position).toBe(500)
        }
      })

      test('keys, values, stamps and headers arrive as they were sent, null and empty ones too', async () => {
        const topic = await under.createTopic(1)
        const stamp = Date.now() - 1000
        await producer.send(topic, [
          {
            key: 'k',
            value: 'v',
            stamp,
            headers: [
              ['reason', 'because'],
              ['bytes', Buffer.from([1, 2])],
            ],
          },
          { key: null, value: 'no key', stamp: stamp + 5 },
          { key: 'tombstone', value: null, stamp: stamp - 7, headers: [['h', '']] },
          { key: '', value: '', stamp },
          { key: 'ключ 键', value: 'é\u0000ü', stamp },
        ])
        const reader = await read(topic, under.group())
        await reader.until(() => reader.records_.length === 5)
        expect(reader.records_.map(({ key, value, stamp, headers }) => ({ key, value, stamp, headers }))).toEqual([
          {
            key: 'k',
            value: 'v',
            stamp,
            headers: [
              ['reason', 'because'],
              ['bytes', '\u0001\u0002'],
            ],
          },
          { key: null, value: 'no key', stamp: stamp + 5, headers: [] },
          { key: 'tombstone', value: null, stamp: stamp - 7, headers: [['h', '']] },
          { key: '', value: '', stamp, headers: [] },
          { key: 'ключ 键', value: 'é\u0000ü', stamp, headers: [] },
        ])
      })

      test('a stamp that is not given is the time of sending', async () => {
        const topic = await under.createTopic(1)
        const before = Date.now()
        await producer.send(topic, [{ key: null, value: 'v' }])
        const record = await log.recordAt(topic, 0, 0)
        expect(record!.stamp).toBeGreaterThanOrEqual(before)
        expect(record!.stamp).toBeLessThanOrEqual(Date.now())
      })

      test('one byte follows the last value, and may be overwritten while the set is held', async () => {
        const topic = await under.createTopic(1)
        await producer.send(topic, numbered(0, 10))
        const room: number[] = []
        const reader = await read(topic, under.group(), {
          onRecords: async (_, set) => {
            for (let row = 0; row < set.count; row++) {
              const end = set.valueEnd[row]!
              room.push(set.bytes.length - end)
              const kept = set.bytes[end]!
              set.bytes[end] = 0
              set.bytes[end] = kept
            }
          },
        })
        await reader.until(() => room.length === 10)
        expect(Math.min(...room)).toBeGreaterThanOrEqual(1)
        expect(reader.values()).toEqual(values(0, 10))
      })

      test('messages of 10 MB come through whole, their neighbours too', async () => {
        const topic = await under.createTopic(1)
        const large = randomBytes(10_000_000 / 2).toString('hex')
        await producer.send(topic, [{ key: 'before', value: 'before' }])
        await producer.send(topic, [{ key: 'large', value: large }])
        await producer.send(topic, [{ key: 'after', value: 'after' }])
        const reader = await read(topic, under.group())
        await reader.until(() => reader.records_.length === 3)
        expect(reader.values()[0]).toBe('before')
        expect(reader.values()[1] === large).toBe(true)
        expect(reader.values()[2]).toBe('after')
      })

      test('a record that another client appends wakes a waiting consumer', async () => {
        const topic = await under.createTopic(2)
        const reader = await read(topic, under.group())
        await reader.until(() => reader.caughtUpAt.length >= 2)
        const other = await (await open()).producer()
        await other.send(topic, [{ key: 'a', value: 'from elsewhere' }])
        await reader.until(() => reader.records_.length === 1)
        expect(reader.values()).toEqual(['from elsewhere'])
      })

      test('the end of a partition is told, and told again while it stays silent', async () => {
        const topic = await under.createTopic(1)
        await producer.send(topic, numbered(0, 5))
        const begun = Date.now()
        const reader = await read(topic, under.group())
        await reader.until(() => reader.caughtUpAt.filter(each => each.position === 5).length >= 3)
        expect(reader.caughtUpAt.every(each => each.position === 5)).toBe(true)
        expect(reader.records_.length).toBe(5)
        // each says when the log was asked
        const asked = reader.caughtUpAt.map(({ asOf }) => asOf)
        expect(asked).toEqual([begun, ...asked, Date.now()].sort((a, b) => a - b).slice(1, -1))
      })
    })

    describe('flow', () => {
      test('a partition waits for its handler, others go on', async () => {
        const topic = await under.createTopic(2)
        await producer.send(topic, [...numbered(0, 500, 0), ...numbered(0, 5, 1)])
        const gate = Promise.withResolvers<void>()
        let running = 0
        let mostRunning = 0
        const reader = await read(topic, under.group(), {
          maxBytesPerPartition: 512,
          onRecords: async (_, set) => {
            if (set.partition !== 0) return
            mostRunning = Math.max(mostRunning, ++running)
            await gate.promise
            running--
          },
        })
        await reader.until(() => reader.sets.some(set => set.partition === 0))
        await producer.send(topic, numbered(5, 10, 1))
        await reader.until(() => reader.values(1).length === 10)
        expect(reader.sets.filter(set => set.partition === 0).length).toBe(1)
        gate.resolve()
        await reader.until(() => reader.values(0).length === 500)
        expect(mostRunning).toBe(1)
      })

      test('a paused partition delivers nothing until it is resumed, and then goes on where it was', async () => {
        const topic = await under.createTopic(2)
        await producer.send(topic, [...numbered(0, 10, 0), ...numbered(0, 10, 1)])
        const reader = await read(topic, under.group())
        await reader.until(() => reader.records_.length === 20)
        reader.session.pause(0)
        await producer.send(topic, [...numbered(10, 20, 0), ...numbered(10, 20, 1)])
        await reader.until(() => reader.values(1).length === 20)
        const position = reader.caughtUpAt.length
        await reader.until(() => reader.caughtUpAt.length > position + 2)
        expect(reader.values(0)).toEqual(values(0, 10))
        reader.session.resume(0)
        await reader.until(() => reader.values(0).length === 20)
        expect(reader.values(0)).toEqual(values(0, 20))
      })

      test('pausing within a handler keeps back the next set', async () => {
        const topic = await under.createTopic(1)
        await producer.send(topic, numbered(0, 5))
        const reader = await read(topic, under.group(), {
          onRecords: async session => session.pause(0),
        })
        await reader.until(() => reader.records_.length === 5)
        await producer.send(topic, numbered(5, 10))
        expect((await log.bounds(topic)).get(0)!.high).toBe(10)
        expect(reader.records_.length).toBe(5)
        reader.session.resume(0)
        await reader.until(() => reader.records_.length === 10)
        expect(reader.values()).toEqual(values(0, 10))
      })

      test('starting a partition again delivers from the position named, exactly', async () => {
        const topic = await under.createTopic(1)
        await producer.send(topic, numbered(0, 100))
        const reader = await read(topic, under.group())
        await reader.until(() => reader.caughtUpAt.length > 0)
        await reader.session.start(0, 37)
        await reader.until(() => reader.records_.length === 163)
        expect(reader.values()).toEqual([...values(0, 100), ...values(37, 100)])
        const again = reader.sets.find(set => set.from === 37)
        expect(again).toBeDefined()
      })

      test('a position outside the log is refused before anything is delivered', async () => {
        const topic = await under.createTopic(1)
        await producer.send(topic, numbered(0, 3))
        const reader = await read(topic, under.group(), { begin: null })
        await reader.until(() => reader.sessions.length === 1)
        await expect(reader.session.start(0, 4)).rejects.toMatchObject({ code: 'position_outside_log' })
        await expect(reader.session.start(0, -1)).rejects.toMatchObject({ code: 'position_outside_log' })
        await reader.session.start(0, 3)
        await producer.send(topic, numbered(3, 4))
        await reader.until(() => reader.records_.length === 1)
        expect(reader.values()).toEqual(values(3, 4))
      })

      test('nothing is delivered before a partition is started', async () => {
        const topic = await under.createTopic(2)
        await producer.send(topic, [...numbered(0, 5, 0), ...numbered(0, 5, 1)])
        const reader = await read(topic, under.group(), { begin: null })
        await reader.until(() => reader.sessions.length === 1)
        await reader.session.start(1, 0)
        await reader.until(() => reader.values(1).length === 5)
        expect(reader.values(0)).toEqual([])
      })

      test('a handler that rejects stops the consumer, loudly', async () => {
        const topic = await under.createTopic(1)
        await producer.send(topic, numbered(0, 5))
        const reader = await read(topic, under.group(), {
          onRecords: async () => {
            throw new Error('broken on purpose')
          },
        })
        await expect(reader.until(() => false)).rejects.toThrow('broken on purpose')
        expect(reader.sets.length).toBe(1)
        await reader.consumer.stop()
        expect(reader.errors.length).toBe(1)
      })
    })

    describe('groups', () => {
      test('what is committed comes back with its metadata, to the next consumer of the group only', async () => {
        const topic = await under.createTopic(2)
        const group = under.group()
        await producer.send(topic, [...numbered(0, 10, 0), ...numbered(0, 10, 1)])
        const first = await read(topic, group)
        await first.until(() => first.records_.length === 20)
        expect((await first.session.committed()).size).toBe(0)
        const metadata = JSON.stringify({ to: 9, text: 'é 键', long: 'x'.repeat(900) })
        const commits = [
          { partition: 0, offset: 4, metadata },
          { partition: 1, offset: 10, metadata: '' },
        ]
        expect(await first.session.commit(commits)).toBe('committed')
        expect(await first.session.commit([{ partition: 1, offset: 7, metadata: 'lower' }])).toBe('committed')
        await first.consumer.stop()
        const second = await Reader.open(await open(), topic, group)
        await second.until(() => second.records_.length === 9)
        const committed = await second.session.committed()
        expect(committed.get(0)).toEqual({ offset: 4, metadata })
        expect(committed.get(1)).toEqual({ offset: 7, metadata: 'lower' })
        expect(second.values(0)).toEqual(values(4, 10))
        expect(second.values(1)).toEqual(values(7, 10))
        const stranger = await Reader.open(await open(), topic, under.group(), { begin: null })
        await stranger.until(() => stranger.sessions.length === 1)
        expect((await stranger.session.committed()).size).toBe(0)
      })

      test('a commit is possible though nothing was ever delivered', async () => {
        const topic = await under.createTopic(1)
        const reader = await read(topic, under.group(), { begin: null })
        await reader.until(() => reader.sessions.length === 1)
        expect(await reader.session.commit([{ partition: 0, offset: 0, metadata: 'idle' }])).toBe('committed')
        expect((await reader.session.committed()).get(0)).toEqual({ offset: 0, metadata: 'idle' })
      })

      test('after rejoining, the older session is dead and its commits are refused', async () => {
        const topic = await under.createTopic(1)
        await producer.send(topic, numbered(0, 10))
        const reader = await read(topic, under.group())
        await reader.until(() => reader.records_.length === 10)
        const old = reader.session
        expect(old.alive()).toBe(true)
        expect(old.leaseUntil()).toBeGreaterThan(performance.now())
        old.rejoin('the test says so')
        expect(old.alive()).toBe(false)
        expect(old.leaseUntil()).toBe(0)
        expect(await old.commit([{ partition: 0, offset: 5, metadata: 'stale' }])).toBe('refused')
        await reader.until(() => reader.sessions.length === 2)
        expect(reader.session.epoch).toBe(old.epoch + 1)
        expect(await old.commit([{ partition: 0, offset: 6, metadata: 'stale' }])).toBe('refused')
        expect((await reader.session.committed()).size).toBe(0)
        expect(await reader.session.commit([{ partition: 0, offset: 7, metadata: 'new' }])).toBe('committed')
        await reader.until(() => reader.records_.length === 20)
      })

      test('a new session has forgotten pauses and positions of the older one', async () => {
        const topic = await under.createTopic(1)
        await producer.send(topic, numbered(0, 10))
        const reader = await read(topic, under.group())
        await reader.until(() => reader.records_.length === 10)
        await reader.session.start(0, 8)
        reader.session.pause(0)
        reader.session.rejoin('the test says so')
        await reader.until(() => reader.records_.filter(record => record.epoch === 2).length === 10)
        const again = reader.records_.filter(record => record.epoch === 2)
        expect(again.map(record => record.value)).toEqual(values(0, 10))
      })

      test('a second consumer takes partitions over: no partition has two live owners', async () => {
        const topic = await under.createTopic(4)
        const group = under.group()
        const first = await read(topic, group, { begin: null })
        await first.until(() => first.sessions.length === 1)
        const old = first.session
        expect([...old.partitions]).toEqual([0, 1, 2, 3])
        const second = await Reader.open(await open(), topic, group, { begin: null })
        await second.until(() => second.sessions.length > 0)
        expect(await old.commit([{ partition: 0, offset: 0, metadata: 'stale' }])).toBe('refused')
        expect(old.alive()).toBe(false)
        if (takeOver === 'fences') {
          await expect(first.until(() => false)).rejects.toMatchObject({ code: 'log_fenced' })
          expect([...second.session.partitions]).toEqual([0, 1, 2, 3])
        } else {
          await first.until(() => first.session.alive() && first.session.partitions.length === 2)
          await second.until(() => second.session.alive() && second.session.partitions.length === 2)
          const owned = [...first.session.partitions, ...second.session.partitions].sort()
          expect(owned).toEqual([0, 1, 2, 3])
        }
        const [partition] = second.session.partitions
        expect(await second.session.commit([{ partition: partition!, offset: 0, metadata: 'new' }])).toBe('committed')
      })

      test('the lease is extended while a handler is awaited and while all is paused', async () => {
        const topic = await under.createTopic(1)
        await producer.send(topic, numbered(0, 1))
        const gate = Promise.withResolvers<void>()
        const reader = await read(topic, under.group(), { sessionTimeoutMs: 6_000, onRecords: () => gate.promise })
        await reader.until(() => reader.sets.length === 1)
        const extended = async () => {
          const before = reader.session.leaseUntil()
          expect(before).toBeLessThanOrEqual(performance.now() + 6_000)
          const deadline = performance.now() + 5_000
          while (reader.session.leaseUntil() <= before && performance.now() < deadline)
            await new Promise(resolve => setTimeout(resolve, 10))
          expect(reader.session.leaseUntil()).toBeGreaterThan(before)
        }
        await extended()
        reader.session.pause(0)
        gate.resolve()
        await extended()
        expect(reader.sessions.length).toBe(1)
      })

      test('who is about to leave may finish and commit, and gets no more records', async () => {
        const topic = await under.createTopic(1)
        const group = under.group()
        await producer.send(topic, numbered(0, 5))
        let result: string | undefined
        const reader = await read(topic, group, {
          onLeaving: async session => {
            result = await session.commit([{ partition: 0, offset: 5, metadata: 'finished' }])
          },
        })
        await reader.until(() => reader.sets.length === 1)
        await reader.consumer.stop()
        expect(result).toBe('committed')
        expect(reader.session.alive()).toBe(false)
        const next = await read(topic, group)
        await next.until(() => next.sessions.length === 1)
        expect(await next.session.committed()).toEqual(new Map([[0, { offset: 5, metadata: 'finished' }]]))
      })

      test('stopping waits for a running handler, which can still commit', async () => {
        const topic = await under.createTopic(1)
        const group = under.group()
        await producer.send(topic, numbered(0, 5))
        const gate = Promise.withResolvers<void>()
        let result: string | undefined
        const reader = await read(topic, group, {
          onRecords: async session => {
            await gate.promise
            result = await session.commit([{ partition: 0, offset: 5, metadata: 'at the end' }])
          },
        })
        await reader.until(() => reader.sets.length === 1)
        let stopped = false
        const stop = reader.consumer.stop().then(() => {
          stopped = true
        })
        await new Promise(resolve => setTimeout(resolve, 100))
        expect(stopped).toBe(false)
        expect(reader.session.alive()).toBe(true)
        gate.resolve()
        await stop
        expect(result).toBe('committed')
        expect(reader.session.alive()).toBe(false)
        expect(await reader.session.commit([{ partition: 0, offset: 1, metadata: 'late' }])).toBe('refused')
        await producer.send(topic, numbered(5, 6))
        expect(reader.records_.length).toBe(5)
      })
    })

    describe('topics', () => {
      test('bounds are the first and the next position; a record is found by its offset', async () => {
        const topic = await under.createTopic(2)
        expect(await log.bounds(topic)).toEqual(
          new Map([
            [0, { low: 0, high: 0 }],
            [1, { low: 0, high: 0 }],
          ]),
        )
        expect(await log.recordAt(topic, 1, 0)).toBeNull()
        for (let i = 0; i < 3; i++) await producer.send(topic, numbered(i * 10, i * 10 + 10, 1))
        expect((await log.bounds(topic)).get(1)).toEqual({ low: 0, high: 30 })
        const stamp = Date.now()
        await producer.send(topic, [{ key: 'k', value: 'v', stamp, headers: [['a', 'b']], partition: 1 }])
        const last = await log.recordAt(topic, 1, 30)
        expect(last).toMatchObject({ partition: 1, offset: 30, stamp })
        expect(Buffer.from(last!.key!).toString()).toBe('k')
        expect(Buffer.from(last!.value!).toString()).toBe('v')
        expect(last!.headers.map(([name, value]) => [name, Buffer.from(value!).toString()])).toEqual([['a', 'b']])
        const inner = await log.recordAt(topic, 1, 17)
        expect(Buffer.from(inner!.value!).toString()).toBe('value 17')
        expect(await log.recordAt(topic, 1, 31)).toBeNull()
        expect(await log.recordAt(topic, 0, 0)).toBeNull()
      })

      test('a topic is made once, and stays as it is', async () => {
        const topic = under.group()
        await log.ensureTopic(topic, { partitions: 3 })
        await producer.send(topic, numbered(0, 1, 2))
        await log.ensureTopic(topic, { partitions: 3 })
        expect([...(await log.partitions(topic))]).toEqual([0, 1, 2])
        expect((await log.bounds(topic)).get(2)).toEqual({ low: 0, high: 1 })
      })

      test('a topic that is not there is named in the error', async () => {
        const topic = under.group()
        const named = { code: 'log_misconfigured', message: expect.stringContaining(topic) }
        await expect(log.partitions(topic)).rejects.toMatchObject(named)
        await expect(log.bounds(topic)).rejects.toMatchObject(named)
        await expect(producer.send(topic, numbered(0, 1))).rejects.toMatchObject(named)
        await expect(Reader.open(log, topic, under.group())).rejects.toMatchObject(named)
      })
    })

    describe('producing', () => {
      test("keys go to the partitions that Java's client chooses", async () => {
        const topic = await under.createTopic(7)
        // (murmur2 & 0x7fffffff) % 7 of the values in org.apache.kafka.common.utils.UtilsTest
        const java = [
          ['21', -973932308],
          ['foobar', -790332482],
          ['a-little-bit-long-string', -985981536],
          ['a-little-bit-longer-string', -1486304829],
          ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
          ['abc', 479470107],
        ] as const
        await producer.send(
          topic,
          java.map(([key]) => ({ key, value: key })),
        )
        const reader = await read(topic, under.group())
        await reader.until(() => reader.records_.length === java.length)
        for (const [key, hash] of java)
          expect(reader.records_.find(record => record.key === key)!.partition).toBe((hash & 0x7fffffff) % 7)
      })

      test('sends at the same time are all in the log, each once', async () => {
        const topic = await under.createTopic(3)
        await Promise.all(Array.from({ length: 100 }, (_, i) => producer.send(topic, numbered(i * 3, i * 3 + 3))))
        const reader = await read(topic, under.group())
        await reader.until(() => reader.records_.length >= 300)
        expect(new Set(reader.values())).toEqual(new Set(values(0, 300)))
        expect(reader.records_.length).toBe(300)
      })

      test('records and progress are one: both are there or neither', async () => {
        const topic = await under.createTopic(2)
        const group = under.group()
        expect(await producer.progress(topic, group)).toBeNull()
        await producer.sendWithProgress(topic, numbered(0, 10), { group, position: 10, metadata: 'ten' })
        await producer.sendWithProgress(topic, numbered(10, 20), { group, position: 20, metadata: 'twenty' })
        expect(await producer.progress(topic, group)).toEqual({ position: 20, metadata: 'twenty' })
        const unencodable = { key: 'k', value: 'v', partition: 99 }
        const failing = producer.sendWithProgress(topic, [...numbered(20, 30), unencodable], {
          group,
          position: 30,
          metadata: 'thirty',
        })
        await expect(failing).rejects.toThrow()
        const other = await (await open()).producer()
        expect(await other.progress(topic, group)).toEqual({ position: 20, metadata: 'twenty' })
        await other.sendWithProgress(topic, [], { group, position: 21, metadata: 'only progress' })
        expect(await other.progress(topic, group)).toEqual({ position: 21, metadata: 'only progress' })
        const reader = await read(topic, under.group())
        await reader.caughtUpEverywhere(await log.bounds(topic))
        expect(new Set(reader.values())).toEqual(new Set(values(0, 20)))
        expect(reader.records_.length).toBe(20)
      })

      test('who asks for the progress takes over; the older writer is refused, with nothing written', async () => {
        const topic = await under.createTopic(1)
        const group = under.group()
        await producer.sendWithProgress(topic, numbered(0, 10), { group, position: 10, metadata: 'old' })
        const newer = await (await open()).producer()
        expect(await newer.progress(topic, group)).toEqual({ position: 10, metadata: 'old' })
        const late = producer.sendWithProgress(topic, numbered(10, 20), { group, position: 20, metadata: 'late' })
        await expect(late).rejects.toMatchObject({ code: 'log_fenced' })
        await newer.sendWithProgress(topic, numbered(10, 15), { group, position: 15, metadata: 'new' })
        const still = producer.sendWithProgress(topic, numbered(10, 20), { group, position: 20, metadata: 'late' })
        await expect(still).rejects.toMatchObject({ code: 'log_fenced' })
        expect(await newer.progress(topic, group)).toEqual({ position: 15, metadata: 'new' })
        const reader = await read(topic, under.group())
        await reader.caughtUpEverywhere(await log.bounds(topic))
        expect(reader.values()).toEqual(values(0, 15))
      })
    })
  })
}
