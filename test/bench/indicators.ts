/**
 * `npm run bench -- indicators [EVENTS [PEOPLE]]`: a year of a shop (ten million events of 200,000 people by default)
 * is ingested and derived, then each recorded indicator is computed as the evaluator does, and the costliest of the
 * others. Printed are seconds, their share of the indicator's schedule, peak memory of ClickHouse, and how many times
 * a bare count() over the same events each takes.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadCatalog } from '@kivi/catalog'
import { createClickHouse, createDeriver, createMeasureSource, createSliceReader, migrate } from '@kivi/clickhouse'
import {
  createZone,
  type Indicator,
  lengthWindow,
  measuresBehind,
  parseWindow,
  readSheet,
  restsOnDerived,
} from '@kivi/domain'
import { startEmbeddedClickHouse } from '@kivi/embedded-clickhouse'
import { fillYear } from './indicators/fill.ts'
import { watchMemory } from './indicators/memory.ts'
import { YEAR } from './indicators/year.ts'

const FOREVER = Number.POSITIVE_INFINITY
const RETENTION = { tenSeconds: FOREVER, quarterHour: FOREVER, day: FOREVER }
const COSTLIEST = 15
const [events, people] = [Number(process.argv[2] ?? 10_500_000), Number(process.argv[3] ?? 200_000)]
const seconds = (since: number): number => (performance.now() - since) / 1000
const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 ** 2)} MB`

await using leaving = new AsyncDisposableStack()
const dataDir = await mkdtemp(join(tmpdir(), 'kivi-bench-'))
leaving.defer(() => rm(dataDir, { recursive: true, force: true }))
const engine = await startEmbeddedClickHouse({ dataDir })
leaving.defer(() => engine.stop())
const clickhouse = createClickHouse({ url: engine.url, database: 'bench', requestTimeoutMs: 600_000 })
leaving.defer(() => clickhouse.close())
using memory = watchMemory()
await migrate(clickhouse, { retention: { ...RETENTION, raw: FOREVER } })
const { catalog, problems } = await loadCatalog('catalog')
if (catalog === undefined) throw new Error(JSON.stringify(problems))

let begun = performance.now()
let shown = 0
const accepted = await fillYear(clickhouse, catalog, { events, people }, so => {
  if (so - shown < events / 10) return
  shown = so
  console.log(`${so.toLocaleString('en')} events after ${seconds(begun).toFixed(0)} s`)
})
console.log(
  `${accepted.toLocaleString('en')} events of ${people.toLocaleString('en')} people and one year ingested in ${seconds(begun).toFixed(1)} s`,
)

const zone = createZone(catalog.timezone)
const now = () => YEAR.to + 60_000
const slices = createSliceReader(clickhouse, { zone: () => zone })
begun = performance.now()
memory.take()
const deriver = createDeriver({
  clickhouse,
  progress: () => slices.progress(),
  watermark: { disorder: 30_000, idleAfter: 30_000 },
  now,
})
for (let more = true; more; ) more = (await deriver.pass(catalog, AbortSignal.timeout(3_600_000))).more
console.log(
  `derived tables built in ${seconds(begun).toFixed(1)} s, ClickHouse took ${megabytes(memory.take())} at most`,
)

begun = performance.now()
const [there] = await clickhouse.rows<{ n: number }>(
  'SELECT toUInt32(count()) AS n, toUInt32(uniqExact(user_id)) AS users FROM events',
)
const bare = seconds(begun)
if (there!.n !== accepted) throw new Error(`${there!.n} events are there instead of ${accepted}`)
console.log(
  `a bare count() with distinct users over the same ${there!.n.toLocaleString('en')} events: ${bare.toFixed(2)} s`,
)

interface Timing {
  readonly indicator: Indicator
  readonly by: readonly string[]
  readonly window: string
  readonly seconds: number
  readonly bytes: number
  readonly value: number | null
  readonly failure: string | null
}

/** One value (or those of all groups), with nothing kept from another question. */
async function time(indicator: Indicator, by: readonly string[]): Promise<Timing> {
  const source = createMeasureSource({ clickhouse, slices, rawRetentionMs: FOREVER, now, timeLimitSeconds: 600 })
  const parsed = parseWindow(indicator.window)
  if (!parsed.ok) throw new Error(`${indicator.id} has the window ${indicator.window}`)
  memory.take()
  const start = performance.now()
  let value: number | null = null
  let failure: string | null = null
  try {
    const sheet = await readSheet(
      source,
      catalog!,
      [{ indicator, window: lengthWindow(YEAR.to - parsed.ms, YEAR.to), by, filters: [] }],
      {
        now: now(),
        watermark: YEAR.to,
        calendar: { zone, fiscalYearStart: catalog!.fiscalYearStart },
        retention: RETENTION,
        derived: () => YEAR.to,
        newest: YEAR.to,
        asOf: null,
      },
    )
    value = by.length === 0 ? sheet.at(0).value : sheet.groups(0).length
  } catch (error) {
    failure = (error as Error).message
  }
  return { indicator, by, window: indicator.window, seconds: seconds(start), bytes: memory.take(), value, failure }
}

