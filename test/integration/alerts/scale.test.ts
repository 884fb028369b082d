/** Ten thousand alerts of one rule: how often ClickHouse is asked, how many messages they make, what of them is left. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createAlertHistoryStore,
  createClickHouse,
  createSilenceStore,
  createSystemSource,
  migrate,
} from '@kivi/clickhouse'
import { type AlertRule, type Basis, createZone, readRule } from '@kivi/domain'
import { embeddedEventLog } from '@kivi/event-log'
import { createReceiver } from '@kivi/receivers'
import { createLogger, createTelemetry, loadConfig } from '@kivi/service-kit'
import { expect, test } from 'vitest'
import { startAlerting } from '../../../services/evaluator/src/alerting/app.ts'
import { backgroundSource } from '../../../services/evaluator/src/sources.ts'
import { fill, moveWatermark, SLICE, shopCatalog } from '../../bench/alerts/shop.ts'
import { startCounting } from '../../bench/query/crowd/counting.ts'
import { clickhouseUrl, uniqueName } from '../../support/index.ts'
import { Hook } from './hook.ts'
import { LogReader } from './log.ts'
import { MINUTE } from './shop.ts'

const GROUPS = 10_000
const telemetry = () => createTelemetry(createLogger({ service: 'test', level: 'silent' }), { defaults: false })
const config = loadConfig({ KIVI_RETENTION_RAW: '0' })

const rules = (url: string): string => `
alerts:
  - alert: CtrLow
    indicator: ctr
    by: [campaign, properties.region]
    window: 10s
    condition: value < 0.1 || previous < 0.05 && value < 0.15
    every: 10s
    annotations: { summary: 'CTR of {{campaign}} in {{properties.region}} is {{value}}' }
receivers:
  hook: { type: webhook, url: '${url}', send_resolved: false }
  chat: { type: dingtalk, url: { env: CHAT_URL }, send_resolved: false }
route:
  receiver: hook
  group_by: [alertname]
  group_wait: 0s
  group_interval: 1s
  routes:
    - { name: hook, receiver: hook, match: ['alertname="CtrLow"'], continue: true }
    - { name: chat, receiver: chat, match: ['alertname="CtrLow"'] }
`

/** A shop in a database of its own, asked through somebody who counts. */
async function openShop(groups: number, clicks: string, slices: number, alerts: string) {
  const counting = await startCounting(await clickhouseUrl())
  const clickhouse = createClickHouse({ url: counting.url, database: uniqueName('scale') })
  await migrate(clickhouse, {})
  const catalog = await shopCatalog(alerts)
  const from = Math.floor((Date.now() - 30 * MINUTE) / MINUTE) * MINUTE
  await fill(clickhouse, catalog, { groups, from, to: from + slices * SLICE, clicks })
  return {
    ...{ clickhouse, counting, catalog, from },
    async [Symbol.asyncDispose]() {
      await clickhouse.command(`DROP DATABASE ${clickhouse.database}`)
      await clickhouse.close()
      await counting.stop()
    },
  }
}

