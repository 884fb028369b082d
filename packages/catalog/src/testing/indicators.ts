import type { Indicator } from '@kivi/domain'
import { loadCatalogFiles } from '../load.ts'
import { formatProblem } from '../problems.ts'
import { problemsOf, sampleFiles } from './sample-catalog.ts'

/** Measures that the tests of indicators are made over. */
export const MEASURES = `measures:
  ad_clicks: { event: click, filter: target == 'ad', agg: count, dimensions: [campaign, channel] }
  ad_impressions: { event: impression, filter: target == 'ad', agg: count, dimensions: [channel, campaign, ad_id] }
  orders: { event: purchase, agg: count_distinct, distinct: order_id, dimensions: [campaign] }
  buyers: { event: purchase, agg: count_distinct, distinct: person, dimensions: [campaign] }
  revenue: { event: purchase, agg: sum, expr: amount, unit: money, dimensions: [campaign] }
  refunds: { event: purchase, agg: sum, expr: amount, unit: money, better: lower }
  price: { event: purchase, agg: mean, expr: amount, unit: money, dimensions: [campaign, category] }
`

/** `x: { label: X, … }` after those measures. */
export const indicatorX = (keys: string): string => `${MEASURES}indicators:\n  x: { label: X, ${keys} }\n`

/** Indicators of a sample catalog with one more file; throws what is wrong with it. */
export function indicatorsOf(
  yaml: string,
  files: Readonly<Record<string, string>> = {},
): ReadonlyMap<string, Indicator> {
  const loaded = loadCatalogFiles(sampleFiles({ 'my.yaml': yaml, ...files }))
  if (loaded.problems) throw new Error(loaded.problems.map(formatProblem).join('\n'))
  return loaded.catalog.indicators
}

/** Indicator x with those keys. */
export function x(keys: string): Indicator {
  return indicatorsOf(indicatorX(keys)).get('x')!
}

/** What is wrong with indicator x, each without its place. */
export function mistakesOf(keys: string): string[] {
  return problemsOf(indicatorX(keys)).map(line => line.slice(line.indexOf(' ') + 1))
}
