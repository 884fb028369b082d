/**
 * Real input, through both logs as a user would bring it: files, `kivi import`, HTTP. Every figure must be the one that
 * pandas and SQL found, although the imports are killed, resumed and repeated. Kivi forgets ids after a second here,
 * so that its memory of duplicates cannot be what keeps a repeated import from being counted.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { zstdCompressSync } from 'node:zlib'
import avro from 'avsc'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kiviPrints } from './support/command.ts'
import { ads, type Baskets, basketsByHour, type Clicks, fixture, groceries } from './support/figures.ts'
import {
  type Installation,
  importFiles,
  importKilled,
  type Report,
  reconciled,
  startDistributed,
  startEmbedded,
} from './support/installation.ts'

const SETTINGS = {
  KIVI_RETENTION_10S: 'forever',
  KIVI_RETENTION_15M: 'forever',
  KIVI_RETENTION_DAY: 'forever',
  KIVI_RETENTION_RAW: 'forever',
  KIVI_DUPLICATE_HORIZON: '1s',
  KIVI_IDLE_AFTER: '2s',
  // nothing here is asked of derived tables, which would be brought up to date again and again beside the imports
  KIVI_DERIVE_INTERVAL: '1h',
}
const ADS = [fixture('ads/impressions.csv'), fixture('ads/mapping.yaml')] as const
const GROCERIES = [fixture('groceries/baskets.csv.gz'), fixture('groceries/mapping.yaml')] as const
const ADS_EVENTS = ads.total.impressions + ads.total.clicks
const WEEK = 'from=2019-11-24T00:00:00Z&to=2019-12-01T00:00:00Z'
const YEAR = 'from=2017-01-01T00:00:00Z&to=2018-02-01T00:00:00Z'

interface Series {
  readonly series: ReadonlyArray<{
    readonly by: Readonly<Record<string, string>>
    readonly points: ReadonlyArray<{ readonly t: string; readonly value: number | null; readonly complete: boolean }>
  }>
}
interface Value {
  readonly value: number | null
  readonly complete: boolean
  readonly parts: Readonly<Record<string, number>>
  readonly groups?: ReadonlyArray<{ readonly by: Readonly<Record<string, string>>; readonly value: number | null }>
}

/**
 * Holds every cell of an answer against every cell that is expected: none missing, none too many (an empty step is 0
 * for a count or a sum, and null for a ratio), none further off than the tolerance (0: exactly equal).
 */
function expectCells(
  found: Readonly<Record<string, number | null>>,
  expected: Readonly<Record<string, number>>,
  { empty = 0 as number | null, tolerance = 0 } = {},
): void {
  expect(
    Object.keys(expected).filter(key => !(key in found)),
    'cells without an answer',
  ).toEqual([])
  const wrong = Object.entries(found).filter(([key, value]) => {
    const right = expected[key] ?? empty
    return right === null || value === null ? right !== value : !(Math.abs(value - right) <= tolerance * right)
  })
  expect(wrong.map(([key, value]) => ({ key, value, expected: expected[key] ?? empty }))).toEqual([])
}

/** One figure of each cell, under the name that the API gives the cell. */
const pick = <T>(cells: Iterable<readonly [string, T]>, figure: (cell: T) => number, name = (key: string) => key) =>
  Object.fromEntries([...cells].map(([key, cell]) => [name(key), figure(cell)]))

/** 2017-03 and 2017-03-04 as the API writes the beginning of that month or day */
const asTime = (key: string): string => (key.length > 10 ? key : `${key.padEnd(10, '-01')}T00:00:00Z`)

/** Of the reference's own counts: its ratios are rounded to ten digits. */
const RATIO = { empty: null, tolerance: 1e-9 } as const
const ctrOf = ({ clicks, impressions }: Clicks) => clicks / impressions
const transactionOf = ({ revenue, purchases }: Baskets) => revenue / purchases

