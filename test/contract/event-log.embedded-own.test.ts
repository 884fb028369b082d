/** What only the embedded log has: one file for several processes, take-over by lease, retention after reading. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import type { EventLog } from '@kivi/domain'
import { type EmbeddedLogOptions, embeddedEventLog } from '@kivi/event-log'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase } from '../../packages/event-log/src/embedded/database.ts'
import { commitOffsets, takeOver } from '../../packages/event-log/src/embedded/groups.ts'
import { Storage } from '../../packages/event-log/src/embedded/storage.ts'
import { Reader } from './event-log-reader.ts'

const child = fileURLToPath(new URL('embedded-log-child.ts', import.meta.url))

let directory: string
let path: string
let opened: EventLog[]
let children: ChildProcess[]
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kivi-log-'))
  path = join(directory, 'log.sqlite')
  opened = []
  children = []
})
afterEach(async () => {
  for (const each of children) each.kill('SIGKILL')
  await Promise.all(opened.map(log => log.close()))
  await rm(directory, { recursive: true })
})

function open(options: Partial<EmbeddedLogOptions> = {}): EventLog {
  const log = embeddedEventLog({ path, ...options })
  opened.push(log)
  return log
}

function startProcess(...args: string[]): ChildProcess {
  const started = spawn(process.execPath, [child, path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(started)
  return started
}

async function owner(leaseMs: number): Promise<ChildProcess> {
  const started = startProcess('own', 't', 'g', String(leaseMs))
  const [line] = await once(started.stdout!, 'data')
  expect(String(line)).toMatch(/joined/)
  return started
}

describe('several processes', () => {
  test('appends of three processes are all there, each once and in its order, and wake the reader', async () => {
    const log = open()
    await log.ensureTopic('t', { partitions: 2 })
    const reader = await Reader.open(log, 't', 'g')
    await reader.until(() => reader.caughtUpAt.length >= 2)
    const writers = ['a', 'b', 'c'].map(name => startProcess('append', 't', name, '200'))
    const codes = await Promise.all(writers.map(async writer => (await once(writer, 'exit'))[0]))
    expect(codes).toEqual([0, 0, 0])
    await reader.until(() => reader.records_.length === 600)
    for (const partition of [0, 1])
      for (const name of ['a', 'b', 'c']) {
        const own = reader.values(partition).filter(value => value!.startsWith(`${name} `))
        const numbers = own.map(value => Number(value!.split(' ')[1]))
        expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
      }
    expect(new Set(reader.values()).size).toBe(600)
  })

  test('the group of a killed process is taken over at once', async () => {
    const log = open()
    await log.ensureTopic('t', { partitions: 1 })
    const other = await owner(60_000)
    other.kill('SIGKILL')
    await once(other, 'exit')
    const began = performance.now()
    const reader = await Reader.open(log, 't', 'g')
    await reader.until(() => reader.sessions.length === 1)
    // far below its lease
    expect(performance.now() - began).toBeLessThan(5_000)
  })

  test('a process that runs gives its group up to a newer one, and says so', async () => {
    const log = open()
    await log.ensureTopic('t', { partitions: 1 })
    const other = await owner(60_000)
    const told = once(other.stdout!, 'data')
    const reader = await Reader.open(log, 't', 'g')
    await reader.until(() => reader.sessions.length === 1)
    expect(String((await told)[0])).toMatch(/Another process took over/)
  })

  test('the group of a process that hangs is taken over only when its lease has run out', async () => {
    const log = open()
    await log.ensureTopic('t', { partitions: 1 })
    const other = await owner(1_500)
    other.kill('SIGSTOP')
    const began = performance.now()
    const reader = await Reader.open(log, 't', 'g')
    await reader.until(() => reader.sessions.length === 1)
    expect(performance.now() - began).toBeGreaterThanOrEqual(1_490)
    expect(await reader.session.commit([{ partition: 0, offset: 0, metadata: 'new' }])).toBe('committed')
  })
})

describe('the file', () => {
  test('what was sent and committed is there after closing and opening it again', async () => {
    const first = open()
    await first.ensureTopic('t', { partitions: 1 })
    await (await first.producer()).send('t', [{ key: 'k', value: 'kept' }])
    const reader = await Reader.open(first, 't', 'g')
    await reader.until(() => reader.records_.length === 1)
    expect(await reader.session.commit([{ partition: 0, offset: 1, metadata: 'kept' }])).toBe('committed')
    await first.close()
    const second = open()
    expect(Buffer.from((await second.recordAt('t', 0, 0))!.value!).toString()).toBe('kept')
    const again = await Reader.open(second, 't', 'g')
    await again.until(() => again.caughtUpAt.length > 0)
    expect((await again.session.committed()).get(0)).toEqual({ offset: 1, metadata: 'kept' })
    expect(again.records_).toEqual([])
  })

  test('a file of a newer version is refused with a sentence', async () => {
    open()
    await opened[0]!.close()
    const db = new DatabaseSync(path)
    db.exec('pragma user_version = 99')
    db.close()
    expect(() => open()).toThrow(/format 99.*start the version that wrote it/)
  })

  test('each append is flushed to the disk before it is acknowledged', () => {
    const db = openDatabase(path)
    expect(db.prepare('pragma synchronous').get()).toEqual({ synchronous: 2 })
    expect(db.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'wal' })
    db.close()
  })
})

describe('retention', () => {
  test('removes in steps what is old and read by every group, never what is not', async () => {
    const log = open()
    await log.ensureTopic('t', { partitions: 1 })
    const producer = await log.producer()
    for (let i = 0; i < 10; i++) await producer.send('t', [{ key: 'k', value: `${i}` }])
    const storage = new Storage(openDatabase(path))
    const later = Date.now() + 1
    try {
      expect(storage.retain('t', 0, Date.now() - 60_000, 100)).toBe(0)
      const slow = takeOver(storage, 'slow', 1000)
      commitOffsets(storage, 'slow', slow, 't', [{ partition: 0, offset: 6, metadata: '' }])
      const quick = takeOver(storage, 'quick', 1000)
      commitOffsets(storage, 'quick', quick, 't', [{ partition: 0, offset: 9, metadata: '' }])
      expect(storage.retain('t', 0, later, 4)).toBe(4)
      expect(storage.retain('t', 0, later, 4)).toBe(2)
      expect(storage.retain('t', 0, later, 4)).toBe(0)
    } finally {
      storage.db.close()
    }
    expect((await log.bounds('t')).get(0)).toEqual({ low: 6, high: 10 })
    expect(await log.recordAt('t', 0, 5)).toBeNull()
    const reader = await Reader.open(log, 't', 'late', { begin: null })
    await reader.until(() => reader.sessions.length === 1)
    await expect(reader.session.start(0, 5)).rejects.toMatchObject({ code: 'position_outside_log' })
    await reader.session.start(0, 6)
    await reader.until(() => reader.records_.length === 4)
    expect(reader.values()).toEqual(['6', '7', '8', '9'])
  })

  test("a writer's progress holds nothing back", async () => {
    const log = open()
    await log.ensureTopic('t', { partitions: 1 })
    const producer = await log.producer()
    await producer.sendWithProgress('t', [{ key: 'k', value: 'v' }], { group: 'import', position: 0, metadata: '' })
    const storage = new Storage(openDatabase(path))
    expect(storage.retain('t', 0, Date.now() + 1, 4)).toBe(1)
    storage.db.close()
  })
})
