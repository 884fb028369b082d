/** Real logs, a real ClickHouse and a real receiver: what is told, and when it says that it was. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAlertHistoryStore, createSilenceStore } from '@kivi/clickhouse'
import type { EventLog } from '@kivi/domain'
import { startEvaluator } from '@kivi/evaluator'
import { embeddedEventLog, kafkaEventLog } from '@kivi/event-log'
import { createLogger, createTelemetry, loadConfig, readiness } from '@kivi/service-kit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kafkaBrokers, uniqueName } from '../../support/index.ts'
import { Hook } from './hook.ts'
import { LogReader } from './log.ts'
import { catalogWith, ctrLow, MINUTE, openShop, SECOND } from './shop.ts'

const rules = (url: string): string => `
alerts:
${ctrLow('labels: { severity: page }', "annotations: { summary: 'CTR of {{campaign}} is {{value}} at {{since}}' }")}receivers:
  hook: { type: webhook, url: '${url}', timeout: 2s }
route: { receiver: hook, group_by: [campaign], group_wait: 0s, group_interval: 1s, repeat_interval: 4h }
`

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kivi-alerts-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const logs: Readonly<Record<string, () => Promise<EventLog>>> = {
  Kafka: async () => kafkaEventLog({ brokers: await kafkaBrokers() }),
  'the embedded log': async () => embeddedEventLog({ path: join(directory, 'events.sqlite') }),
}

const iso = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z')

describe.each(Object.entries(logs))('with %s', (_, openLog) => {
  test('a rule fires and resolves at its exact instants, is told once, and the history says all of it', async () => {
    await using hook = await Hook.open()
    const catalog = await catalogWith(rules(hook.url))
    await using shop = await openShop(catalog)
    const topic = uniqueName('alerts')
    const log = await openLog()
    const states = await log.states(topic)
    const reader = new LogReader(states)
    const telemetry = createTelemetry(createLogger({ service: 'test', level: 'silent' }), { defaults: false })
    const config = loadConfig({
      ...{ KIVI_TOPIC_ALERTS: topic, KIVI_RETENTION_RAW: '0', KIVI_DERIVE_INTERVAL: '1s' },
      KIVI_EXTERNAL_URL: 'https://kivi.example.org',
    })
    const clickhouse = shop.clickhouse
    const evaluator = await startEvaluator({
      ...{ clickhouse, catalog: () => catalog, config, telemetry },
      alerting: { log, env: {}, sessionTimeoutMs: 6_000 },
    })
    try {
      const base = Math.floor((Date.now() - 30 * MINUTE) / MINUTE) * MINUTE
      await shop.show('spring', 2, base, base + 60 * SECOND)
      await shop.show('spring', 0, base + 60 * SECOND, base + 180 * SECOND)
      await shop.show('spring', 2, base + 180 * SECOND, base + 300 * SECOND)
      await shop.show('autumn', 2, base, base + 300 * SECOND)
      await shop.watermark(base + 60 * SECOND)
      await reader.judged('CtrLow', base + 60 * SECOND)

      // the window of a minute falls below at base + 100 s, and that for 30 s
      await shop.watermark(base + 120 * SECOND)
      await reader.judged('CtrLow', base + 120 * SECOND)
      expect([...reader.state.instances.values()].map(({ phase, since }) => [phase, since - base])).toEqual([
        ['pending', 100 * SECOND],
      ])
      expect(hook.told).toEqual([])

      await shop.watermark(base + 170 * SECOND)
      await hook.until(() => hook.told.length > 0)
      expect(hook.lines).toEqual([`firing spring ${iso(base + 130 * SECOND)}`])
      const [instance] = [...reader.state.instances.values()]
      expect(hook.told[0]).toMatchObject({
        groupLabels: { campaign: 'spring' },
        alerts: [{ generatorURL: `https://kivi.example.org/alerts/${instance?.id}` }],
      })
      expect(await readiness(evaluator.value.checks)).toMatchObject({ ready: true })

      await shop.watermark(base + 300 * SECOND)
      await hook.until(() => hook.told.length > 1)
      expect(hook.lines.slice(1)).toEqual([`resolved spring ${iso(base + 230 * SECOND)}`])

      const history = createAlertHistoryStore(clickhouse)
      const read = async () => {
        const facts = await history.read({ from: base, to: Date.now() + MINUTE, limit: 100 })
        return facts.map(({ fact }) => fact.fact).reverse()
      }
      await expect
        .poll(read, { timeout: 20_000 })
        .toEqual(['leader', 'pending', 'firing', 'sending', 'delivered', 'resolved', 'sending', 'delivered'])
      const metrics = await telemetry.registry.metrics()
      expect(metrics).toMatch(/^kivi_alert_leader 1$/m)
      expect(metrics).toContain('kivi_alert_transitions_total{alert="CtrLow",fact="firing"} 1')
      expect(metrics).toContain('kivi_alert_messages_total{receiver="hook",outcome="delivered"} 2')
    } finally {
      await evaluator.stop()
      await states.close()
      await log.close()
    }
    expect(hook.told).toHaveLength(2)
  })
})

test('a silence that is set before holds, and its end is heard of', async () => {
  await using hook = await Hook.open()
  const catalog = await catalogWith(rules(hook.url))
  await using shop = await openShop(catalog)
  const silences = createSilenceStore(shop.clickhouse)
  const topic = uniqueName('alerts')
  const log = embeddedEventLog({ path: join(directory, 'silenced.sqlite') })
  const states = await log.states(topic)
  const reader = new LogReader(states)
  const telemetry = createTelemetry(createLogger({ service: 'test', level: 'silent' }), { defaults: false })
  const config = loadConfig({ KIVI_TOPIC_ALERTS: topic, KIVI_RETENTION_RAW: '0' })
  const now = Date.now()
  const silence = {
    ...{ id: 'one', from: now - MINUTE, until: now + 60 * MINUTE, author: 'ann', reason: 'known', setAt: now },
    ...{ matchers: [{ label: 'campaign', op: '=', value: 'spring' } as const], ended: false },
  }
  await silences.put(silence)
  const base = Math.floor((now - 30 * MINUTE) / MINUTE) * MINUTE
  for (const campaign of ['spring', 'autumn']) await shop.show(campaign, 0, base, base + 200 * SECOND)
  await shop.watermark(base + 60 * SECOND)
  const evaluator = await startEvaluator({
    ...{ clickhouse: shop.clickhouse, catalog: () => catalog, config, telemetry },
    alerting: { log, env: {} },
  })
  try {
    await reader.judged('CtrLow', base + 60 * SECOND)
    await shop.watermark(base + 200 * SECOND)
    await hook.until(() => hook.told.length > 0)
    await reader.until(({ facts }) => facts.some(({ fact }) => fact === 'delivered'))
    expect(hook.lines).toEqual([`firing autumn ${iso(base + 90 * SECOND)}`])
    await silences.put({ ...silence, ended: true, setAt: Date.now() + 1 })
    await hook.until(() => hook.told.length > 1)
    expect(hook.lines.slice(1)).toEqual([`firing spring ${iso(base + 90 * SECOND)}`])
  } finally {
    await evaluator.stop()
    await states.close()
    await log.close()
  }
})

test('data that stand still raise one alert about that and none about indicators, and it ends when they go on', async () => {
  await using hook = await Hook.open()
  const stalled = '  - { alert: Stalled, stalled: 5m, every: 10s, labels: { severity: page } }\n'
  const catalog = await catalogWith(rules(hook.url).replace('receivers:', `${stalled}receivers:`))
  await using shop = await openShop(catalog)
  const topic = uniqueName('alerts')
  const log = embeddedEventLog({ path: join(directory, 'stalled.sqlite') })
  const telemetry = createTelemetry(createLogger({ service: 'test', level: 'silent' }), { defaults: false })
  const config = loadConfig({ KIVI_TOPIC_ALERTS: topic, KIVI_RETENTION_RAW: '0' })
  const base = Math.floor((Date.now() - 30 * MINUTE) / MINUTE) * MINUTE
  await shop.show('spring', 2, base, base + 60 * SECOND)
  await shop.watermark(base + 60 * SECOND)
  const evaluator = await startEvaluator({
    ...{ clickhouse: shop.clickhouse, catalog: () => catalog, config, telemetry },
    alerting: { log, env: {} },
  })
  try {
    await hook.until(() => hook.told.length > 0)
    expect(hook.lines).toEqual([expect.stringMatching(/^firing Stalled /)])
    await shop.watermark(Date.now())
    await hook.until(() => hook.told.length > 1)
    expect(hook.lines.slice(1)).toEqual([expect.stringMatching(/^resolved Stalled /)])
  } finally {
    await evaluator.stop()
    await log.close()
  }
})