describe.each([
  ['the embedded log and engine', startEmbedded, 1],
  ['Kafka, two workers and a query service', startDistributed, 2],
])('through %s', (_, startKivi, workers) => {
  let kivi: Installation
  const reports: Record<string, Report> = {}

  beforeAll(async () => {
    kivi = await startKivi(SETTINGS)
    for (const [name, [file, mapping], events] of [
      ['ads', ADS, ADS_EVENTS],
      ['groceries', GROCERIES, groceries.purchases],
    ] as const) {
      const shares = [Math.random() * 0.6, 0.6 + Math.random() * 0.3]
      const { report, killedAt } = await importKilled(kivi, file, mapping, events, shares)
      expect(killedAt, `killed at ${shares}`).toHaveLength(2)
      reports[name] = report
    }
  }, 900_000)
  afterAll(() => kivi?.[Symbol.asyncDispose]())

  async function series(id: string, query: string): Promise<Map<string, Record<string, number | null>>> {
    const { series } = await kivi.get<Series>(`/v1/indicators/${id}/series?${query}`)
    return new Map(
      series.map(({ by, points }) => [
        Object.values(by).join('/'),
        Object.fromEntries(points.map(({ t, value }) => [t, value])),
      ]),
    )
  }
  /** values by the beginning of their step */
  async function steps(id: string, query: string): Promise<Record<string, number | null>> {
    const answer = await series(id, query)
    expect([...answer.keys()]).toEqual([''])
    return answer.get('')!
  }
  /** values by `step/group` */
  async function groupedSteps(id: string, query: string): Promise<Record<string, number | null>> {
    const answer = await series(id, query)
    return Object.fromEntries(
      [...answer].flatMap(([group, points]) => Object.entries(points).map(([t, value]) => [`${t}/${group}`, value])),
    )
  }
  async function groups(id: string, query: string): Promise<Record<string, number | null>> {
    const { groups } = await kivi.get<Value>(`/v1/indicators/${id}/value?${query}`)
    return Object.fromEntries(groups!.map(({ by, value }) => [Object.values(by).join('/'), value]))
  }
  const value = async (id: string, query: string) =>
    (await kivi.get<Value>(`/v1/indicators/${id}/value?${query}`)).value

  test('an import that was killed twice goes on, and is whole', async () => {
    expect(reports['ads']).toMatchObject({ rows: ads.total.impressions, events: ADS_EVENTS, refused: 0 })
    expect(reports['groceries']).toMatchObject({ rows: groceries.purchases, events: groceries.purchases, refused: 0 })
    for (const report of Object.values(reports)) {
      expect(report.state).not.toBe('begun')
      expect(report.sent).toBeLessThan(report.events)
    }
    expect(await reconciled(kivi)).toMatchObject({
      records: ADS_EVENTS + groceries.purchases,
      accepted: ADS_EVENTS + groceries.purchases,
      duplicate: 0,
      rejected: 0,
      too_late: 0,
      too_early: 0,
    })
    expect(await kivi.rows('SELECT uniqExact(worker) AS workers FROM ledger')).toEqual([{ workers }])
  })

  test('the same files again, later than any duplicate is remembered, change nothing', async () => {
    const before = await reconciled(kivi)
    for (const [[file, mapping], events] of [
      [ADS, ADS_EVENTS],
      [GROCERIES, groceries.purchases],
    ] as const)
      expect(await importFiles(kivi, [file], mapping)).toMatchObject([{ state: 'repeated', sent: 0, events }])
    expect(await reconciled(kivi)).toEqual(before)
  })

  const adFigures = [
    ['impressions', (cell: Clicks) => cell.impressions, {}],
    ['clicks', (cell: Clicks) => cell.clicks, {}],
    ['ctr', ctrOf, RATIO],
  ] as const
  test.each(adFigures)('advertisements: %s by hour, day, campaign and policy', async (id, figure, options) => {
    expectCells(await steps(id, `${WEEK}&step=1h`), pick(Object.entries(ads.by_hour), figure, asTime), options)
    const days = pick(Object.entries(ads.by_day), figure, asTime)
    expectCells(await steps(id, `${WEEK}&step=day`), days, options)
    expectCells(await steps(id, `${WEEK}&step=1d`), days, options)
    expectCells(
      await groupedSteps(id, `${WEEK}&step=1d&by=campaign`),
      pick(Object.entries(ads.by_day_campaign), figure, key => key.replace('/', 'T00:00:00Z/')),
      options,
    )
    const arms = pick(Object.entries(ads.by_policy_campaign), figure)
    expectCells(await groups(id, `${WEEK}&by=properties.policy,campaign`), arms, options)
    for (const [arm, expected] of Object.entries(arms)) {
      const [policy, campaign] = arm.split('/')
      const filters = `filter=properties.policy:${policy}&filter=campaign:${campaign}`
      expectCells({ [arm]: await value(id, `${WEEK}&${filters}`) }, { [arm]: expected }, options)
    }
    expectCells({ total: await value(id, WEEK) }, { total: figure(ads.total) }, options)
    expectCells(
      await steps(id, 'from=2019-11-01T00:00:00Z&to=2019-12-01T00:00:00Z&step=month'),
      { '2019-11-01T00:00:00Z': figure(ads.total) },
      options,
    )
  })

  const basketFigures = [
    ['purchases', (cell: Baskets) => cell.purchases, {}],
    ['revenue', (cell: Baskets) => cell.revenue, {}],
    ['average_transaction_value', transactionOf, RATIO],
    ['customers', (cell: Baskets) => cell.customers, {}],
  ] as const
  test.each(basketFigures)('groceries: %s by hour, day, month and in all', async (id, figure, options) => {
    // the reference's own total agrees with the baskets that the hours are added up from
    const hours = basketsByHour()
    expect([...hours.values()].reduce((sum, { purchases }) => sum + purchases, 0)).toBe(groceries.purchases)
    expectCells(await steps(id, `${YEAR}&step=1h`), pick(hours, figure), options)
    const days = pick(Object.entries(groceries.by_day), figure, asTime)
    expectCells(await steps(id, `${YEAR}&step=day`), days, options)
    expectCells(await steps(id, `${YEAR}&step=1d`), days, options)
    const months = pick(Object.entries(groceries.by_month), figure, asTime)
    expectCells(await steps(id, `${YEAR}&step=month`), months, options)
    expectCells({ total: await value(id, YEAR) }, { total: figure(groceries) }, options)
  })

  test('the answers are complete once all is read and nothing more comes', async () => {
    await expect
      .poll(async () => (await kivi.get<Value>(`/v1/indicators/revenue/value?${YEAR}`)).complete, { timeout: 30_000 })
      .toBe(true)
  })

  test('the command line gives the same', async () => {
    const { env } = kivi
    const ask = async (...args: string[]) => JSON.parse(await kiviPrints([...args, '--json'], { env })) as never
    const ctr: Value = await ask(
      ...['value', 'ctr', '--from', '2019-11-24T00:00:00Z', '--to', '2019-12-01T00:00:00Z', '--by', 'campaign'],
    )
    // the watermark follows the clock meanwhile
    const answer = await kivi.get<Value>(`/v1/indicators/ctr/value?${WEEK}&by=campaign`)
    expect({ ...ctr, watermark: null }).toEqual({ ...answer, watermark: null })
    expect(ctr.parts).toEqual({ ad_impressions: ads.total.impressions, ad_clicks: ads.total.clicks })
    const board: { indicators: { id: string; value: number | null }[] } = await ask('board', '--window', '4000d')
    const shown = Object.fromEntries(board.indicators.map(({ id, value }) => [id, value]))
    expect(shown).toMatchObject({
      net_revenue: groceries.revenue,
      ctr: near(ctrOf(ads.total)),
    })
    // this window does not end with a day: distinct counts are within 1 %
    for (const [id, right] of [
      ['purchases', groceries.purchases],
      ['customers', groceries.customers],
      ['average_transaction_value', transactionOf(groceries)],
    ] as const)
      expect(Math.abs(shown[id]! / right - 1)).toBeLessThan(0.01)
  })

  test('events as NDJSON and as Avro container files are counted like any others, once', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'kivi-variants-'))
    try {
      const files = await writeVariants(directory)
      expect(await importFiles(kivi, files)).toMatchObject(files.map(() => ({ state: 'begun', sent: 300, refused: 0 })))
      expect(await importFiles(kivi, files)).toMatchObject(files.map(() => ({ state: 'repeated', sent: 0 })))
    } finally {
      await rm(directory, { recursive: true })
    }
    const day = 'from=2016-05-01T00:00:00Z&to=2016-05-02T00:00:00Z&by=campaign'
    expect(await groups('purchases', day)).toEqual({ ndjson: 300, 'ndjson.zst': 300, avro: 300 })
    // 0.1 + 0.2 + … + 30.0
    expect(await groups('revenue', day)).toEqual({ ndjson: 4515, 'ndjson.zst': 4515, avro: 4515 })
    expect(await groups('customers', day)).toEqual({ ndjson: 7, 'ndjson.zst': 7, avro: 7 })
    await reconciled(kivi)
  })
})

