/**
 * The short form of `npm run bench -- false-alarms`: shipped rules over series that are drawn as a shop's would be, hour
 * by hour, without any event. Where nothing is wrong they are quiet; what goes wrong they find within their windows.
 */
import { fileURLToPath } from 'node:url'
import { loadCatalog } from '@kivi/catalog'
import type { Catalog } from '@kivi/domain'
import { expect, test } from 'vitest'
import { createReplay, type Episode } from '../../../services/standalone/src/alerts/replay.ts'
import { randomOf } from '../../../services/standalone/src/demo/random.ts'
import { busyness } from '../../../services/standalone/src/demo/rhythm.ts'
import { findQuickly } from '../../bench/false-alarms/quick.ts'
import type { Recorded } from '../../bench/false-alarms/recorder.ts'

const loaded = await loadCatalog(fileURLToPath(new URL('../../../catalog', import.meta.url)))
if (loaded.catalog === undefined) throw new Error(JSON.stringify(loaded.problems))
const catalog: Catalog = loaded.catalog

const HOUR = 3_600_000
const DAY = 24 * HOUR
const MINUTE = 60_000
const FROM = Date.UTC(2026, 0, 1)
const JUDGED = FROM + 57 * DAY
const TO = JUDGED + 10 * DAY
/** When what is wrong begins. */
const WRONG = JUDGED + 4 * DAY + 9 * HOUR
const SEEDS = [1, 2, 3, 4]

/** What happens in a mean hour, by measure and group. */
const USUAL = [
  { measure: 'purchases', by: [], group: [], hourly: 25 },
  { measure: 'purchases', by: ['region'], group: ['north'], hourly: 5 },
  { measure: 'signups', by: [], group: [], hourly: 20 },
  { measure: 'page_views', by: ['channel'], group: ['web'], hourly: 300 },
  { measure: 'page_views', by: ['channel'], group: ['app'], hourly: 200 },
  { measure: 'ad_impressions', by: ['campaign'], group: ['spring'], hourly: 500 },
  { measure: 'ad_clicks', by: ['campaign'], group: ['spring'], hourly: 10 },
  { measure: 'tickets_opened', by: [], group: [], hourly: 4 },
] as const

type Line = (typeof USUAL)[number]

/** A drawn shop; `factor` is what is wrong with a line from WRONG on. */
function draw(seed: number, factor: (line: Line) => number): Recorded {
  const length = (TO - FROM) / MINUTE
  const localTime = (at: number) => ({ hour: (at / HOUR) % 24, weekday: new Date(at).getUTCDay() })
  const lines = USUAL.map((line, index) => {
    const random = randomOf(seed, index)
    const n = new Float64Array(length + 1)
    for (let at = FROM; at < TO; at += 15 * MINUTE) {
      const mean = (line.hourly / 4) * busyness(at, FROM, localTime) * (at >= WRONG ? factor(line) : 1)
      n[(at - FROM) / MINUTE + 1] = mean > 0 ? random.poisson(mean) : 0
    }
    for (let i = 1; i <= length; i++) n[i] = (n[i] ?? 0) + (n[i - 1] ?? 0)
    return { ...line, n, sum: new Float64Array(length + 1) }
  })
  const byMeasure = Map.groupBy(lines, ({ measure }) => measure)
  return {
    ...{ from: FROM, length },
    counters: new Map(
      [...byMeasure].map(([measure, own]) => [
        measure,
        [...Map.groupBy(own, ({ by }) => by.join()).values()].map(same => ({
          by: same[0]?.by ?? [],
          lines: new Map(same.map(line => [line.group.join(), line])),
        })),
      ]),
    ),
  }
}

const RULES = ['PurchasesDropped', 'RegionDropped', 'TrafficUnusual', 'SignupsDropped', 'CtrDropped', 'TicketsRose']

async function episodes(seed: number, names: readonly string[], factor: (line: Line) => number): Promise<Episode[]> {
  const recorded = draw(seed, factor)
  const rules = names.map(name => catalog.alerting.rules.get(name) ?? expect.fail(`there is no rule ${name}`))
  const replay = createReplay({
    ...{ catalog, rules, from: JUDGED, signal: AbortSignal.timeout(60_000) },
    observe: async (rule, instants) => findQuickly(catalog, recorded, rule, instants),
  })
  // hour by hour: a quarter of the work
  await replay.passTo(TO, HOUR)
  return replay.episodes()
}

test('forty days of shops in which nothing is wrong: at most one alarm', async () => {
  const found = await Promise.all(SEEDS.map(seed => episodes(seed, RULES, () => 1)))
  expect(found.flat().length).toBeLessThanOrEqual(1)
}, 120_000)

test.each([
  ['nobody can buy', 'PurchasesDropped', 'purchases', 0, 1],
  ['every second order fails', 'PurchasesDropped', 'purchases', 0.5, 3],
  ['the app is down', 'TrafficUnusual', 'app', 0, 2],
  ['robots read the site', 'TrafficUnusual', 'web', 2, 2],
  ['half of the clicks are lost', 'CtrDropped', 'ad_clicks', 0.5, 2],
  ['three times as many tickets', 'TicketsRose', 'tickets_opened', 3, 1],
] as const)(
  '%s: %s tells it',
  async (_, rule, what, factor, windows) => {
    for (const seed of SEEDS.slice(0, 2)) {
      const hit = ({ measure, group }: Line) => measure === what || group[0] === what
      const [first] = await episodes(seed, [rule], line => (hit(line) ? factor : 1))
      const window = catalog.alerting.rules.get(rule)?.windowMs ?? 0
      expect(first?.from).toBeGreaterThan(WRONG)
      expect((first?.from ?? Number.POSITIVE_INFINITY) - WRONG).toBeLessThanOrEqual(windows * window)
    }
  },
  60_000,
)
