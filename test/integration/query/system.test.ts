import { KiviError, type LogWatch } from '@kivi/domain'
import { Ajv } from 'ajv'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalogOf, createQueryFixture, type QueryFixture } from './fixture.ts'

const NOW = '2026-03-10T12:00:40Z'
const CATALOG = {
  'kivi.yaml': 'timezone: UTC\ncurrency: EUR\n',
  'm.yaml': `
measures:
  clicks: { event: click, agg: count, dimensions: [] }
entities:
  person: { key: person, fields: { purchases: { event: purchase, agg: list, expr: amount } } }
`,
}

let kivi: QueryFixture
let ends: () => Promise<ReadonlyMap<number, number>>
let letters: LogWatch['deadLetters']

beforeAll(async () => {
  const log: LogWatch = { ends: () => ends(), deadLetters: since => letters(since) }
  kivi = await createQueryFixture(await catalogOf(CATALOG), { now: NOW, log })
  const { clickhouse } = kivi
  const batch = (partition: number, lineage: string, to: number, records: number, at: string) =>
    `('events', '${lineage}', ${partition}, ${to - records}, ${to}, ${records}, ${records - 3}, 1, 1, 1, 0, 200, 202603, '${at}')`
  await clickhouse.command(
    `INSERT INTO ledger (topic, lineage, partition, from_position, to_position, records, accepted, duplicate, rejected,
       too_late, too_early, duration_ms, month, written_at) VALUES
     ${batch(0, 'old', 900, 100, '2026-03-01 00:00:00')},
     ${batch(0, 'new', 10, 10, '2026-03-10 11:00:00')},
     ${batch(0, 'new', 30, 20, '2026-03-10 12:00:00')},
     ${batch(1, 'one', 7, 7, '2026-03-08 12:00:00')}`,
  )
  await clickhouse.command(
    `INSERT INTO points (indicator, version, window, to_time, computed_at) VALUES
     ('clicks', 'v', '1d', '2026-03-10 00:00:00', '2026-03-10 00:05:00'),
     ('clicks', 'v', '1d', '2026-03-09 00:00:00', '2026-03-10 00:06:00')`,
  )
})
afterAll(() => kivi?.close())

/** asked at an instant of its own, since equal ones within two seconds are one question */
let tick = Date.parse(NOW)
async function system() {
  tick += 3_000
  kivi.clock(tick)
  return kivi.get('/v1/system')
}

test('before the first event there is nothing to tell, and nothing is made up', async () => {
  ends = async () => new Map()
  letters = async () => ({ reasons: [], isCut: false, newest: [] })
  const { body } = await system()
  expect(body).toMatchObject({ watermark: null, lag_seconds: null, partitions: [], unavailable: [] })
  expect(body.dead_letters).toEqual({ reasons: [], more: false, newest: [] })
})

test('partitions, ledger, dead letters, derived tables, recorded points, versions and retention', async () => {
  await kivi.progress([
    { watermark: Date.parse('2026-03-10T12:00:05Z'), position: 30, high: 30 },
    { watermark: Date.parse('2026-03-10T11:59:00Z'), position: 7, high: 12 },
  ])
  ends = async () => new Map([[0, 44]])
  let since = 0
  letters = async asked => {
    since = asked
    const newest = [{ id: 'events/0/5', reason: 'invalid_json', detail: 'no JSON', filedAt: tick - 1000 }]
    return { reasons: [{ reason: 'invalid_json', letters: 3 }], isCut: true, newest }
  }
  const { status, body, headers } = await system()
  expect([status, typeof headers['etag']]).toEqual([200, 'string'])
  expect(since).toBe(tick - 86_400_000)
  expect(body.watermark).toBe('2026-03-10T11:59:00Z')
  expect(body.lag_seconds).toBe((tick - Date.parse('2026-03-10T11:59:00Z')) / 1000)
  expect(body.partitions).toMatchObject([
    {
      partition: 0,
      position: 30,
      end: 44,
      end_from: 'log',
      lag: 14,
      newest_event: '2026-03-10T12:00:35Z',
      // the lineage that was written to last, not the one that came furthest
      ledger_position: 30,
      ledger_written_at: '2026-03-10T12:00:00Z',
    },
    // the log did not tell of this one: what the worker saw
    { partition: 1, position: 7, end: 12, end_from: 'worker', lag: 5, ledger_position: 7 },
  ])
  expect(body.last_day).toEqual({
    batches: 2,
    records: 30,
    accepted: 24,
    duplicate: 2,
    rejected: 2,
    too_late: 2,
    too_early: 0,
    slow_batch_ms: 200,
  })
  expect(body.dead_letters).toMatchObject({
    reasons: [{ reason: 'invalid_json', letters: 3 }],
    more: true,
    newest: [{ id: 'events/0/5', detail: 'no JSON' }],
  })
  expect(body.recorded).toEqual([
    { indicator: 'clicks', to: '2026-03-10T00:00:00Z', computed_at: '2026-03-10T00:06:00Z' },
  ])
  expect(body.derived_tables.length).toBeGreaterThan(0)
  expect(body.derived_tables[0]).toMatchObject({ ready: false, built: null, watermark: null, refreshed_at: null })
  expect(body.retention_seconds).toEqual({ ten_seconds: 604_800, quarter_hour: null, day: null, raw: null })
  expect(body.versions).toMatchObject({
    kivi: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    node: process.versions.node,
    clickhouse: expect.stringMatching(/^\d+\.\d+/),
    schema: expect.any(Number),
    catalog: kivi.catalog.hash,
  })
})

test('a source that fails, or does not answer, is null with a reason, and the others are told', async () => {
  ends = () => Promise.reject(new KiviError('log_unreachable', 'the brokers do not answer'))
  letters = () => new Promise(() => undefined)
  const { status, body } = await system()
  expect(status).toBe(200)
  expect(body.dead_letters).toBeNull()
  expect(body.partitions).toMatchObject([{ end_from: 'worker' }, { end_from: 'worker' }])
  expect(body.unavailable).toEqual([
    { what: 'log', reason: 'the brokers do not answer' },
    { what: 'dead_letters', reason: 'no answer within 4 s' },
  ])
})

test('answers are what the document says, whatever is missing', async () => {
  const { body: document } = await kivi.get('/openapi.json')
  const content = document.paths['/v1/system'].get.responses['200'].content['application/json']
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(content.schema)
  for (const broken of [false, true]) {
    letters = broken ? () => Promise.reject(new Error('no')) : async () => ({ reasons: [], isCut: false, newest: [] })
    expect([validate((await system()).body), validate.errors]).toEqual([true, null])
  }
})

test('however many look, the sources are asked once', async () => {
  let asked = 0
  letters = async () => {
    asked++
    return { reasons: [], isCut: false, newest: [] }
  }
  tick += 3_000
  kivi.clock(tick)
  await Promise.all(Array.from({ length: 20 }, () => kivi.get('/v1/system')))
  expect(asked).toBe(1)
})