const near = (expected: number) => expect.closeTo(expected, 9)

/** The same 300 purchases in three formats, each with a campaign and ids of its own. */
async function writeVariants(directory: string): Promise<string[]> {
  const purchases = (campaign: string) =>
    Array.from({ length: 300 }, (_, i) => ({
      event_id: `${campaign}-${i}`,
      event_type: 'purchase',
      event_time: Date.UTC(2016, 4, 1) + i * 60_000,
      campaign,
      user_id: `household ${i % 7}`,
      amount: (i + 1) / 10,
    }))
  const lines = (campaign: string) =>
    Buffer.from(
      purchases(campaign)
        .map(event => JSON.stringify(event))
        .join('\n'),
    )
  const type = avro.Type.forSchema({
    type: 'record',
    name: 'purchase',
    fields: [
      ...['event_id', 'campaign', 'user_id'].map(name => ({ name, type: 'string' })),
      { name: 'event_time', type: { type: 'long', logicalType: 'timestamp-millis' } },
      { name: 'amount', type: 'double' },
    ],
  } as avro.Schema)
  const encoder = new avro.streams.BlockEncoder(type, { codec: 'deflate' })
  for (const purchase of purchases('avro')) encoder.write(purchase)
  encoder.end()
  const avroFile = await buffer(encoder)
  const files = {
    'a.ndjson': lines('ndjson'),
    'b.ndjson.zst': zstdCompressSync(lines('ndjson.zst')),
    'c.avro': avroFile,
  }
  for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content)
  return Object.keys(files).map(name => join(directory, name))
}
