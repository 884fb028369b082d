/**
 * A shop of many campaigns in many regions, stored as the worker stores it: ten impressions of each group in every slice
 * of ten seconds, two clicks, and in every tenth group two clicks in every second slice only. A window of nine slices
 * holds four or five of those, so that its rate crosses 0.1 at each evaluation.
 */
import type { ClickHouse } from '@kivi/clickhouse'
import type { Catalog, Measure } from '@kivi/domain'
import { catalogOf } from '../../integration/query/fixture.ts'

export const SLICE = 10_000
export const WINDOW_SLICES = 9
/** Below this rate, by what a window of each kind of group has. */
export const THRESHOLDS = { nothing: 0.05, flapping: 0.1, all: 0.5 } as const
const FLAPS = 10
const CAMPAIGNS = 100
/** Rows of one insert. */
const ROWS_AT_ONCE = 400_000

const FILES = {
  'kivi.yaml': 'timezone: UTC\ncurrency: EUR\nfiscal_year_start: 01-01\nboard: [ctr]\n',
  'measures.yaml': `
measures:
  clicks: { event: click, agg: count, dimensions: [campaign, properties.region] }
  impressions: { event: impression, agg: count, dimensions: [campaign, properties.region] }
indicators:
  ctr: { label: { en: CTR }, type: ratio, numerator: clicks, denominator: impressions, unit: percent, better: higher,
    window: 1d, interval: none }
`,
}

/** The files of its catalog. */
export const filesOf = (alerts: string): Record<string, string> => ({ ...FILES, 'alerts.yaml': alerts })

export const shopCatalog = (alerts: string): Promise<Catalog> => catalogOf(filesOf(alerts))

const BY_GROUP = '    by: [campaign, properties.region]\n'

/** A rule by campaign and region, or of what `scope` says. */
export const rule = (name: string, threshold: number, scope = BY_GROUP): string => `
  - alert: ${name}
    indicator: ctr
${scope}    window: ${(WINDOW_SLICES * SLICE) / 1_000}s
    condition: value < ${threshold}
    every: 10s
    minimum_volume: 5
    labels: { severity: page, team: growth }
    annotations:
      summary: '{{label}} is {{value}}, on {{n}} impressions'
      description: 'Below what was agreed since {{since}}. Look at the landing page first, then at the bids.'
      runbook: https://example.com/runbooks/ctr
`

/** What the slices of a tenth of the groups lack: clicks in every second one. */
const FLAPPING_CLICKS = `if(group % ${FLAPS} = 0 AND intDiv(toUnixTimestamp(slice), 10) % 2 = 0, 0, 2)`

export interface Filled {
  readonly groups: number
  readonly from: number
  readonly to: number
  /** clicks of `group` in `slice`, SQL */
  readonly clicks?: string
}

/** Slices of [from, to) of so many groups. */
export async function fill(clickhouse: ClickHouse, catalog: Catalog, filled: Filled): Promise<void> {
  const { groups, from, to, clicks = FLAPPING_CLICKS } = filled
  const stepsAtOnce = Math.max(1, Math.floor(ROWS_AT_ONCE / groups))
  for (const [id, count] of [
    ['impressions', '10'],
    ['clicks', clicks],
  ] as const)
    for (let start = from; start < to; start += stepsAtOnce * SLICE) {
      const measure = catalog.measures.get(id) as Measure
      const steps = Math.min(stepsAtOnce, (to - start) / SLICE)
      await clickhouse.command(
        `INSERT INTO slices (measure, level, start, dims, month, count, sum, min, max, late, distinct_in, exact_in, buckets)
         SELECT {measure:String}, 1, fromUnixTimestamp({start:UInt32} + intDiv(number, {groups:UInt32}) * 10) AS slice,
           [${measure.dimensions.map(name => NAMES[name]).join(', ')}],
           toYYYYMM(slice, 'UTC'), toUInt64(${count}), toInt128(0), 0, 0, 0, [], [], ([], [])
         FROM (SELECT number, number % {groups:UInt32} AS group FROM numbers({rows:UInt64}))
         SETTINGS insert_deduplication_token = {token:String}`,
        { measure: id, start: start / 1_000, groups, rows: steps * groups, token: `${id}/${start}` },
      )
    }
}

const NAMES: Readonly<Record<string, string>> = {
  campaign: `concat('campaign ', toString(group % ${CAMPAIGNS}))`,
  'properties.region': `concat('region ', toString(intDiv(group, ${CAMPAIGNS})))`,
}

/** Everything before it is known. */
export async function moveWatermark(clickhouse: ClickHouse, time: number): Promise<void> {
  position++
  await clickhouse.command(
    `INSERT INTO partitions (topic, partition, position, high, watermark, idle_since, at, worker) VALUES
     ('bench', 0, ${position}, ${position}, ${time}, NULL, fromUnixTimestamp64Milli(${Date.now() + position}, 'UTC'), 'bench')`,
  )
}

let position = 0
