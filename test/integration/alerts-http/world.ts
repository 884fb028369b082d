/** A query service beside a leader whose words the tests put into the alert log. */
import { createAlertHistoryStore, createSilenceStore } from '@kivi/clickhouse'
import { type AlertInstance, instanceId, type PlacedFact, type SilenceStore } from '@kivi/domain'
import { type AlertLog, openAlertLog, firing as telling } from '../../support/alert-log.ts'
import { catalogOf, createQueryFixture, type QueryFixture } from '../query/fixture.ts'

export const NOW = Date.parse('2026-06-01T06:00:40Z')
export const MINUTE = 60_000

const CATALOG = {
  'kivi.yaml': 'timezone: Europe/Berlin\ncurrency: EUR\n',
  'shop.yaml': `
measures:
  impressions: { event: impression, agg: count, dimensions: [region, campaign] }
  clicks: { event: click, agg: count, dimensions: [region, campaign] }
  costs: { event: cost, agg: sum, expr: amount, unit: money, dimensions: [] }
indicators:
  click_rate:
    { label: { en: Click-through, zh: 点击率 }, type: ratio, numerator: clicks, denominator: impressions, unit: percent, better: higher, owner: growth }
  support_cost: { label: Cost, type: derived, expr: costs, unit: money, better: lower, owner: support }
`,
  'alerts.yaml': `
alerts:
  - alert: PipelineStalled
    stalled: 5m
    for: 1m
    labels: { severity: page }
    annotations: { summary: 'The data are {{behind}} behind.' }
  - alert: CtrLow
    indicator: click_rate
    by: [region]
    window: 15m
    condition: value < 0.02
    for: 10m
    keep_firing_for: 5m
    labels: { severity: page, team: growth }
    annotations: { summary: { en: 'CTR of {{region}} is {{value}}, since {{since}}', zh: '{{region}} 的点击率为 {{value}}' } }
  - alert: CostHigh
    indicator: support_cost
    window: 1h
    condition: value > 100
    for: 1h
    labels: { severity: ticket }
    annotations: { summary: 'Cost is {{value}}' }
inhibit:
  - source: [alertname="PipelineStalled"]
    target: [indicator!=""]
    pending: true
`,
}

export interface AlertWorld {
  readonly kivi: QueryFixture
  readonly says: AlertLog['says']
  /** into the copy of the history */
  happened(facts: readonly PlacedFact[]): Promise<void>
  readonly silences: SilenceStore
  close(): Promise<void>
}

export async function createAlertWorld(options: { readonly keys?: boolean } = {}): Promise<AlertWorld> {
  const log = await openAlertLog()
  const kivi = await createQueryFixture(await catalogOf(CATALOG), {
    now: new Date(NOW).toISOString(),
    states: log.states,
    ...options,
  })
  await kivi.service.app.ready()
  await log.leads('evaluator-1', NOW - 60 * MINUTE)
  return {
    kivi,
    says: log.says,
    happened: facts => createAlertHistoryStore(kivi.clickhouse).write(facts),
    silences: createSilenceStore(kivi.clickhouse),
    async close() {
      await kivi.close()
      await log.close()
    },
  }
}

/** An instance of CtrLow of a region that fires. */
export const firing = (region: string, changes: Partial<AlertInstance> = {}): AlertInstance =>
  telling(
    'CtrLow',
    { team: 'growth', region, indicator: 'click_rate' },
    { by: ['region'], now: NOW, seen: { value: 0.0153, target: null, n: 5_000, compared: {} }, ...changes },
  )

/** An instance of a rule without groups. */
export const whole = (rule: string, labels: Record<string, string>, changes: Partial<AlertInstance> = {}) =>
  firing('', {
    id: instanceId(rule, [], []),
    rule,
    by: [],
    group: [],
    labels: { alertname: rule, ...labels },
    ...changes,
  })
