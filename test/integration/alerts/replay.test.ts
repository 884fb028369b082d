/**
 * The past of a simulated shop is judged in three ways that have to agree: from what ClickHouse stored, as a running
 * Kivi does it; by `kivi alerts simulate`; and from recorded minutes, by which `npm run bench -- false-alarms` judges
 * many months.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadCatalogFiles } from '@kivi/catalog'
import type { Catalog } from '@kivi/domain'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createReplay, type Episode } from '../../../services/standalone/src/alerts/replay.ts'
import { simulate } from '../../../services/standalone/src/alerts/simulate.ts'
import type { DemoEvent } from '../../../services/standalone/src/demo/event.ts'
import { openStorefront } from '../../../services/standalone/src/demo/storefront.ts'
import { findQuickly } from '../../bench/false-alarms/quick.ts'
import { createRecorder } from '../../bench/false-alarms/recorder.ts'
import { forRules, type StoredShop, storeShop, WATERMARK } from '../../bench/false-alarms/stored.ts'
import { clickhouseUrl, uniqueName } from '../../support/index.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const FROM = Date.UTC(2026, 0, 1)
const TO = FROM + 34 * DAY
const DAYS = 1
const FOREVER = Number.POSITIVE_INFINITY

/** Eager rules: of a small shop in which nothing is wrong they are to find something. */
const RULES = `
alerts:
  - { alert: Orders, indicator: purchases, window: 6h, every: 1h, anomaly: { score: 1, recovery: 0.5 }, keep_firing_for: 1h }
  - { alert: Traffic, indicator: page_views, by: [channel], window: 3h, every: 1h, anomaly: { score: 1 }, for: 1h }
  - { alert: Tickets, indicator: tickets_opened, window: 12h, every: 2h, anomaly: { score: 1 } }
  - { alert: Clicks, indicator: ctr, by: [campaign], minimum_volume: 10, window: 12h, every: 1h, anomaly: { baseline: recent, score: 1, recovery: 1, history: 10 } }
  - { alert: Value, indicator: average_transaction_value, minimum_volume: 2, window: 1d, every: 1h, anomaly: { baseline: recent, score: 1, history: 10 } }
  - { alert: Silent, indicator: events_received, by: [source], absent: 1d, window: 15m, every: 15m, keep_firing_for: 1h }
inhibit:
  - { source: [alertname="Silent"], target: [alertname="Traffic"], linger: 3h }
`

let catalog: Catalog
let stored: StoredShop
let events: DemoEvent[]

beforeAll(async () => {
  const folder = join(import.meta.dirname, '../../../catalog')
  const files = new Map([['alerts.yaml', RULES]])
  for (const name of await readdir(folder, { recursive: true }))
    if (/\.(yaml|avsc)$/.test(name) && !name.startsWith('tests') && !files.has(name))
      files.set(name, await readFile(join(folder, name), 'utf8'))
  const loaded = loadCatalogFiles(files)
  if (loaded.catalog === undefined) throw new Error(JSON.stringify(loaded.problems))
  catalog = forRules(loaded.catalog)
  const localTime = (at: number) => ({ hour: (at / HOUR) % 24, weekday: new Date(at).getUTCDay() })
  const shop = openStorefront({ seed: 77, eventsPerSecond: 0.03, localTime, openedAt: FROM - 20 * DAY })
  // whole pieces, as the simulation of a long time at once is slow
  events = Array.from({ length: 34 }, (_, day) => shop.eventsBetween(FROM + day * DAY, FROM + (day + 1) * DAY)).flat()
  // for twelve hours nothing comes
  const silent = TO - 20 * HOUR
  events = events.filter(({ event_time }) => event_time < silent || event_time >= silent + 12 * HOUR)
  stored = await storeShop({
    ...{ url: await clickhouseUrl(), database: uniqueName('replay'), catalog, events: [events], until: TO },
  })
}, 120_000)
afterAll(() => stored?.[Symbol.asyncDispose]())

const options = () => ({ catalog, from: TO - DAYS * DAY, signal: AbortSignal.timeout(120_000) })
const rules = () => [...catalog.alerting.rules.values()]
const seen = (episodes: readonly Episode[]) =>
  episodes.map(({ rule, labels, from, to, told }) => ({ rule, labels, from, to, told }))

test('recorded minutes and ClickHouse tell the same episodes, and who was told of them', async () => {
  const recorder = createRecorder(catalog, FROM, TO)
  for (const event of events) recorder.add(event)
  const recorded = recorder.finish()
  const quick = createReplay({
    ...{ ...options(), rules: rules() },
    observe: async (rule, instants) => findQuickly(catalog, recorded, rule, instants),
  })
  await quick.passTo(TO)
  const real = createReplay({ ...options(), rules: rules(), observe: stored.find })
  await real.passTo(TO)
  expect(seen(quick.episodes())).toEqual(seen(real.episodes()))
  const found = new Set(real.episodes().map(({ rule }) => rule))
  expect([...found]).toEqual(expect.arrayContaining(['Silent', 'Tickets', 'Traffic']))
  // while nothing came, nobody was told that nobody saw a page
  expect(real.episodes().filter(({ told }) => !told)).not.toEqual([])
  for (const { rule, told } of real.episodes()) if (!told) expect(rule).toBe('Traffic')
}, 120_000)

test('kivi alerts simulate tells the same as the replay of the rule', async () => {
  for (const rule of rules()) {
    const replay = createReplay({ ...options(), rules: [rule], observe: stored.find })
    await replay.passTo(TO)
    const simulation = await simulate({
      ...{ catalog, rule, days: DAYS, source: stored.source, now: TO + 60_000, watermark: WATERMARK },
      retention: { tenSeconds: FOREVER, quarterHour: FOREVER, day: FOREVER, raw: FOREVER },
      signal: AbortSignal.timeout(120_000),
    })
    expect(simulation.episodes).toEqual(replay.episodes())
    expect(simulation.to).toBe(TO)
  }
}, 120_000)
