import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createClickHouse } from '@kivi/clickhouse'
import { startEmbeddedClickHouse } from '@kivi/embedded-clickhouse'
import { startCounting } from './counting.ts'
import type { PollsAsked, PollsMeasured } from './dashboards.ts'
import { poll, startCustomers, startKivi, usageOf } from './processes.ts'
import { describeLoad, type Phase, printPolls } from './report.ts'

export interface CrowdOptions {
  /** of the longest measurement; the others take 30 s, or as long where that is shorter */
  readonly minutes: number
  readonly dashboards: number
  /** events per second */
  readonly rate: number
  readonly past: number
  readonly watching: number
  readonly stuck: number
  /** directory for a CPU profile of the query service; null: none */
  readonly profile: string | null
  readonly evaluator: boolean
}

/**
 * Kivi as it runs on one machine, with the shipped catalog, while customers send events and dashboards poll the board.
 * Everything is in one temporary directory and processes of its own, which go with it.
 */
export async function runCrowd(options: CrowdOptions): Promise<void> {
  await using leaving = new AsyncDisposableStack()
  // who interrupts it wants the processes and the directory gone too
  const interrupted = Promise.withResolvers<never>()
  const interrupt = () => interrupted.reject(new Error('interrupted'))
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt)
  await Promise.race([measureCrowd(options, leaving), interrupted.promise])
}

async function measureCrowd(options: CrowdOptions, leaving: AsyncDisposableStack): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'kivi-bench-'))
  leaving.defer(() => rm(directory, { recursive: true, force: true }))
  const engine = await startEmbeddedClickHouse({ dataDir: join(directory, 'clickhouse') })
  leaving.defer(() => engine.stop())
  const counting = await startCounting(engine.url)
  leaving.defer(() => counting.stop())
  const env = { KIVI_DATA_DIR: directory, KIVI_DEMO: 'off', KIVI_HTTP_PORT: '0', KIVI_METRICS_PORT: '0' }
  const customers = await startCustomers({
    log: join(directory, 'log', 'events.sqlite'),
    topic: 'kivi.events',
    rate: options.rate,
    past: options.past,
  })
  leaving.defer(() => customers.kill())
  const background = ['ingest-worker', ...(options.evaluator ? ['evaluator'] : [])]
  const worker = startKivi(background, { ...env, KIVI_CLICKHOUSE_URL: engine.url })
  leaving.defer(() => worker.stop())
  await worker.said(/metrics and health are at (\S+)/)
  const flags = options.profile === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profile}`]
  const service = startKivi(['query-service'], { ...env, KIVI_CLICKHOUSE_URL: counting.url }, flags)
  leaving.defer(() => service.stop())
  const url = await service.said(/The board is at (http[^"\s]+)/)
  await caughtUp(engine.url)

  const board = `${url}/v1/board`
  const body = await (await fetch(board)).text()
  const bare = fork(join(import.meta.dirname, 'bare-server.ts'))
  leaving.defer(() => void bare.kill())
  bare.send(body)
  const [bareUrl] = (await once(bare, 'message')) as [string]
  const short = Math.min(30, 60 * options.minutes)
  const asked: PollsAsked = {
    url: board,
    dashboards: options.dashboards,
    seconds: short,
    etag: true,
    compressed: true,
    streams: null,
  }
  const streams = { url: `${url}/v1/stream`, watching: options.watching, stuck: 0 }
  const phases: Array<readonly [string, PollsAsked]> = [
    ['bare route, ETag', { ...asked, url: bareUrl }],
    ['bare route, every answer whole', { ...asked, url: bareUrl, etag: false }],
    ['board, ETag', { ...asked, seconds: 60 * options.minutes }],
    ['board, every answer whole', { ...asked, etag: false }],
    [`board, ETag, ${options.watching} streams`, { ...asked, streams }],
    [
      `board, ETag, ${options.watching} streams and ${options.stuck} that never read`,
      { ...asked, streams: { ...streams, stuck: options.stuck } },
    ],
  ]
  console.log(
    `board of ${JSON.parse(body).indicators.length} indicators, ${body.length} bytes; ${describeLoad()} before`,
  )
  const measured: Phase[] = []
  for (const [name, question] of phases) {
    counting.counts()
    const before = await usageOf(service.pid)
    const memory: number[] = []
    const sampling = setInterval(() => void usageOf(service.pid).then(usage => memory.push(usage.memory)), 10_000)
    const begun = performance.now()
    const result: PollsMeasured = await poll(question)
    clearInterval(sampling)
    const seconds = (performance.now() - begun) / 1000
    const after = await usageOf(service.pid)
    measured.push({
      name,
      result,
      seconds,
      cpu: (after.cpu - before.cpu) / seconds,
      memory: [before.memory, ...memory, after.memory],
      statements: counting.counts(),
      load: loadavg()[0] as number,
    })
    console.log(`${name}: done`)
    await sleep(2_000)
  }
  const { sent, seconds } = await customers.stop()
  printPolls(measured, { sent, seconds })
}

/** Resolves when what was written before is counted. */
async function caughtUp(url: string): Promise<void> {
  const clickhouse = createClickHouse({ url })
  try {
    for (;;) {
      await sleep(500)
      const rows = await clickhouse.rows<{ behind: number }>(
        'SELECT toUInt32(sum(high - position)) AS behind FROM partitions FINAL HAVING count() > 0',
      )
      if (rows[0] !== undefined && rows[0].behind < 20_000) return
    }
  } finally {
    await clickhouse.close()
  }
}
