/** A query service beside a leader whose words the tests put into the alert log. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ClickHouse, createAlertHistoryStore, createSilenceStore } from '@kivi/clickhouse'
import {
  type AlertInstance,
  type AlertRecord,
  instanceId,
  type PlacedFact,
  type SilenceStore,
  type StateLog,
  writeRecord,
} from '@kivi/domain'
import { embeddedEventLog } from '@kivi/event-log'
import { Changes } from '../../contract/changes.ts'
import { Contender } from '../../contract/contender.ts'
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
  /** appends to the alert log, and waits until the service has read it */
  says(...records: readonly (AlertRecord | { readonly gone: string })[]): Promise<void>
  /** into the copy of the history */
  happened(facts: readonly PlacedFact[]): Promise<void>
  readonly silences: SilenceStore
  close(): Promise<void>
}

export async function createAlertWorld(options: { readonly keys?: boolean } = {}): Promise<AlertWorld> {
  const directory = await mkdtemp(join(tmpdir(), 'kivi-alerts-'))
  const log = embeddedEventLog({ path: join(directory, 'log.sqlite') })
  const states = await log.states('alerts')
  const first = writeRecord({ kind: 'leader', name: 'evaluator-1', since: NOW - 60 * MINUTE, catalog: 'c' })
  const leader = await Contender.open(states, first.value as string)
  const leadership = await leader.leads()
  // whoever asks for what comes next has taken in what came before
  let followed = 0
  const changed = new Changes()
  const watched: Pick<StateLog, 'read'> = {
    read(from) {
      followed = from
      changed.notify()
      return states.read(from, { maxWaitMs: 50 })
    },
  }
  const kivi = await createQueryFixture(await catalogOf(CATALOG), {
    now: new Date(NOW).toISOString(),
    states: async () => watched,
    ...options,
  })
  const clickhouse: ClickHouse = kivi.clickhouse
  await kivi.service.app.ready()
  return {
    kivi,
    async says(...records) {
      const changes = records.map(record =>
        'gone' in record ? { key: record.gone, value: null } : writeRecord(record),
      )
      if ((await leadership.append(changes)) !== 'appended') throw new Error('the test does not lead')
      const { next } = await states.read(0)
      while (followed < next) await changed.next()
    },
    happened: facts => createAlertHistoryStore(clickhouse).write(facts),
    silences: createSilenceStore(clickhouse),
    async close() {
      await kivi.close()
      await log.close()
      await rm(directory, { recursive: true })
    },
  }
}

/** An instance of CtrLow of a region that fires. */
export function firing(region: string, changes: Partial<AlertInstance> = {}): AlertInstance {
  const startsAt = NOW - 20 * MINUTE
  const seen = { value: 0.0153, target: null, n: 5_000, compared: {} }
  const id = instanceId('CtrLow', ['region'], [region])
  return {
    kind: 'instance',
    id,
    rule: 'CtrLow',
    by: ['region'],
    group: [region],
    labels: { alertname: 'CtrLow', severity: 'page', team: 'growth', region, indicator: 'click_rate' },
    severity: 'page',
    version: 'v1',
    phase: 'firing',
    since: startsAt,
    startsAt,
    endedAt: null,
    noDataSince: null,
    decided: 1,
    transitions: [
      {
        number: 1,
        kind: 'firing',
        instant: startsAt,
        episode: `${id}-1`,
        startsAt,
        reason: null,
        seen,
        decidedAt: startsAt,
      },
    ],
    dropped: 0,
    told: { chat: { number: 1, at: startsAt + 5_000 }, mail: { number: 0, at: null } },
    ...changes,
  }
}

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
