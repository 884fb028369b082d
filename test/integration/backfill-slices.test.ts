import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadCatalogFiles } from '@kivi/catalog'
import { type ClickHouse, reconcile } from '@kivi/clickhouse'
import type { Catalog } from '@kivi/domain'
import { backfillSlices } from '@kivi/evaluator'
import { embeddedEventLog } from '@kivi/event-log'
import { startIngestWorker } from '@kivi/ingest-worker'
import { createLogger, createTelemetry, loadConfig } from '@kivi/service-kit'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createStoreDatabase } from '../support/clickhouse-store.ts'

/** One of each kind; conditions over texts, numbers and booleans; a property as a dimension. */
const NEW = `measures:
  n_count: { event: [click, purchase], agg: count, dimensions: [channel, properties.policy] }
  n_sum: { event: purchase, agg: sum, expr: amount, dimensions: [channel], unit: money }
  n_mean: { event: purchase, agg: mean, expr: amount, filter: "channel != 'shop'", unit: money }
  n_max: { event: purchase, agg: max, expr: amount, unit: money }
  n_orders: { event: purchase, agg: count_distinct, distinct: order_id, dimensions: [channel] }
  n_persons: { event: '*', agg: count_distinct, distinct: person }
  n_median: { event: purchase, agg: quantile, quantile: 0.5, expr: amount, unit: money }
  n_answered: { event: ticket, agg: count, filter: "action == 'responded' && !automatic" }
`
const OLD = 'measures: { old_clicks: { event: click, agg: count } }\n'
const IDS = ['n_count', 'n_sum', 'n_mean', 'n_max', 'n_orders', 'n_persons', 'n_median', 'n_answered']

/** The events are old: nothing may go by the clock of this machine. */
const FOREVER = {
  retention: { tenSeconds: Infinity, quarterHour: Infinity, day: Infinity, raw: Infinity },
}

let directory: string
let before: Catalog
let after: Catalog
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kivi-backfill-'))
  before = await catalogOf({ 'old.yaml': OLD })
  after = await catalogOf({ 'old.yaml': OLD, 'new.yaml': NEW })
})
afterEach(() => rm(directory, { recursive: true, force: true }))

async function catalogOf(yaml: Readonly<Record<string, string>>): Promise<Catalog> {
  const folder = new URL('../../catalog/events/', import.meta.url)
  const files = new Map([['kivi.yaml', 'timezone: Asia/Kathmandu\ncurrency: EUR\n'], ...Object.entries(yaml)])
  for (const name of await readdir(folder)) {
    if (name.endsWith('.avsc')) files.set(`events/${name}`, await readFile(new URL(name, folder), 'utf8'))
  }
  const loaded = loadCatalogFiles(files)
  if (loaded.catalog === undefined) throw new Error(JSON.stringify(loaded.problems))
  return loaded.catalog
}

const START = Date.UTC(2026, 0, 30)
const eventAt = (n: number): Record<string, unknown> => ({
  event_id: `e${n}`,
  event_type: ['click', 'purchase', 'page_view', 'ticket'][n % 4],
  event_time: START + ((n * 7_919_317) % (3 * 86_400_000)),
  ...(n % 5 === 0 ? { anonymous_id: `a${n % 7}` } : { user_id: `u${n % 11}` }),
  ...(n % 3 === 0 ? {} : { channel: ['web', 'shop'][n % 2] }),
  ...(n % 4 === 0 ? { properties: { policy: `p${n % 2}` } } : {}),
  ...(n % 4 === 1 ? { amount: (n % 50) / 4, ...(n % 8 === 1 ? { order_id: `o${n % 6}` } : {}) } : {}),
  ...(n % 4 === 3
    ? { ticket_id: `t${n % 9}`, action: n % 8 === 3 ? 'responded' : 'opened', automatic: n % 16 === 3 }
    : {}),
})

/** Ingests events [from, to) under a catalog, as a worker does that is started for them. */
async function ingest(clickhouse: ClickHouse, name: string, catalog: Catalog, from: number, to: number): Promise<void> {
  const config = loadConfig({ KIVI_RETENTION_RAW: 'forever', KIVI_FLUSH_INTERVAL: '50ms' })
  const telemetry = createTelemetry(createLogger({ service: 'test', level: 'silent' }), { defaults: false })
  const log = embeddedEventLog({ path: join(directory, `${name}.sqlite`) })
  await log.ensureTopic(config.topics.events, { partitions: 2 })
  const worker = await startIngestWorker({
    log,
    clickhouse,
    catalog: () => catalog,
    config,
    telemetry,
    limits: { records: 30 },
  })
  const producer = await log.producer()
  try {
    const records = Array.from({ length: to - from }, (_, i) => eventAt(from + i)).map(event => ({
      key: Buffer.from(String(event['user_id'] ?? event['anonymous_id'])),
      value: Buffer.from(JSON.stringify(event)),
    }))
    await producer.send(config.topics.events, records)
    await expect
      .poll(() => clickhouse.rows('SELECT sum(records) AS n FROM ledger'), { timeout: 60_000 })
      .toEqual([{ n: to }])
  } finally {
    await worker.stop()
    await producer.close()
    await log.close()
  }
}

