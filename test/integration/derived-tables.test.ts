import { type ClickHouse, createDeriver, createSliceReader, entityTableName } from '@kivi/clickhouse'
import { type Catalog, createZone, type Entity } from '@kivi/domain'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createStoreDatabase } from '../support/clickhouse-store.ts'
import { createWorld, type World, type WorldEvent } from '../support/derived-world.ts'
import { ORDERS, PERSONS, SESSIONS } from '../support/entities.ts'

const DAY = 86_400_000
const MORNING = Date.UTC(2026, 0, 30, 8)
const TABLE = entityTableName(PERSONS)

let clickhouse: ClickHouse & AsyncDisposable
let world: World
let now: number
let written: string[]

beforeEach(async () => {
  clickhouse = await createStoreDatabase()
  now = Date.now()
  written = []
  world = createWorld(clickhouse, { now: () => now })
})
afterEach(() => clickhouse[Symbol.asyncDispose]())

const never = new AbortController().signal
const catalogOf = (entities: readonly Entity[], linkedBy: readonly string[] = []): Catalog =>
  ({ entities: new Map(entities.map(each => [each.name, each])), linkedBy }) as unknown as Catalog
const catalog = catalogOf([PERSONS])

const click = (day: number, user = 'anna', minute = 0): WorldEvent => ({
  type: 'click',
  time: MORNING + day * DAY + minute * 60_000,
  user,
})

function deriver(limits = {}) {
  const slices = createSliceReader(clickhouse, { zone: () => createZone('UTC') })
  return createDeriver({
    clickhouse,
    progress: () => slices.progress(),
    watermark: { disorder: 30_000, idleAfter: 30_000 },
    now: () => now,
    limits,
    onStatement: sql => void written.push(sql),
  })
}

async function derive(of = catalog): Promise<void> {
  const one = deriver()
  while ((await one.pass(of, never)).more);
}

const counts = (table = TABLE) =>
  clickhouse.rows<{ d: string; n: number }>(
    `SELECT toString(day) AS d, sum(events) AS n FROM ${table} FINAL GROUP BY d ORDER BY d`,
  )

test('a new table is built before it is followed, and is ready when all of it is there', async () => {
  await world.ingest([click(0), click(1), click(2)])
  await world.watermark(MORNING + 2 * DAY)
  const one = deriver({ eventsAtOnce: 1, passMs: 0 })
  const first = await one.pass(catalog, never)
  expect(first).toMatchObject({ more: true, watermark: MORNING + 2 * DAY })
  expect(first.tables).toMatchObject([{ label: 'person', ready: false, built: 1 / 3, watermark: null, behind: 2 }])

  const days: string[] = []
  for (let i = 0; i < 4; i++) {
    days.push((await counts()).map(({ d }) => d.slice(8)).join())
    // another evaluator goes on where the one before had stopped
    await deriver({ eventsAtOnce: 1, passMs: 0 }).pass(catalog, never)
  }
  expect(days).toEqual(['01', '31,01', '30,31,01', '30,31,01'])
  const last = await one.pass(catalog, never)
  expect(last.tables).toMatchObject([{ ready: true, built: 1, behind: 0, watermark: MORNING + 2 * DAY }])
})

test('what comes in while a table is built is in it when it is ready', async () => {
  await world.ingest([click(0), click(1)])
  await deriver({ eventsAtOnce: 1, passMs: 0 }).pass(catalog, never)
  await world.ingest([click(1, 'bob'), click(5)])
  await derive()
  expect((await counts()).map(({ n }) => n)).toEqual([1, 2, 1])
})

test('only keys and days with new events are written again', async () => {
  await world.ingest([click(0), click(0, 'bob'), click(1)])
  await derive()
  await world.ingest([click(0, 'bob', 5)])
  written = []
  const report = await deriver().pass(catalog, never)
  expect(report.tables).toMatchObject([{ changedKeys: 1, behind: 0 }])
  expect(written).toHaveLength(1)
  const rows = await clickhouse.rows<{ n: number }>(`SELECT count() AS n FROM ${TABLE} WHERE events = 2`)
  expect(rows[0]!.n).toBe(1)
  written = []
  await derive()
  expect(written).toEqual([])
})

test('a batch whose ledger row is not written yet moves nothing on, and is followed when it is', async () => {
  await world.ingest([click(0)])
  await derive()
  await world.ingest([click(1)], { unfinished: true })
  written = []
  await derive()
  expect(written).toEqual([])
})