test('ten thousand alerts are judged by one statement, told in ten messages, and forgotten when they are long over', async () => {
  await using hook = await Hook.open()
  // DingTalk says in the body that it took a message
  hook.answering = (_, response) => void response.writeHead(200).end('{"errcode":0}')
  // well, then no clicks for ten seconds, then well again
  const clicks = 'if(intDiv(toUnixTimestamp(slice), 10) % 3 = 1, 0, 2)'
  await using shop = await openShop(GROUPS, clicks, 6, rules(hook.url))
  const { clickhouse, catalog, counting } = shop
  const first = shop.from + (3 - ((shop.from / SLICE) % 3)) * SLICE
  const directory = await mkdtemp(join(tmpdir(), 'kivi-scale-'))
  const log = embeddedEventLog({ path: join(directory, 'events.sqlite') })
  const states = await log.states('alerts')
  const reader = new LogReader(states)
  let ahead = 0
  const now = () => Date.now() + ahead
  await moveWatermark(clickhouse, first + SLICE)
  const alerting = await startAlerting({
    ...{ topic: 'alerts', states: () => log.states('alerts'), catalog: () => catalog, telemetry: telemetry(), now },
    ...{ source: backgroundSource({ clickhouse, config }, catalog), retention: config.retention },
    ...{ silences: createSilenceStore(clickhouse), history: createAlertHistoryStore(clickhouse) },
    ...{ system: createSystemSource(clickhouse), watermark: { disorder: 30_000, idleAfter: 30_000 } },
    receiver: settings =>
      createReceiver(settings, {
        ...{ env: { CHAT_URL: hook.url }, timezone: 'UTC', now, producer: () => log.producer() },
      }),
    ...{ externalUrl: null, pingUrl: null, catchUpMs: config.alerts.catchUpMs },
  })
  try {
    await reader.judged('CtrLow', first + SLICE)
    expect(reader.state.instances.size).toBe(0)
    counting.counts()

    await moveWatermark(clickhouse, first + 2 * SLICE)
    await reader.until(({ facts }) => facts.filter(({ fact }) => fact === 'delivered').length === 20)
    expect(counting.counts().get('slices')).toBe(1)
    // on a machine that is so busy that an answer comes too late, a message is told again under its key
    const told = [...new Map(hook.told.map(one => [one.key, one])).values()].filter(
      ({ receiver }) => receiver === 'hook',
    )
    const chats = [...new Set(hook.told.filter(({ receiver }) => receiver !== 'hook').map(({ body }) => body))]
    expect(told.map(({ alerts }) => alerts.length)).toEqual(Array(10).fill(1_000))
    const names = new Set(told.flatMap(({ alerts }) => alerts.map(({ fingerprint }) => fingerprint)))
    expect(names.size).toBe(GROUPS)
    // a person reads the first ones, and how many more there are
    expect(chats).toHaveLength(10)
    for (const body of chats) expect(Buffer.byteLength(body)).toBeLessThan(20_000)
    expect(chats[0]).toContain('9980')

    await moveWatermark(clickhouse, first + 3 * SLICE)
    await reader.judged('CtrLow', first + 3 * SLICE)
    expect(counting.counts().get('slices')).toBe(1)
    expect([...reader.state.instances.values()].filter(({ phase }) => phase === 'inactive')).toHaveLength(GROUPS)

    // nobody needs their records any more: tombstones are what compaction leaves out
    ahead = 16 * MINUTE
    await reader.until(({ state }) => state.instances.size === 0)
  } finally {
    await alerting.stop()
    await states.close()
    await log.close()
    await rm(directory, { recursive: true, force: true })
  }
}, 180_000)

test('what is found for many groups at many instants is what is found for each of them alone', async () => {
  const groups = 500
  // every seventh group has none, and each its own course
  const clicks = 'if(group % 7 = 0, 0, (group + intDiv(toUnixTimestamp(slice), 10)) % 4)'
  await using shop = await openShop(groups, clicks, 12, rules('http://127.0.0.1:1'))
  const { clickhouse, catalog, counting } = shop
  const source = backgroundSource({ clickhouse, config }, catalog)
  const rule = catalog.alerting.rules.get('CtrLow') as AlertRule
  const end = shop.from + 12 * SLICE
  const instants = [6, 7, 8, 12].map(n => shop.from + n * SLICE)
  const basis: Omit<Basis, 'asOf' | 'newest'> = {
    ...{ now: Date.now(), watermark: end, retention: config.retention, derived: () => end },
    calendar: { zone: createZone('UTC'), fiscalYearStart: '01-01' },
  }
  const reader = { source, catalog, basis }
  counting.counts()
  const together = await readRule(rule, instants, reader)
  expect(counting.counts().get('slices')).toBe(1)
  expect(together.map(({ observations }) => observations.length)).toEqual([groups, groups, groups, groups])
  expect(new Set(together.flatMap(({ observations }) => observations.map(({ fires }) => fires))).size).toBe(2)
  for (const { group } of together[0]?.observations.filter((_, i) => i % 100 === 0) ?? []) {
    const filters = rule.by.map((field, i) => ({ field, values: [group[i] ?? ''] }))
    for (const [i, instant] of instants.entries()) {
      const [alone] = await readRule({ ...rule, filters }, [instant], reader)
      const own = together[i]?.observations.find(({ group: other }) => other.join() === group.join())
      expect(alone?.observations).toEqual([own])
    }
  }
}, 60_000)
