/** kivi import through both logs: exactly once, resumable, and no row holds up its neighbours. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { PassThrough, Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { createImportMemory, type ImportMemory, type ImportProgress } from '@kivi/clickhouse'
import avro from 'avsc'
import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadCatalog } from '../../../packages/catalog/src/index.ts'
import type { Catalog, EventLog, LogProducer, NewRecord } from '../../../packages/domain/src/index.ts'
import { embeddedEventLog, kafkaEventLog } from '../../../packages/event-log/src/index.ts'
import { readTopic } from '../../../services/standalone/src/dead-letters/read-topic.ts'
import { type ImportJob, type ImportReport, runImport } from '../../../services/standalone/src/import/importer.ts'
import { openInput } from '../../../services/standalone/src/import/input-file.ts'
import { parseMapping } from '../../../services/standalone/src/import/mapping-file.ts'
import { createStoreDatabase } from '../../support/clickhouse-store.ts'
import { kafkaBrokers, uniqueName } from '../../support/index.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const DAY = 86_400_000
const NOW = Date.UTC(2026, 4, 1)

let catalog: Catalog
let directory: string
beforeAll(async () => {
  const loaded = await loadCatalog(join(root, 'catalog'))
  if (loaded.catalog === undefined) throw new Error(JSON.stringify(loaded.problems))
  catalog = loaded.catalog
  directory = await mkdtemp(join(tmpdir(), 'kivi-import-test-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

/** What the table `imports` does, for tests that are not about it. */
function memoryOf(known = new Map<string, ImportProgress>()): ImportMemory {
  return {
    recall: async (topic, name) => known.get(`${topic} ${name}`) ?? null,
    remember: async (topic, name, progress) => void known.set(`${topic} ${name}`, progress),
  }
}

type Options = Partial<Omit<ImportJob, 'file' | 'mapping'>> & { readonly mapping?: string; readonly stdin?: Readable }

async function importPath(log: EventLog, topic: string, path: string, options: Options = {}): Promise<ImportReport> {
  await using file = await openInput(path, options.stdin ?? new PassThrough())
  const { mapping, stdin: _, ...rest } = options
  const producer = options.producer ?? (await log.producer())
  try {
    return await runImport({
      catalog,
      topic,
      memory: memoryOf(),
      resumeAfter: null,
      retentionRaw: Number.POSITIVE_INFINITY,
      clockSkew: 300_000,
      now: () => NOW,
      signal: new AbortController().signal,
      onProgress: () => {},
      ...rest,
      producer,
      file,
      mapping: mapping === undefined ? null : parseMapping(mapping, 'mapping.yaml'),
    })
  } finally {
    if (options.producer === undefined) await producer.close()
  }
}

const write = async (name: string, content: string | Buffer): Promise<string> => {
  const path = join(directory, uniqueName(name))
  await writeFile(path, content)
  return path
}

/** All events of a topic, by partition and in order. */
async function eventsOf(log: EventLog, topic: string): Promise<Record<string, unknown>[]> {
  const events: Record<string, unknown>[][] = []
  await readTopic(log, topic, new AbortController().signal, ({ partition, value }) => {
    events[partition] ??= []
    events[partition].push(JSON.parse(Buffer.from(value!).toString()) as Record<string, unknown>)
  })
  return events.flat()
}

const purchase = (id: number, extra: object = {}) => ({
  event_id: `e${id}`,
  event_type: 'purchase',
  event_time: NOW - DAY + id,
  source: 'shop',
  user_id: `u${id % 7}`,
  amount: id,
  ...extra,
})
const lines = (events: readonly object[]) => events.map(event => `${JSON.stringify(event)}\n`).join('')

/** A log, and how it forgets the progress of a group: as Kafka does after some days, or with its file. */
interface Forgetful {
  readonly log: EventLog
  forget(group: string): Promise<EventLog>
}

const embedded = (path: string): Forgetful => ({
  log: embeddedEventLog({ path }),
  async forget(group) {
    const database = new DatabaseSync(path)
    database.prepare('delete from offsets where "group" = ?').run(group)
    database.close()
    return embeddedEventLog({ path })
  },
})