test('a lineage that begins anew is followed from its beginning', async () => {
  await world.ingest([click(0), click(1), click(2)])
  await world.watermark(MORNING)
  await derive()
  world = createWorld(clickhouse, { now: () => now, lineage: 'bbbb' })
  await world.ingest([click(3)])
  now += 1_000
  await world.watermark(MORNING)
  await derive()
  expect((await counts()).map(({ n }) => n)).toEqual([1, 1, 1, 1])
})

test('a changed definition gets a table of its own; the old one goes when nobody has kept it up for a week', async () => {
  await world.ingest([click(0)])
  await derive()
  const changed = catalogOf([{ ...PERSONS, version: 'ba9876543210' }])
  await derive(changed)
  const tables = async () =>
    (
      await clickhouse.rows<{ name: string }>(
        "SELECT name FROM system.tables WHERE database = currentDatabase() AND name LIKE 'entity_%' ORDER BY name",
      )
    ).map(row => row.name)
  expect(await tables()).toEqual(['entity_person_0123456789ab', 'entity_person_ba9876543210'])
  now += 6 * DAY
  await derive(changed)
  expect(await tables()).toHaveLength(2)
  now += 2 * DAY
  expect((await deriver().pass(changed, never)).dropped).toEqual(['entity_person_0123456789ab'])
  expect(await tables()).toEqual(['entity_person_ba9876543210'])

  // back to the old definition: it is built anew, whatever was noted about the table of that name
  await world.ingest([click(0, 'anna', 5)])
  await derive(catalog)
  expect((await counts()).map(({ n }) => n)).toEqual([2])
})

test('rows outlive the raw events that they are made of', async () => {
  await world.ingest([click(0), click(0, 'anna', 1), click(1)])
  await derive()
  await clickhouse.command(
    `ALTER TABLE events DELETE WHERE toDate(event_time) = toDate('2026-01-30') SETTINGS mutations_sync = 2`,
  )
  await world.ingest([click(1, 'anna', 7)])
  await derive()
  expect((await counts()).map(({ n }) => n)).toEqual([2, 2])
})

test('a large day is divided by its keys, and each row is written once', async () => {
  const many = Array.from({ length: 60 }, (_, i) => click(0, `user ${i % 20}`, i))
  await world.ingest(many)
  const one = deriver({ eventsAtOnce: 10 })
  while ((await one.pass(catalog, never)).more);
  expect(written).toHaveLength(6)
  const [row] = await clickhouse.rows<{ rows: number; keys: number }>(
    `SELECT count() AS rows, uniqExact(person) AS keys FROM ${TABLE}`,
  )
  expect(row).toEqual({ rows: 20, keys: 20 })

  written = []
  await world.ingest(many.map(event => ({ ...event, time: event.time + 1 })))
  await deriver({ rowsAtOnce: 7 }).pass(catalog, never)
  expect(written).toHaveLength(3)
  expect(await counts()).toEqual([{ d: '2026-01-30', n: 120 }])
})

test('a pass that runs out of time tells how far behind it is, and its watermark stays until it is done', async () => {
  await world.ingest([click(0)])
  await world.watermark(MORNING)
  await derive()
  for (let batch = 0; batch < 3; batch++) await world.ingest([click(1, 'anna', batch)])
  now += 1_000
  await world.watermark(MORNING + DAY)
  const report = await deriver({ changedEvents: 1, passMs: 0 }).pass(catalog, never)
  expect(report).toMatchObject({ more: true, tables: [{ behind: 2, watermark: MORNING }] })
  const done = await deriver().pass(catalog, never)
  expect(done).toMatchObject({ more: false, tables: [{ behind: 0, watermark: MORNING + DAY }] })
})

test('texts that have to be quoted are keys, types and filters like others', async () => {
  const odd: Entity = {
    ...ORDERS,
    name: 'odd',
    key: ["properties.it's", 'order_id'],
    fields: new Map([
      ['seen', { ...SESSIONS.fields.get('own')!, name: 'seen', from: [{ events: ["o'type\\"], filter: null }] }],
    ]),
  }
  await world.ingest([
    { type: "o'type\\", time: MORNING, strings: { order_id: 'a"b\\' }, properties: { "it's": "c'd" } },
    { type: "o'type\\", time: MORNING, strings: { order_id: 'x' } },
  ])
  await derive(catalogOf([odd]))
  const rows = await clickhouse.rows<{ key: string }>(`SELECT key FROM ${entityTableName(odd)}`)
  expect(rows.map(({ key }) => JSON.parse(key))).toEqual([["c'd", 'a"b\\']])
})