/** Everything that answers are made of, but for when it came. */
const slices = (clickhouse: ClickHouse, ids: readonly string[] = IDS) =>
  clickhouse.rows(
    `SELECT measure, level, toString(start) AS s, dims, month, toString(sum(count)) AS n, toString(sum(sum)) AS total,
            min(min) AS lo, max(max) AS hi, uniqCombined64Merge(uniq) AS about, uniqExactMerge(exact) AS exactly,
            sumMap(buckets.1, buckets.2) AS histogram
     FROM slices WHERE level > 0 AND measure IN (${ids.map(id => `'${id}'`).join()})
     GROUP BY measure, level, start, dims, month ORDER BY measure, level, start, dims, month`,
  )

const backfill = (clickhouse: ClickHouse, changes: Partial<Parameters<typeof backfillSlices>[0]> = {}) =>
  backfillSlices({
    clickhouse,
    catalog: after,
    measures: [...after.measures.values()],
    signal: new AbortController().signal,
    onProgress: () => undefined,
    positions: 40,
    ...changes,
  })

test('a new measure has the slices that it would have had from the beginning, however often it is interrupted', async () => {
  await using clickhouse = await createStoreDatabase(FOREVER)
  await using whole = await createStoreDatabase(FOREVER)
  await ingest(clickhouse, 'log', before, 0, 400)
  await ingest(clickhouse, 'log', after, 400, 500)
  await ingest(whole, 'whole', after, 0, 500)

  // killed at each note in turn: after some blocks are written, before it is noted that they are
  let now = Date.now()
  let notes = 0
  for (const killAt of [1, 2, 3, 5, 8, 13]) {
    let left = killAt
    const mortal: ClickHouse = {
      ...clickhouse,
      insert: async (sql, body, options) => {
        if (sql.includes('derived_builds') && --left < 0) throw new Error('killed')
        return clickhouse.insert(sql, body, options)
      },
    }
    now += 300_000
    await backfill(mortal, { now: () => now }).catch(error => {
      expect((error as Error).message).toBe('killed')
      notes++
    })
  }
  expect(notes).toBe(6)
  now += 300_000
  await backfill(clickhouse, { now: () => now })
  const expected = await slices(whole)
  expect(expected.length).toBeGreaterThan(500)
  // distinct ids are hashed with each installation's own seed: their numbers are the same, their sketches are not
  expect(await slices(clickhouse)).toEqual(expected)
  expect(await slices(clickhouse, ['old_clicks'])).toEqual(await slices(whole, ['old_clicks']))

  expect(await backfill(clickhouse, { now: () => now })).toEqual([])
  expect((await reconcile(clickhouse, { now: Date.now() })).findings).toEqual([])
})

test('a measure that was counted by another definition is refused: its slices would hold both', async () => {
  await using clickhouse = await createStoreDatabase(FOREVER)
  await ingest(clickhouse, 'log', after, 0, 40)
  const changed = await catalogOf({ 'old.yaml': 'measures: { old_clicks: { event: purchase, agg: count } }' })
  await expect(backfill(clickhouse, { catalog: changed, measures: [...changed.measures.values()] })).rejects.toThrow(
    /old_clicks was counted by another definition before.*an id of its own/,
  )
})

test('two at once are refused, as long as the other one may be alive', async () => {
  await using clickhouse = await createStoreDatabase(FOREVER)
  await ingest(clickhouse, 'log', before, 0, 40)
  const dying = new AbortController()
  await expect(backfill(clickhouse, { signal: dying.signal, onProgress: () => dying.abort() })).rejects.toThrow()
  await expect(backfill(clickhouse)).rejects.toThrow(/Another backfill of n_count was at work \d+ s ago/)
  await backfill(clickhouse, { now: () => Date.now() + 121_000 })
  expect(await backfill(clickhouse)).toEqual([])
})

test('what is counted after a backfill under an old catalog still is made up for, once', async () => {
  await using clickhouse = await createStoreDatabase(FOREVER)
  await using whole = await createStoreDatabase(FOREVER)
  await ingest(clickhouse, 'log', before, 0, 100)
  await backfill(clickhouse)
  await ingest(clickhouse, 'log', before, 100, 140)
  await ingest(clickhouse, 'log', after, 140, 200)
  const done = await backfill(clickhouse)
  expect(done.map(({ measure, positions }) => [measure, positions])).toEqual(IDS.map(id => [id, 40]))
  await ingest(whole, 'whole', after, 0, 200)
  expect(await slices(clickhouse)).toEqual(await slices(whole))
})
