/** kivi import through both logs: exactly once, resumable, and no row holds up its neighbours. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import avro from 'avsc'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadCatalog } from '../../../packages/catalog/src/index.ts'
import type { Catalog, EventLog, LogProducer, NewRecord } from '../../../packages/domain/src/index.ts'
import { embeddedEventLog, kafkaEventLog } from '../../../packages/event-log/src/index.ts'
import { type ImportJob, type ImportReport, runImport } from '../../../services/standalone/src/import/importer.ts'
import { openInput } from '../../../services/standalone/src/import/input-file.ts'
import { parseMapping } from '../../../services/standalone/src/import/mapping-file.ts'
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

type Options = Partial<Omit<ImportJob, 'file' | 'mapping'>> & { readonly mapping?: string; readonly stdin?: Readable }

async function importPath(log: EventLog, topic: string, path: string, options: Options = {}): Promise<ImportReport> {
  await using file = await openInput(path, options.stdin ?? new PassThrough())
  const { mapping, stdin: _, ...rest } = options
  const producer = options.producer ?? (await log.producer())
  try {
    return await runImport({
      catalog,
      topic,
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
  const events: Record<string, unknown>[] = []
  for (const [partition, { low, high }] of await log.bounds(topic))
    for (let offset = low; offset < high; offset++) {
      const record = await log.recordAt(topic, partition, offset)
      if (record !== null) events.push(JSON.parse(Buffer.from(record.value!).toString()) as Record<string, unknown>)
    }
  return events
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

describe.each([
  ['embedded', async () => embeddedEventLog({ path: join(directory, `${uniqueName('log')}.sqlite`) })],
  ['kafka', async () => kafkaEventLog({ brokers: await kafkaBrokers() })],
])('through the %s log', (_name, openLog) => {
  let log: EventLog
  const freshTopic = async () => {
    const topic = uniqueName('import')
    await log.ensureTopic(topic, { partitions: 2 })
    return topic
  }
  beforeAll(async () => {
    log = await openLog()
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
  }, 60_000)
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
