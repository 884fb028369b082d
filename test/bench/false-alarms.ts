/**
 * `npm run bench -- false-alarms [--seeds 11,12,13] [--rate 1]`: how often the shipped alert rules are wrong. For each
 * seed the simulated storefront has two months of history, and then a month told several times: with nothing wrong,
 * with one fault of hours after the other, with each fault of weeks. The rules are judged as a running Kivi judges them.
 * Printed are alarms where nothing was wrong, and faults that were found and after how long.
 *
 * --alerts FILE judges the rules of another alerts.yaml, --rules A,B some of them only, --detail tells each alarm and
 * each fault. With --keep DIR what was recorded stays there, and the next run judges it again.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { deserialize, serialize } from 'node:v8'
import { loadCatalogFiles } from '@kivi/catalog'
import type { Catalog } from '@kivi/domain'
import type { Episode } from '../../services/standalone/src/alerts/replay.ts'
import type { Fault } from './false-alarms/faults.ts'
import { judgeMonth } from './false-alarms/judge.ts'
import { drawMonth, MONTH, type Months, recordMonths, type Variant, withPlan } from './false-alarms/months.ts'
import { findQuickly } from './false-alarms/quick.ts'
import { report } from './false-alarms/report.ts'
import { type Run, scoreRun } from './false-alarms/score.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '11,12,13' },
    rate: { type: 'string', default: '1' },
    alerts: { type: 'string' },
    rules: { type: 'string' },
    keep: { type: 'string' },
    detail: { type: 'boolean', default: false },
  },
})
const rate = Number(values.rate)
const catalog = await shippedCatalog()
const named = values.rules?.split(',')
const rules = [...catalog.alerting.rules.values()].filter(({ id }) => named === undefined || named.includes(id))
const told = (text: string): void => console.error(`${new Date().toISOString().slice(11, 19)} ${text}`)

const runs: Run[] = []
for (const seed of values.seeds.split(',').map(Number)) {
  const months = await monthsOf(seed)
  const planned = withPlan(catalog, months.earned)
  const judged: Array<{ faults: readonly Fault[]; episodes: readonly Episode[] }> = []
  for (const [i, faults] of drawMonth(seed).entries()) {
    const { recorded, minutes } = months.variants[i] as Variant
    // what lasts for weeks is about orders only
    const found = new Set(faults.flatMap(({ kind, subject }) => kind.found(subject).map(({ rule }) => rule)))
    const episodes = await judgeMonth({
      ...{ catalog: planned, faults, minutes, signal: AbortSignal.timeout(3_600_000) },
      rules: i <= 1 ? rules : rules.filter(({ id }) => found.has(id)),
      find: (rule, instants) => findQuickly(planned, recorded, rule, instants),
    })
    judged.push({ faults, episodes })
  }
  const [clean, ...faulty] = judged
  told(`seed ${seed}: judged`)
  const cleanDays = (MONTH.to - MONTH.from) / 86_400_000
  runs.push(scoreRun({ seed, events: months.events, rules, clean: clean?.episodes ?? [], faulty, cleanDays }))
}
console.log(report({ runs, rules, rate, detail: values.detail }))

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
