/**
 * The catalog of a shop in which everything is short, with rules that would all be wrong about a pipeline that stands
 * still: each is one that people write, and each reads missing events as missing sales.
 */
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** what is told about Kivi itself */
export const OWN = { stalled: 'PipelineStalled', noEvents: 'NoEvents' } as const
/** what is told when nobody buys any more, though people come */
export const OF_PURCHASES = ['PurchasesLow', 'PurchasesMissing', 'PurchasesFell'] as const
/** what is told when they buy again: three times of nothing is nothing */
export const OF_THEIR_RETURN = 'PurchasesJumped'
/** the longest look back of a rule, ms: so long after a fault everything is as before */
export const LOOKS_BACK_MS = 40_000

const KIVI = 'timezone: UTC\ncurrency: EUR\nfiscal_year_start: 01-01\nboard: [ctr]\n'

const MEASURES = `
measures:
  events_received: { event: '*', agg: count, traffic: all }
  clicks: { event: click, agg: count, dimensions: [campaign] }
  impressions: { event: impression, agg: count, dimensions: [campaign] }
  purchases: { event: purchase, agg: count, dimensions: [campaign] }
indicators:
  ctr: { label: { en: CTR }, type: ratio, numerator: clicks, denominator: impressions, unit: percent, better: higher,
    window: 1d, interval: none }
`

const alertsOf = (url: string): string => `
alerts:
  - { alert: PipelineStalled, stalled: 60s, labels: { severity: page } }
  - { alert: NoEvents, indicator: events_received, absent: 1h, window: 10s, every: 10s, labels: { severity: page } }
  # each holds for as long as the window of NoEvents before it fires, as docs/alerts.md asks of them
  - { alert: PurchasesLow, indicator: purchases, window: 10s, every: 10s, condition: value < 5, for: 10s }
  - { alert: PurchasesMissing, indicator: purchases, window: 10s, every: 10s, absent: 1h, for: 10s }
  - { alert: PurchasesFell, indicator: purchases, window: 20s, every: 10s, condition: value < 0.3 * previous, for: 10s }
  - { alert: PurchasesJumped, indicator: purchases, window: 10s, every: 10s, condition: value > 3 * previous }
  - { alert: CtrLow, indicator: ctr, window: 10s, every: 10s, condition: value < 0.05, for: 10s, no_data: alert }
  - { alert: CampaignLow, indicator: impressions, by: [campaign], window: 10s, every: 10s, condition: value < 5, for: 10s }
receivers:
  hook: { type: webhook, url: '${url}', timeout: 5s }
route: { receiver: hook, group_by: [alertname], group_wait: 0s, group_interval: 1s, repeat_interval: 1d }
inhibit:
  - { source: ['alertname=~"NoEvents|PipelineStalled"'], target: [indicator!=""], pending: true, linger: 1h }
`

/**
 * Writes it; gives its directory.
 * @param url of whoever is told
 */
export async function writeCatalog(directory: string, url: string): Promise<string> {
  const catalog = join(directory, 'catalog')
  await mkdir(catalog)
  await cp(join(import.meta.dirname, '../../../catalog/events'), join(catalog, 'events'), { recursive: true })
  const files = { 'kivi.yaml': KIVI, 'measures.yaml': MEASURES, 'alerts.yaml': alertsOf(url) }
  for (const [name, text] of Object.entries(files)) await writeFile(join(catalog, name), text)
  return catalog
}
