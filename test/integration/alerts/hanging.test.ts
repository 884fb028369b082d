/** A ClickHouse that takes connections and never answers, under an evaluator that leads. */
import { PassThrough } from 'node:stream'
import { createClickHouse } from '@kivi/clickhouse'
import { startEvaluator } from '@kivi/evaluator'
import { kafkaEventLog } from '@kivi/event-log'
import { createLogger, createTelemetry, loadConfig } from '@kivi/service-kit'
import { expect, test } from 'vitest'
import { kafkaBrokers, uniqueName } from '../../support/index.ts'
import { Gate } from './gate.ts'
import { Hook } from './hook.ts'
import { LogReader } from './log.ts'
import { catalogWith, MINUTE, openShop, SECOND } from './shop.ts'

const rules = (url: string): string => `
alerts:
  - { alert: CtrLow, indicator: ctr, by: [campaign], window: 1m, condition: value < 0.1, every: 10s, minimum_volume: 5 }
  - { alert: Stalled, stalled: 5m, every: 10s, labels: { severity: page } }
receivers:
  hook: { type: webhook, url: '${url}', timeout: 2s }
route: { receiver: hook, group_by: ['...'], group_wait: 0s, group_interval: 1s, repeat_interval: 4h }
`
const SESSION_MS = 6_000
/** each question to ClickHouse; a busy machine takes its time */
const ANSWER_WITHIN_MS = 6_000

test('a ClickHouse that hangs stops no message, ends no leadership, and is told of', { timeout: 240_000 }, async () => {
  await using hook = await Hook.open()
  const catalog = await catalogWith(rules(hook.url))
  await using shop = await openShop(catalog)
  await using gate = await Gate.open(shop.url)
  const clickhouse = createClickHouse({
    ...{ url: gate.url, database: shop.clickhouse.database, requestTimeoutMs: ANSWER_WITHIN_MS },
  })
  const log = kafkaEventLog({ brokers: await kafkaBrokers() })
  const topic = uniqueName('alerts')
  const states = await log.states(topic)
  const reader = new LogReader(states)
  let said = ''
  const stream = new PassThrough().setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const telemetry = createTelemetry(createLogger({ service: 'test', level: 'warn', stream }), { defaults: false })
  const config = loadConfig({ KIVI_TOPIC_ALERTS: topic, KIVI_RETENTION_RAW: '0' })
  const base = Math.floor(Date.now() / MINUTE) * MINUTE - 4 * MINUTE
  let ahead = 0
  await shop.show('spring', 0, base, base + 4 * MINUTE)
  await shop.show('autumn', 2, base, base + 2 * MINUTE)
  await shop.show('autumn', 0, base + 2 * MINUTE, base + 4 * MINUTE)
  // the receiver takes nothing at first
  hook.answering = (_, response) => void response.writeHead(503).end()
  await shop.watermark(base + 2 * MINUTE)
  const evaluator = await startEvaluator({
    ...{ clickhouse, catalog: () => catalog, config, telemetry },
    alerting: { log, env: {}, sessionTimeoutMs: SESSION_MS, now: () => Date.now() + ahead },
  })
  try {
    await reader.until(({ facts }) => facts.some(({ fact }) => fact === 'refused'))
    const firing = () =>
      [...reader.state.instances.values()].map(({ labels }) => labels['campaign'] ?? labels['alertname']).sort()
    expect(firing()).toEqual(['spring'])
    gate.hang()
    const since = performance.now()
    // nobody can read this any more
    await shop.watermark(base + 4 * MINUTE)
    hook.answering = (_, response) => void response.writeHead(200).end()
    hook.told.length = 0
    // what the log holds is told
    await hook.until(() => hook.told.length > 0)
    expect(hook.lines).toEqual([expect.stringMatching(/^firing spring /)])
    // and, minutes later, that the data stand still
    ahead = 5 * MINUTE
    await hook.until(() => hook.told.length > 1)
    expect(hook.lines.slice(1)).toEqual([expect.stringMatching(/^firing Stalled /)])
    // longer than a leader may give no sign of life, and until a question was given up
    await reader.until(
      () => performance.now() - since > 1.2 * SESSION_MS && said.includes('ClickHouse cannot be asked'),
    )
    expect(reader.leaders).toHaveLength(1)
    expect(firing()).toEqual(['Stalled', 'spring'])
    expect(await telemetry.registry.metrics()).toMatch(/^kivi_alert_leader 1$/m)
    gate.heal()
    await hook.until(() => hook.lines.some(line => line.startsWith('firing autumn')))
    expect(hook.lines).toContain(`firing autumn ${new Date(base + 160 * SECOND).toISOString().replace('.000Z', 'Z')}`)
    expect(reader.facts.filter(({ fact }) => fact === 'gap')).toEqual([])
    expect(reader.leaders).toHaveLength(1)
  } finally {
    await evaluator.stop()
    await states.close()
    await log.close()
    await clickhouse.close()
  }
})
