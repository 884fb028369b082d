/**
 * `npm run bench -- false-alarms [--seeds 15,16,17] [--rate 1]`: how often the shipped alert rules are wrong. For each
 * seed the simulated storefront has two months of history, and then a month told several times: with nothing wrong,
 * with one fault of hours after the other, with each fault of weeks. The rules are judged as a running Kivi judges them.
 * Printed are alarms where nothing was wrong, and faults that were found and after how long.
 *
 * --alerts FILE judges the rules of another alerts.yaml, --rules A,B some of them only, --detail tells each alarm and
 * each fault. With --keep DIR what was recorded stays there, and the next run judges it again. With --clickhouse the
 * events of each month are decoded, folded and stored as the worker does it, and rules read ClickHouse; it takes many
 * times as long and tells the same (test/integration/alerts/replay.test.ts).
 */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { deserialize, serialize } from 'node:v8'
import { loadCatalogFiles } from '@kivi/catalog'
import type { Catalog } from '@kivi/domain'
import { startEmbeddedClickHouse } from '@kivi/embedded-clickhouse'
import type { Episode } from '../../services/standalone/src/alerts/replay.ts'
import { type Fault, withFaults } from './false-alarms/faults.ts'
import { judgeMonth } from './false-alarms/judge.ts'
import {
  drawMonth,
  MONTH,
  type Months,
  recordMonths,
  storefrontOf,
  type Variant,
  withPlan,
} from './false-alarms/months.ts'
import { findQuickly } from './false-alarms/quick.ts'
import { report } from './false-alarms/report.ts'
import { type Run, scoreRun } from './false-alarms/score.ts'
import { forRules, storeShop } from './false-alarms/stored.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '15,16,17' },
    rate: { type: 'string', default: '1' },
    alerts: { type: 'string' },
    rules: { type: 'string' },
    keep: { type: 'string' },
    clickhouse: { type: 'boolean', default: false },
    detail: { type: 'boolean', default: false },
  },
})
const rate = Number(values.rate)
const catalog = await shippedCatalog()
const named = values.rules?.split(',')
const rules = [...catalog.alerting.rules.values()].filter(({ id }) => named === undefined || named.includes(id))
const told = (text: string): void => console.error(`${new Date().toISOString().slice(11, 19)} ${text}`)

await using leaving = new AsyncDisposableStack()
const engine = values.clickhouse ? await openEngine() : null

const runs: Run[] = []
for (const seed of values.seeds.split(',').map(Number)) {
  const months = await monthsOf(seed)
  const planned = withPlan(catalog, months.earned)
  const judged: Array<{ faults: readonly Fault[]; episodes: readonly Episode[] }> = []
  for (const [i, faults] of drawMonth(seed).entries()) {
    const { recorded, minutes } = months.variants[i] as Variant
    await using stored = engine === null ? null : await store(engine, seed, i, faults, planned)
    // what lasts for weeks is about orders only
    const found = new Set(faults.flatMap(({ kind, subject }) => kind.found(subject).map(({ rule }) => rule)))
    const episodes = await judgeMonth({
      ...{ catalog: planned, faults, minutes, signal: AbortSignal.timeout(3_600_000) },
      rules: i <= 1 ? rules : rules.filter(({ id }) => found.has(id)),
      find: stored?.find ?? ((rule, instants) => findQuickly(planned, recorded, rule, instants)),
    })
    judged.push({ faults, episodes })
  }
  const [clean, ...faulty] = judged
  told(`seed ${seed}: judged`)
  const cleanDays = (MONTH.to - MONTH.from) / 86_400_000
  runs.push(scoreRun({ seed, events: months.events, rules, clean: clean?.episodes ?? [], faulty, cleanDays }))
}
console.log(report({ runs, rules, rate, detail: values.detail }))

async function openEngine(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'kivi-bench-'))
  leaving.defer(() => rm(dataDir, { recursive: true, force: true }))
  const started = await startEmbeddedClickHouse({ dataDir })
  leaving.defer(() => started.stop())
  return started.url
}

async function store(url: string, seed: number, story: number, faults: readonly Fault[], planned: Catalog) {
  const harm = withFaults(faults)
  function* events() {
    for (const piece of storefrontOf(seed, rate, catalog.timezone)) yield harm(piece)
  }
  const database = `shop_${seed}_${story}`
  const stored = await storeShop({ url, database, catalog: forRules(planned), events: events(), until: MONTH.to })
  told(`seed ${seed}: month ${story} is stored`)
  return stored
}

/** With other rules, if they are told. */
async function shippedCatalog(): Promise<Catalog> {
  const folder = join(import.meta.dirname, '../../catalog')
  const files = new Map<string, string>()
  for (const name of await readdir(folder, { recursive: true }))
    if (/\.(yaml|avsc)$/.test(name) && !name.startsWith('tests'))
      files.set(name, await readFile(join(folder, name), 'utf8'))
  if (values.alerts !== undefined) files.set('alerts.yaml', await readFile(values.alerts, 'utf8'))
  const loaded = loadCatalogFiles(files)
  if (loaded.catalog === undefined) throw new Error(JSON.stringify(loaded.problems, null, 2))
  return loaded.catalog
}

async function monthsOf(seed: number): Promise<Months> {
  const file = values.keep === undefined ? null : join(values.keep, `${seed}-${rate}.v8`)
  const kept = file === null ? null : await readFile(file).catch(() => null)
  if (kept !== null) return deserialize(kept)
  told(`seed ${seed}: the storefront opens`)
  const months = recordMonths(catalog, seed, rate)
  told(`seed ${seed}: ${months.events} events`)
  if (file !== null) {
    await mkdir(values.keep ?? '', { recursive: true })
    await writeFile(file, serialize(months))
  }
  return months
}
