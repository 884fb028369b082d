/**
 * `npm run bench -- query [SECONDS] [--minutes N] [--only answers|dashboards] [--evaluator]`, in two parts.
 *
 * Answers: how quickly values, series and boards are answered over 90 days of one-minute data of 100 campaigns in the
 * embedded engine, beside a bare fastify route that answers a constant of the same size. Each is measured for SECONDS
 * (default 5) while nothing changes and while the data change every second.
 *
 * Dashboards: 1,000 of them poll the board every second, for N minutes (default 1), while 5,000 events a second are
 * ingested; with streams beside them, and with streams that never read. With --evaluator indicators are recorded meanwhile.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type ClickHouse, createClickHouse, migrate } from '@kivi/clickhouse'
import { startEmbeddedClickHouse } from '@kivi/embedded-clickhouse'
import { runCrowd } from './query/crowd/run.ts'
import { benchCatalog, fill, markProgress } from './query/data.ts'
import { measure, printTable, type Row } from './query/load.ts'
import { startBare, startService } from './query/servers.ts'

const CLIENTS = [1, 16, 64]
const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '1' },
    only: { type: 'string' },
    dashboards: { type: 'string', default: '1000' },
    rate: { type: 'string', default: '5000' },
    past: { type: 'string', default: '200000' },
    profile: { type: 'string' },
    evaluator: { type: 'boolean', default: false },
  },
})
const seconds = Number(positionals[0] ?? 5)
if (given.only !== 'dashboards') await measureAnswers()
if (given.only !== 'answers')
  await runCrowd({
    minutes: Number(given.minutes),
    dashboards: Number(given.dashboards),
    rate: Number(given.rate),
    past: Number(given.past),
    watching: 100,
    stuck: 100,
    profile: given.profile ?? null,
    evaluator: given.evaluator,
  })

async function measureAnswers(): Promise<void> {
  // whatever happens, all that was started stops, in reverse
  await using leaving = new AsyncDisposableStack()
  const dataDir = await mkdtemp(join(tmpdir(), 'kivi-bench-'))
  leaving.defer(() => rm(dataDir, { recursive: true, force: true }))
  const engine = await startEmbeddedClickHouse({ dataDir })
  leaving.defer(() => engine.stop())
  const clickhouse = createClickHouse({ url: engine.url, database: 'bench' })
  leaving.defer(() => clickhouse.close())

  await migrate(clickhouse)
  const catalog = await benchCatalog()
  const begun = performance.now()
  const end = Math.floor(Date.now() / 900_000) * 900_000
  const rows = await fill(clickhouse, catalog, end)
  console.log(`${rows.toLocaleString('en')} slices of 90 days in ${((performance.now() - begun) / 1000).toFixed(1)} s`)

  const service = await startService({ url: engine.url, catalog })
  leaving.defer(() => service.stop())
  const questions = [
    ['value', '/v1/indicators/ctr/value?window=1d'],
    ['value by campaign', '/v1/indicators/ctr/value?window=1d&by=campaign'],
    ['series 90 days', '/v1/indicators/ctr/series?window=90d&step=day'],
    ['series day', '/v1/indicators/ctr/series?window=1d&step=1h'],
    ['board 1d', '/v1/board?window=1d'],
    ['board 30d', '/v1/board?window=30d'],
  ] as const
  const table: Row[] = []
  for (const [name, path] of questions) {
    await markProgress(clickhouse, Date.now())
    const first = performance.now()
    const answer = await fetch(`${service.url}${path}`)
    const body = await answer.text()
    const cold = performance.now() - first
    if (!answer.ok) throw new Error(`${path} answers ${answer.status}: ${body}`)
    const anew = await timeAnew(clickhouse, `${service.url}${path}`)
    const bare = await startBare(body)
    for (const clients of CLIENTS) {
      const reference = await measure(bare.url, clients, seconds)
      const still = await measure(`${service.url}${path}`, clients, seconds)
      const readsBefore = service.reads()
      let marked = Promise.resolve()
      const moving = setInterval(() => {
        marked = marked.then(() => markProgress(clickhouse, Date.now()))
      }, 1000)
      const changing = await measure(`${service.url}${path}`, clients, seconds)
      clearInterval(moving)
      await marked
      table.push({
        name,
        bytes: body.length,
        cold,
        anew,
        clients,
        reference,
        still,
        changing,
        reads: service.reads() - readsBefore,
      })
    }
    await bare.stop()
  }
  printTable(table)
}

async function timeAnew(clickhouse: ClickHouse, url: string): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < 3; round++) {
    await markProgress(clickhouse, Date.now())
    // long enough that no answer of a moment ago is given on
    await setTimeout(6000)
    const begun = performance.now()
    await (await fetch(url)).text()
    times.push(performance.now() - begun)
  }
  return times.sort((a, b) => a - b)[1] as number
}
