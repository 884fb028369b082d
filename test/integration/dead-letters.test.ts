/** kivi dead-letters through both logs: all of them told, each put back once, whatever was filtered or forgotten. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadCatalog } from '@kivi/catalog'
import { createImportMemory, type ImportMemory } from '@kivi/clickhouse'
import { createSchemaRegistry } from '@kivi/decoding'
import type { Catalog, EventLog, LogProducer, LogRecord, NewRecord } from '@kivi/domain'
import { embeddedEventLog, kafkaEventLog } from '@kivi/event-log'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listDeadLetters } from '../../services/standalone/src/dead-letters/list.ts'
import { readTopic } from '../../services/standalone/src/dead-letters/read-topic.ts'
import { replayDeadLetters } from '../../services/standalone/src/dead-letters/replay.ts'
import { showDeadLetter } from '../../services/standalone/src/dead-letters/show.ts'
import { createLogWatch } from '../../services/standalone/src/system/log-watch.ts'
import { createStoreDatabase } from '../support/clickhouse-store.ts'
import { kafkaBrokers, uniqueName } from '../support/index.ts'

const signal = new AbortController().signal
let directory: string
let catalog: Catalog
let store: Awaited<ReturnType<typeof createStoreDatabase>>
let memory: ImportMemory
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kivi-dead-letters-'))
  const loaded = await loadCatalog('catalog')
  if (loaded.catalog === undefined) throw new Error(JSON.stringify(loaded.problems))
  catalog = loaded.catalog
  store = await createStoreDatabase()
  memory = createImportMemory(store)
})
afterAll(async () => {
  await store[Symbol.asyncDispose]()
  await rm(directory, { recursive: true, force: true })
})

interface Wanted {
  readonly offset: number
  readonly reason: string
  readonly value?: string | Uint8Array | null
  readonly partition?: number
}

const letter = ({ offset, reason, value = `{"n":${offset}}`, partition = 0 }: Wanted): NewRecord => ({
  key: `key-${offset}`,
  value,
  partition,
  headers: [
    ['trace', `t${offset}`],
    ...Object.entries({
      reason,
      stage: 'decode',
      detail: `detail ${offset}`,
      topic: 'shop',
      partition: 1,
      offset,
      stamp: 5,
    }).map(([name, text]) => [`kivi-${name}`, String(text)] as [string, string]),
  ],
})

describe.each([
  ['embedded', async () => embeddedEventLog({ path: join(directory, `${uniqueName('log')}.sqlite`) })],
  ['kafka', async () => kafkaEventLog({ brokers: await kafkaBrokers() })],
])('on the %s log', (_name, openLog) => {
  let log: EventLog
  beforeAll(async () => {
    log = await openLog()
  })
  afterAll(() => log.close())

  const fresh = async (letters: readonly NewRecord[]) => {
    const topics = { dead: uniqueName('dead'), events: uniqueName('events') }
    for (const topic of Object.values(topics)) await log.ensureTopic(topic, { partitions: 2 })
    await file(topics.dead, letters)
    return topics
  }
  const file = async (topic: string, letters: readonly NewRecord[]) => {
    const producer = await log.producer()
    for (const one of letters) await producer.send(topic, [one])
    await producer.close()
  }
  const records = async (topic: string) => {
    const found: LogRecord[] = []
    await readTopic(log, topic, signal, record => void found.push(record))
    return found.sort((a, b) => Buffer.compare(a.key!, b.key!))
  }
  const keys = async (topic: string) => (await records(topic)).map(({ key }) => Buffer.from(key!).toString())
  const replay = async (
    topics: { dead: string; events: string },
    reasons: string[] = [],
    through: (producer: LogProducer) => LogProducer = producer => producer,
  ) => {
    const producer = await log.producer()
    try {
      return await replayDeadLetters({ log, producer: through(producer), memory, topics, reasons, signal })
    } finally {
      await producer.close()
    }
  }

  it('lists what there is of each reason, the newest first, a second writing once', async () => {
    const topics = await fresh([
      letter({ offset: 1, reason: 'empty', value: '' }),
      letter({ offset: 2, reason: 'invalid_json' }),
      letter({ offset: 2, reason: 'invalid_json', partition: 1 }),
      letter({ offset: 3, reason: 'invalid_json' }),
      { key: 'x', value: 'no dead letter' },
    ])
    const answer = await listDeadLetters({ log, memory, topics, reasons: [], limit: 2, signal })
    expect(answer).toMatchObject({
      total: 3,
      reasons: [
        { reason: 'invalid_json', letters: 2, replayed: 0 },
        { reason: 'empty', letters: 1, replayed: 0 },
      ],
      letters: [
        { id: 'shop/1/3', reason: 'invalid_json', detail: 'detail 3', replayed: false },
        { id: 'shop/1/2', reason: 'invalid_json' },
      ],
    })
    const some = await listDeadLetters({ log, memory, topics, reasons: ['empty'], limit: 2, signal })
    expect(some).toMatchObject({ total: 1, letters: [{ id: 'shop/1/1' }] })
  })

  it('tells the page of the system what was set aside since, and where the log ends', async () => {
    const topics = await fresh([
      letter({ offset: 1, reason: 'empty' }),
      letter({ offset: 2, reason: 'invalid_json' }),
      letter({ offset: 2, reason: 'invalid_json', partition: 1 }),
      letter({ offset: 3, reason: 'invalid_json', partition: 1 }),
    ])
    const watch = createLogWatch({ log, topics: { ...topics, events: topics.dead } })
    expect(await watch.ends()).toEqual(
      new Map([
        [0, 2],
        [1, 2],
      ]),
    )
    const told = await watch.deadLetters(0)
    expect(told).toMatchObject({
      reasons: [
        { reason: 'invalid_json', letters: 2 },
        { reason: 'empty', letters: 1 },
      ],
      isCut: false,
    })
    expect(told.newest.map(({ id }) => id).sort()).toEqual(['shop/1/1', 'shop/1/2', 'shop/1/3'])
    expect(await watch.deadLetters(Date.now() + 60_000)).toEqual({ reasons: [], isCut: false, newest: [] })
    // only the newest of each partition are looked at, and that is told
    const last = createLogWatch({ log, topics: { ...topics, events: topics.dead }, mostLetters: 1 })
    const cut = await last.deadLetters(0)
    expect([cut.isCut, cut.newest.map(({ id }) => id).sort()]).toEqual([true, ['shop/1/2', 'shop/1/3']])
  })

  it('shows a letter with its bytes, and what the catalog of today makes of it', async () => {
    const valid = JSON.stringify({ event_id: 'a', event_type: 'search', event_time: 1_700_000_000_000, query: 'tea' })
    const topics = await fresh([
      letter({ offset: 1, reason: 'unknown_event_type', value: valid }),
      letter({ offset: 2, reason: 'unknown_schema', value: Buffer.from([0, 0, 0, 0, 7, 1]) }),
      letter({ offset: 3, reason: 'tombstone', value: null }),
    ])
    const show = (offset: number) => {
      const registry = createSchemaRegistry({ url: null })
      return showDeadLetter({ log, topic: topics.dead, id: `shop/1/${offset}`, catalog, registry, signal })
    }
    expect(await show(1)).toMatchObject({
      id: 'shop/1/1',
      reason: 'unknown_event_type',
      key: { text: 'key-1' },
      headers: [{ name: 'trace', value: { text: 't1' } }],
      value: { text: valid },
      today: { event: { event_id: 'a', event_type: 'search', query: 'tea' } },
    })
    expect(await show(2)).toMatchObject({ value: { hex: '000000000701' }, today: { reason: 'unknown_schema' } })
    expect(await show(3)).toMatchObject({ value: null, bytes: 0, today: { reason: 'tombstone' } })
    await expect(show(4)).rejects.toThrow(/no dead letter shop\/1\/4. kivi dead-letters list/)
  })

  it('puts the originals back once: by reason, then all, then only what came since', async () => {
    const topics = await fresh([
      letter({ offset: 1, reason: 'empty', value: new Uint8Array([0, 255]) }),
      letter({ offset: 2, reason: 'invalid_json' }),
      letter({ offset: 2, reason: 'invalid_json', partition: 1 }),
      letter({ offset: 3, reason: 'invalid_json', partition: 1 }),
    ])
    expect(await replay(topics, ['empty'])).toEqual({ sent: { empty: 1 }, before: 0, inDoubt: [] })
    const [first] = await records(topics.events)
    expect(Buffer.from(first!.value!)).toEqual(Buffer.from([0, 255]))
    expect(first!.headers.map(([name, value]) => [name, Buffer.from(value!).toString()])).toEqual([['trace', 't1']])
    expect(await replay(topics)).toEqual({ sent: { invalid_json: 2 }, before: 1, inDoubt: [] })
    expect(await replay(topics)).toEqual({ sent: {}, before: 3, inDoubt: [] })
    await file(topics.dead, [letter({ offset: 4, reason: 'empty' })])
    expect(await replay(topics)).toEqual({ sent: { empty: 1 }, before: 3, inDoubt: [] })
    expect(await keys(topics.events)).toEqual(['key-1', 'key-2', 'key-3', 'key-4'])
    const list = await listDeadLetters({ log, memory, topics, reasons: [], limit: 9, signal })
    expect(list.letters.every(({ replayed }) => replayed)).toBe(true)
  })

  it.each([
    ['before', []],
    ['after', ['key-1', 'key-2']],
  ])('a replay that is killed %s its transaction goes on as if it were one', async (when, there) => {
    const topics = await fresh([1, 2].map(offset => letter({ offset, reason: 'empty' })))
    const dying = (producer: LogProducer): LogProducer => ({
      send: (...args) => producer.send(...args),
      progress: (...args) => producer.progress(...args),
      close: () => producer.close(),
      async sendWithProgress(...args) {
        if (args[1].length > 0 && when === 'before') throw new Error('killed')
        await producer.sendWithProgress(...args)
        if (args[1].length > 0) throw new Error('killed')
      },
    })
    await expect(replay(topics, [], dying)).rejects.toThrow('killed')
    expect(await keys(topics.events)).toEqual(there)
    await replay(topics)
    expect(await keys(topics.events)).toEqual(['key-1', 'key-2'])
  })
})