const kafka = (brokers: string[]): Forgetful => ({
  log: kafkaEventLog({ brokers }),
  async forget(group) {
    const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
    await admin.deleteGroups([group])
    await admin.disconnect()
    return kafkaEventLog({ brokers })
  },
})

describe.each([
  ['embedded', async () => embedded(join(directory, `${uniqueName('log')}.sqlite`))],
  ['kafka', async () => kafka(await kafkaBrokers())],
])('through the %s log', (_name, openLog) => {
  let forgetful: Forgetful
  let log: EventLog
  const freshTopic = async () => {
    const topic = uniqueName('import')
    await log.ensureTopic(topic, { partitions: 2 })
    return topic
  }
  beforeAll(async () => {
    forgetful = await openLog()
    log = forgetful.log
  })
  afterAll(() => log.close())

  it('the same file again changes nothing, under another name neither', async () => {
    const topic = await freshTopic()
    const content = lines(Array.from({ length: 50 }, (_, i) => purchase(i)))
    const first = await importPath(log, topic, await write('a', content))
    const again = await importPath(log, topic, await write('b', content))
    expect([first.state, first.sent, again.state, again.sent]).toEqual(['begun', 50, 'repeated', 0])
    expect(await eventsOf(log, topic)).toHaveLength(50)
  })

  it('an import that was interrupted at any chunk goes on where it stopped', async () => {
    const topic = await freshTopic()
    const path = await write('long', lines(Array.from({ length: 12_000 }, (_, i) => purchase(i))))
    for (const dieAt of [1, 2]) {
      const producer = await log.producer()
      let chunks = 0
      const dying: LogProducer = {
        send: (...args) => producer.send(...args),
        progress: (...args) => producer.progress(...args),
        close: () => producer.close(),
        async sendWithProgress(
          ...args: [string, readonly NewRecord[], { group: string; position: number; metadata: string }]
        ) {
          await producer.sendWithProgress(...args)
          if (++chunks === dieAt) throw new Error('killed')
        },
      }
      await expect(importPath(log, topic, path, { producer: dying })).rejects.toThrow('killed')
      await producer.close()
    }
    const last = await importPath(log, topic, path)
    expect(['resumed', 'repeated']).toContain(last.state)
    const { high } = [...(await log.bounds(topic)).values()].reduce(
      (total, { low, high }) => ({ low: 0, high: total.high + high - low }),
      { low: 0, high: 0 },
    )
    expect(high).toBeGreaterThanOrEqual(12_000)
    const ids = (await eventsOf(log, topic)).map(event => event['event_id'])
    expect([ids.length, new Set(ids).size]).toEqual([12_000, 12_000])
  })

  it('a finished import stays finished when the log has forgotten it', async () => {
    await using clickhouse = await createStoreDatabase()
    const memory = createImportMemory(clickhouse)
    const topic = await freshTopic()
    const path = await write('kept', lines(Array.from({ length: 50 }, (_, i) => purchase(i))))
    const first = await importPath(log, topic, path, { memory })
    const later = await forgetful.forget(`kivi-import-${first.id}`)
    const producer = await later.producer()
    expect(await producer.progress(topic, `kivi-import-${first.id}`)).toBeNull()
    await producer.close()
    const again = await importPath(later, topic, path, { memory })
    expect([first.state, first.sent, again.state, again.sent]).toEqual(['begun', 50, 'repeated', 0])
    expect(await eventsOf(later, topic)).toHaveLength(50)
    await later.close()
  })

  it('an interrupted import whose log has forgotten it goes on, and asks where a transaction was under way', async () => {
    await using clickhouse = await createStoreDatabase()
    const memory = createImportMemory(clickhouse)
    const topic = await freshTopic()
    const path = await write('half', lines(Array.from({ length: 12_000 }, (_, i) => purchase(i))))
    const stop = new AbortController()
    let group = ''
    const interrupting = (die: boolean, after: number) => async (producer: LogProducer) => {
      let chunks = 0
      const dying: LogProducer = {
        send: (...args) => producer.send(...args),
        progress: (...args) => producer.progress(...args),
        close: () => producer.close(),
        async sendWithProgress(...args: Parameters<LogProducer['sendWithProgress']>) {
          group = args[2].group
          await producer.sendWithProgress(...args)
          if (args[1].length === 0 || ++chunks < after) return
          if (die) throw new Error('killed')
          stop.abort()
        },
      }
      return dying
    }
    const first = await log.producer()
    const stopped = importPath(log, topic, path, {
      memory,
      producer: await interrupting(false, 1)(first),
      signal: stop.signal,
    })
    await expect(stopped).rejects.toThrow('interrupted')
    await first.close()

    const second = await forgetful.forget(group)
    const producer = await second.producer()
    await expect(
      importPath(second, topic, path, { memory, producer: await interrupting(true, 1)(producer) }),
    ).rejects.toThrow('killed')
    await producer.close()
    await second.close()

    const third = await forgetful.forget(group)
    const refusal = await importPath(third, topic, path, { memory }).catch((error: Error) => error.message)
    const [, from, to] = /rows (\d+) to (\d+)[\s\S]*--resume-after \2 where they are there/.exec(String(refusal)) ?? []
    expect(Number(to)).toBeGreaterThan(Number(from))
    expect(await importPath(third, topic, path, { memory, resumeAfter: Number(to) })).toMatchObject({
      state: 'resumed',
    })
    const ids = (await eventsOf(third, topic)).map(event => event['event_id'])
    expect([ids.length, new Set(ids).size]).toEqual([12_000, 12_000])
    await third.close()
  })
})

