import { readdir, readFile } from 'node:fs/promises'
import { loadCatalogFiles } from '@kivi/catalog'
import type { ClickHouse } from '@kivi/clickhouse'
import type { Catalog, Measure } from '@kivi/domain'

const DAYS = 90
const CAMPAIGNS = 100

const YAML = `
measures:
  impressions: { event: impression, agg: count, dimensions: [campaign] }
  clicks: { event: click, agg: count, dimensions: [campaign] }
  orders: { event: purchase, agg: count_distinct, distinct: order_id, dimensions: [campaign] }
  buyers: { event: purchase, agg: count_distinct, distinct: person, dimensions: [campaign] }
  revenue: { event: purchase, agg: sum, expr: amount, unit: money, dimensions: [campaign] }
  refunds: { event: refund, agg: sum, expr: amount, unit: money, dimensions: [campaign] }
  page_views: { event: page_view, agg: count, dimensions: [campaign] }
  ad_spend: { event: cost, agg: sum, expr: amount, unit: money, dimensions: [campaign] }
indicators:
  ctr: { label: { en: ctr }, type: ratio, numerator: clicks, denominator: impressions, unit: percent, better: higher, targets: [{ value: 0.02, from: 2020-01-01, reason: plan }] }
  average_transaction_value: { label: { en: average_transaction_value }, type: ratio, numerator: revenue, denominator: orders, unit: money, better: higher }
  net_revenue: { label: { en: net_revenue }, type: derived, expr: revenue - refunds, unit: money, better: higher }
  return_on_spend: { label: { en: return_on_spend }, type: derived, expr: revenue / ad_spend, better: higher }
`

/** Twelve indicators over eight measures of one dimension. */
export async function benchCatalog(): Promise<Catalog> {
  const board =
    'ctr, average_transaction_value, net_revenue, return_on_spend, impressions, clicks, orders, buyers, revenue, refunds, page_views, ad_spend'
  const files = new Map([
    ['kivi.yaml', `timezone: UTC\ncurrency: EUR\nfiscal_year_start: 01-01\nboard: [${board}]\n`],
    ['bench.yaml', YAML],
  ])
  const directory = new URL('../../../catalog/events/', import.meta.url)
  for (const name of await readdir(directory))
    files.set(`events/${name}`, await readFile(new URL(name, directory), 'utf8'))
  const loaded = loadCatalogFiles(files)
  if (loaded.catalog === undefined) throw new Error(JSON.stringify(loaded.problems))
  return loaded.catalog
}

/** One slice a minute and campaign of the last 7 days at 10 s, and all 90 days at 15 min and day, made by SQL. */
export async function fill(clickhouse: ClickHouse, catalog: Catalog, end: number): Promise<number> {
  const begin = end - DAYS * 86_400_000
  // days begin at midnight, the first and the last one are parts
  const midnight = Math.floor(begin / 86_400_000) * 86_400_000
  let rows = 0
  for (const measure of catalog.measures.values()) {
    rows += await insert(clickhouse, measure, 1, end - 7 * 86_400_000, 60, 7 * 1440)
    rows += await insert(clickhouse, measure, 2, begin, 900, DAYS * 96)
    rows += await insert(clickhouse, measure, 3, midnight, 86_400, DAYS + 1)
  }
  return rows
}

/** Steps of one insert: the states of more rows would not fit into the engine's memory. */
const STEPS_AT_ONCE = 1000

async function insert(
  clickhouse: ClickHouse,
  measure: Measure,
  level: number,
  from: number,
  step: number,
  steps: number,
): Promise<number> {
  const events = step / 60
  // few distinct values: what counts is the number of states to merge
  const distinct =
    measure.agg === 'count_distinct' ? `arrayMap(i -> cityHash64(number, i), range(${Math.min(events, 10)}))` : '[]'
  for (let done = 0; done < steps; done += STEPS_AT_ONCE) {
    const start = from / 1000 + done * step
    await clickhouse.command(
      `INSERT INTO slices (measure, level, start, dims, month, count, sum, min, max, late, distinct_in, exact_in, buckets)
       SELECT {measure:String}, {level:UInt8}, fromUnixTimestamp({start:UInt32} + intDiv(number, ${CAMPAIGNS}) * {step:UInt32}) AS slice,
         [concat('campaign ', toString(number % ${CAMPAIGNS}))], toYYYYMM(slice, 'UTC'), toUInt64({events:Float64} * (1 + number % 7)),
         toInt128(1000000 + number), 0, 0, 0, ${distinct}, ${level === 3 ? distinct : '[]'}, ([], [])
       FROM numbers({rows:UInt64})
       SETTINGS insert_deduplication_token = {token:String}`,
      {
        measure: measure.id,
        level,
        start,
        step,
        events,
        rows: Math.min(STEPS_AT_ONCE, steps - done) * CAMPAIGNS,
        token: `${measure.id}/${level}/${start}`,
      },
    )
  }
  return steps * CAMPAIGNS
}

let position = 0

/** The pipeline tells of a batch that was just written. */
export async function markProgress(clickhouse: ClickHouse, now: number): Promise<void> {
  position++
  await clickhouse.command(
    `INSERT INTO partitions (topic, partition, position, high, watermark, idle_since, at, worker)
     VALUES ('bench', 0, ${position}, ${position}, ${now - 30_000}, NULL, fromUnixTimestamp64Milli(${now}, 'UTC'), 'bench')`,
  )
}
