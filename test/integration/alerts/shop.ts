/**
 * A shop whose click-through rate is what the test says, in a database of its own: ten impressions of each campaign
 * every ten seconds, stored as the worker stores them, and a watermark that moves when it is told to.
 */
import { type ClickHouse, createClickHouse, migrate } from '@kivi/clickhouse'
import { type Catalog, createZone, foldPlain, type PlainEvent, type SliceRow } from '@kivi/domain'
import { clickhouseUrl, uniqueName } from '../../support/index.ts'
import { catalogOf, insertSlices } from '../query/fixture.ts'

export const SECOND = 1_000
export const MINUTE = 60 * SECOND
const SLICE = 10 * SECOND

const KIVI = 'timezone: UTC\ncurrency: EUR\nfiscal_year_start: 01-01\nboard: [ctr]\n'
const MEASURES = `
measures:
  clicks: { event: click, agg: count, dimensions: [campaign] }
  impressions: { event: impression, agg: count, dimensions: [campaign] }
indicators:
  ctr: { label: { en: CTR }, type: ratio, numerator: clicks, denominator: impressions, unit: percent, better: higher,
    window: 1d, interval: none }
`

/** The files of its catalog. */
export const filesOf = (alerts: string): Record<string, string> => ({
  'kivi.yaml': KIVI,
  'measures.yaml': MEASURES,
  'alerts.yaml': alerts,
})

export const catalogWith = (alerts: string): Promise<Catalog> => catalogOf(filesOf(alerts))

/** A rule that fires when a campaign's rate is low for half a minute; `more`: further lines of YAML of the rule. */
export const ctrLow = (...more: readonly string[]): string =>
  `  - alert: CtrLow
    indicator: ctr
    by: [campaign]
    window: 1m
    condition: value < 0.1
    every: 10s
    for: 30s
    keep_firing_for: 20s
    minimum_volume: 5
${more.map(line => `    ${line}\n`).join('')}`

export interface Shop extends AsyncDisposable {
  readonly clickhouse: ClickHouse
  readonly url: string
  store(slices: readonly SliceRow[]): Promise<void>
  /** clicks of ten impressions, in each slice of [from, to) */
  show(campaign: string, clicks: number, from: number, to: number): Promise<void>
  /** everything before it is known */
  watermark(time: number): Promise<void>
}

/** @param clickhouseAt of a ClickHouse; default that of all tests */
export async function openShop(catalog: Catalog, clickhouseAt?: string): Promise<Shop> {
  const url = clickhouseAt ?? (await clickhouseUrl())
  const clickhouse = createClickHouse({ url, database: uniqueName('alerts') })
  await migrate(clickhouse, {})
  let position = 0
  return {
    clickhouse,
    url,
    store: slices => insertSlices(clickhouse, slices),
    show: (campaign, clicks, from, to) => stored(clickhouse, catalog, campaign, from, to, () => clicks),
    async watermark(time) {
      position++
      await clickhouse.command(
        `INSERT INTO partitions (topic, partition, position, high, watermark, idle_since, at, worker) VALUES
         ('events', 0, ${position}, ${position}, ${time}, NULL, fromUnixTimestamp64Milli(${Date.now() + position}, 'UTC'), 'test')`,
      )
    },
    async [Symbol.asyncDispose]() {
      await clickhouse.command(`DROP DATABASE ${clickhouse.database}`)
      await clickhouse.close()
    },
  }
}

/** Ten impressions in each slice of [from, to), and as many clicks as it says. */
export async function stored(clickhouse: ClickHouse, ...shown: Parameters<typeof slicesOf>): Promise<void> {
  await insertSlices(clickhouse, slicesOf(...shown))
}

/** The same, as the worker would store them. */
export function slicesOf(
  catalog: Catalog,
  campaign: string,
  from: number,
  to: number,
  clicks: (slice: number) => number,
): SliceRow[] {
  const events: PlainEvent[] = []
  for (let start = from; start < to; start += SLICE) {
    for (let i = 0; i < 10; i++) events.push(plain('impression', campaign, start + i))
    for (let i = 0; i < clicks(start); i++) events.push(plain('click', campaign, start + i))
  }
  return foldPlain(events, catalog.measures.values(), createZone('UTC'))
}

const plain = (event_type: string, campaign: string, time: number): PlainEvent => ({
  fields: { event_type, campaign, event_time: new Date(time).toISOString() },
  time,
  watermarkBefore: -1,
  person: 0n,
  hashOf: () => 0n,
})