describe('files', () => {
  let log: EventLog
  let topic: string
  beforeAll(async () => {
    log = embeddedEventLog({ path: join(directory, 'files.sqlite') })
  })
  afterAll(() => log.close())
  const fresh = async () => {
    topic = uniqueName('files')
    await log.ensureTopic(topic, { partitions: 1 })
  }

  it.each([
    ['plain', (text: string) => Buffer.from(text)],
    ['gzip', (text: string) => gzipSync(text)],
    ['zstd', (text: string) => zstdCompressSync(text)],
  ])('reads %s', async (_what, pack) => {
    await fresh()
    const report = await importPath(log, topic, await write('packed', pack(lines([purchase(1), purchase(2)]))))
    expect(report).toMatchObject({ rows: 2, events: 2, sent: 2, refused: 0 })
  })

  it('reads standard input', async () => {
    await fresh()
    const report = await importPath(log, topic, '-', { stdin: Readable.from([lines([purchase(1)])]) })
    expect(report).toMatchObject({ file: 'standard input', sent: 1 })
  })

  it('reads CSV whose columns are fields, and refuses one whose are not, with an example of a mapping', async () => {
    await fresh()
    const good =
      'event_type,event_time,source,user_id,amount,properties.store,other\npurchase,2026-04-30T10:00:00Z,shop,u,9.5,s1,x\n'
    expect(await importPath(log, topic, await write('good.csv', good))).toMatchObject({ sent: 1, refused: 0 })
    const [event] = await eventsOf(log, topic)
    expect(event).toMatchObject({ event_type: 'purchase', amount: 9.5, properties: { store: 's1' } })
    expect(event!['event_id']).toMatch(/^[0-9a-f]{64}:2:0$/)
    const bad = importPath(log, topic, await write('bad.csv', 'when,what\n1,2\n'))
    await expect(bad).rejects.toThrow(
      /no column event_type and no column event_time; its columns are when, what[\s\S]*--mapping/,
    )
  })

  it.each(['null', 'deflate'])(
    'reads an Avro container file with codec %s, its record naming the type',
    async codec => {
      await fresh()
      // as a plain object: avsc would leave the logical type out of a schema that it has parsed
      const schema = {
        type: 'record',
        name: 'purchase',
        fields: [
          { name: 'event_id', type: 'string' },
          { name: 'event_time', type: { type: 'long', logicalType: 'timestamp-micros' } },
          { name: 'source', type: ['null', 'string'] },
          { name: 'amount', type: 'double' },
          { name: 'properties', type: { type: 'map', values: 'string' } },
        ],
      } as avro.Schema
      const encoder = new avro.streams.BlockEncoder(schema, { codec })
      encoder.end({
        event_id: 'a1',
        event_time: (NOW - DAY) * 1000 + 7,
        source: 'shop',
        amount: 2.5,
        properties: { x: 'y' },
      })
      const parts: Buffer[] = []
      for await (const part of encoder as unknown as AsyncIterable<Buffer>) parts.push(part)
      const path = await write('events.avro', Buffer.concat(parts))
      expect(await importPath(log, topic, path)).toMatchObject({ sent: 1, refused: 0 })
      expect(await eventsOf(log, topic)).toMatchObject([
        { event_id: 'a1', event_type: 'purchase', event_time: NOW - DAY, amount: 2.5, properties: { x: 'y' } },
      ])
      await expect(
        importPath(log, topic, await write('cut.avro', Buffer.concat(parts).subarray(0, -20))),
      ).rejects.toMatchObject({
        code: 'import_refused',
      })
    },
  )

  it('refuses rows with their lines and imports their neighbours', async () => {
    await fresh()
    const csv = [
      'id,at,amount',
      '1,2026-04-30 10:00:00+00:00,5',
      '2,2026-04-30T10:00:00Z,lots',
      '3,yesterday,5',
      '4,2026-04-30T10:00:00Z',
      '5,2027-04-30T10:00:00Z,5',
      '6,1777543200000,5',
      '',
    ].join('\n')
    const mapping = 'events: [{event: purchase, set: {event_id: id, event_time: at, amount: amount}}]'
    const report = await importPath(log, topic, await write('rows.csv', csv), { mapping })
    expect(report).toMatchObject({ rows: 6, sent: 2, refused: 4 })
    expect(report.refusals.map(({ line, reason }) => [line, reason])).toEqual([
      [3, 'wrong_type'],
      [4, 'invalid_time'],
      [5, 'unreadable'],
      [6, 'too_early'],
    ])
    expect((await eventsOf(log, topic)).map(event => event['event_id']).sort()).toEqual(['1', '6'])
  })

  it('refuses a mapping that does not fit file or catalog, all mistakes at once', async () => {
    const mapping =
      "events:\n  - {event: purchas, set: {event_time: at}}\n  - {event: purchase, when: 'clik == 1', set: {event_time: att, amont: amount}}\n"
    const path = await write('x.csv', 'id,at,amount,click\n1,2,3,4\n')
    const error = await importPath(log, topic, path, { mapping }).catch((reason: Error) => reason.message)
    for (const part of [
      'no event type purchas; did you mean purchase?',
      'no column clik',
      'no column att; did you mean at?',
      'no field amont; did you mean amount?',
      'where amount comes from',
    ])
      expect(error).toContain(part)
  })

  it('refuses a file that reaches beyond the raw retention before its first row, naming the variable', async () => {
    await fresh()
    const path = await write('old', lines([purchase(1), purchase(2, { event_time: NOW - 500 * DAY })]))
    await expect(importPath(log, topic, path, { retentionRaw: 400 * DAY })).rejects.toThrow(/KIVI_RETENTION_RAW=530d/)
    expect(await eventsOf(log, topic)).toEqual([])
    expect(await importPath(log, topic, path, { retentionRaw: 0 })).toMatchObject({ sent: 2 })
  })

  it('the advertisements: one row is an impression, with a click where there was one', async () => {
    await fresh()
    const mapping = await readFile(join(root, 'test/fixtures/ads/mapping.yaml'), 'utf8')
    const report = await importPath(log, topic, join(root, 'test/fixtures/ads/impressions.csv'), { mapping })
    const { total } = JSON.parse(await readFile(join(root, 'test/fixtures/ads/reference.json'), 'utf8')) as {
      total: { impressions: number; clicks: number }
    }
    expect(report).toMatchObject({ rows: total.impressions, sent: total.impressions + total.clicks, refused: 0 })
  })
})