function print(title: string, timings: readonly Timing[]): void {
  console.log(`\n${title}`)
  console.log(
    'indicator                                 window  seconds  of count()  schedule  share   peak memory  value',
  )
  for (const { indicator, by, window, seconds: took, bytes, value, failure } of timings) {
    const every = indicator.record === null ? null : indicator.record.everyMs / 1000
    const columns = [
      `${indicator.id}${by.length > 0 ? ` by ${by.join()}` : ''}`.padEnd(40),
      window.padStart(7),
      took.toFixed(2).padStart(8),
      `${(took / bare).toFixed(1)}x`.padStart(11),
      (every === null ? '' : `${every} s`).padStart(9),
      (every === null ? '' : `${((100 * took) / every).toFixed(2)} %`).padStart(8),
      megabytes(bytes).padStart(12),
      failure ?? (value === null ? 'null' : Number(value.toPrecision(6)).toString()),
    ]
    console.log(columns.join(' '))
  }
}

const indicators = [...catalog.indicators.values()].filter(({ level }) => level !== null)
const recorded: Timing[] = []
for (const indicator of indicators.filter(({ record }) => record !== null)) {
  recorded.push(await time(indicator, []))
  for (const dimension of indicator.record!.by) recorded.push(await time(indicator, [dimension]))
}
print('Recorded indicators', recorded)

const others: Timing[] = []
for (const indicator of indicators)
  if (indicator.record === null && restsOnDerived(measuresBehind(catalog, indicator)))
    others.push(await time(indicator, []))
print(
  `The ${COSTLIEST} costliest of ${others.length} others that rest on derived tables`,
  others.toSorted((a, b) => b.seconds - a.seconds).slice(0, COSTLIEST),
)

const total = recorded.reduce((sum, { seconds: took }) => sum + took, 0)
const slow = recorded.filter(({ indicator, seconds: took }) => took * 1000 > indicator.record!.everyMs)
const failed = [...recorded, ...others].filter(({ failure }) => failure !== null)
const peak = Math.max(...[...recorded, ...others].map(({ bytes }) => bytes))
console.log(`\nall recorded indicators: ${total.toFixed(1)} s; ClickHouse took ${megabytes(peak)} at most`)
console.log(
  slow.length === 0
    ? 'none takes longer than its schedule'
    : `longer than their schedule: ${slow.map(({ indicator }) => indicator.id).join(', ')}`,
)
if (failed.length > 0) console.log(`without an answer: ${failed.map(({ indicator }) => indicator.id).join(', ')}`)
process.exitCode = slow.length + failed.length === 0 ? 0 : 1
