import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type ClickHouse, createClickHouse, migrate } from '@kivi/clickhouse'
import { startEmbeddedClickHouse } from '@kivi/embedded-clickhouse'
import { kafkaEventLog } from '@kivi/event-log'
import { STEPS, type StepName } from '@kivi/ingest-worker'
import { startKafka } from '../../infra/local/kafka.ts'
import { writeChaosCatalog } from './catalog.ts'
import { randomFrom, Storefront, type Truth } from './truth.ts'
import { caughtUp, findWrong } from './verify.ts'
import { ChaosWorker } from './worker.ts'

type Fault =
  | { readonly kind: 'kill-at' | 'stop-at'; readonly step: StepName }
  | { readonly kind: 'kill' | 'stop' | 'kill-clickhouse' | 'kill-before-token' | 'kill-after-token' }

export interface ChaosOptions {
  readonly rounds: number
  readonly seed: number
  /** events a second */
  readonly rate: number
  readonly sessionTimeoutMs: number
  /** kills at the write of a token need a C compiler */
  readonly tokenKills: boolean
  readonly report: (line: string) => void
}

export interface ChaosResult {
  readonly wrong: readonly string[]
  readonly truth: Truth
  readonly faults: ReadonlyMap<string, number>
  readonly replays: number
  /** where the workers' logs are kept when something is wrong */
  readonly directory: string
}

const FAULTS: readonly Fault[] = [
  ...STEPS.flatMap((step): Fault[] => [
    { kind: 'kill-at', step },
    { kind: 'stop-at', step },
  ]),
  { kind: 'kill' },
  { kind: 'stop' },
  { kind: 'kill-clickhouse' },
]
const TOKEN_FAULTS: readonly Fault[] = [{ kind: 'kill-before-token' }, { kind: 'kill-after-token' }]
const nameOf = (fault: Fault) => ('step' in fault ? `${fault.kind} ${fault.step}` : fault.kind)

/** Events flow while two workers and ClickHouse are killed and stopped; in the end every count must be right. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const directory = await mkdtemp(join(tmpdir(), 'kivi-chaos-'))
  const random = randomFrom(options.seed)
  await using stack = new AsyncDisposableStack()
  // once all has stopped; what went wrong is left to be looked at
  let right = false
  stack.defer(() => (right ? rm(directory, { recursive: true }) : undefined))
  const killFile = join(directory, 'kill-at-token')
  const kafka = await startKafka({ settings: { 'group.min.session.timeout.ms': '500' } })
  stack.defer(() => kafka.stop())
  const childEnv: Record<string, string> = options.tokenKills
    ? { LD_PRELOAD: await buildKiller(directory), KIVI_KILL_FILE: killFile }
    : {}
  const engine = await startEmbeddedClickHouse({ dataDir: join(directory, 'clickhouse'), childEnv })
  stack.defer(() => engine.stop())
  const clickhouse = createClickHouse({ url: engine.url, database: 'chaos' })
  stack.defer(() => clickhouse.close())
  await migrate(clickhouse)
  const log = kafkaEventLog({ brokers: kafka.brokers })
  stack.defer(() => log.close())
  const topics = { events: 'kivi.events', dead: 'kivi.events.dead' }
  await log.ensureTopic(topics.events, { partitions: 4 })

  const env = {
    ...process.env,
    KIVI_KAFKA_BROKERS: kafka.brokers.join(','),
    KIVI_CLICKHOUSE_URL: engine.url,
    KIVI_CLICKHOUSE_DATABASE: 'chaos',
    KIVI_CATALOG: await writeChaosCatalog(directory),
    KIVI_FLUSH_INTERVAL: '1s',
    CHAOS_SESSION_TIMEOUT_MS: String(options.sessionTimeoutMs),
  }
  const workers = [0, 1].map(i => new ChaosWorker(env, join(directory, `worker-${i}.log`)))
  stack.defer(async () => {
    for (const worker of workers) worker.signal('SIGKILL')
    await Promise.all(workers.map(worker => worker.gone()))
  })
  await Promise.all(workers.map(worker => worker.start()))
  const producer = await log.producer()
  stack.defer(() => producer.close())
  const storefront = new Storefront(producer, topics.events, options.seed)
  storefront.start(options.rate)

  const kinds = options.tokenKills ? [...FAULTS, ...TOKEN_FAULTS] : FAULTS
  const order: Fault[] = []
  while (order.length < options.rounds) order.push(...shuffled(kinds, random))
  const faults = new Map<string, number>()
  for (const [round, fault] of order.slice(0, options.rounds).entries()) {
    const begun = performance.now()
    const before = await ledgerRecords(clickhouse)
    const struck = await strike(fault)
    const name = struck ? nameOf(fault) : `${nameOf(fault)} (not reached in time; killed)`
    faults.set(name, (faults.get(name) ?? 0) + 1)
    // the next fault comes when ingestion goes on, or in the middle of the recovery
    if (random() < 0.7) await progressBeyond(clickhouse, before)
    const failure = workers.find(worker => worker.failure !== null)?.failure
    if (failure)
      return { wrong: [`a worker gave up: ${failure}`], truth: storefront.truth, faults, replays: 0, directory }
    const ms = Math.round(performance.now() - begun)
    options.report(`round ${round + 1}/${options.rounds}: ${name}, ${ms} ms, ${before} records in the ledger`)
  }

  const truth = await storefront.stop()
  for (const worker of workers) if (!worker.alive) await worker.start()
  await caughtUp(clickhouse, log, topics.events)
  const wrong = await findWrong(clickhouse, log, topics, truth)
  const replays = await countReplays(directory)
  right = wrong.length === 0
  return { wrong, truth, faults, replays, directory }

  async function strike(fault: Fault): Promise<boolean> {
    const worker = workers[random() < 0.5 ? 0 : 1]!
    switch (fault.kind) {
      case 'kill-at':
      case 'stop-at':
        worker.arm({ step: fault.step, signal: fault.kind === 'kill-at' ? 'SIGKILL' : 'SIGSTOP' })
        if (!(await worker.struck(8_000))) {
          worker.signal('SIGKILL')
          await revive(worker)
          return false
        }
        await revive(worker)
        return true
      case 'kill':
      case 'stop':
        await sleep(random() * 1500)
        worker.signal(fault.kind === 'kill' ? 'SIGKILL' : 'SIGSTOP')
        await worker.struck(5_000)
        await revive(worker)
        return true
      case 'kill-clickhouse':
        await sleep(random() * 1500)
        process.kill(engine.pid, 'SIGKILL')
        return true
      case 'kill-before-token':
      case 'kill-after-token': {
        const { pid } = engine
        const when = fault.kind === 'kill-before-token' ? 'before' : 'after'
        await writeFile(killFile, `${when} ${Math.floor(random() * 4)}`)
        const end = performance.now() + 15_000
        while (engine.pid === pid && performance.now() < end) await sleep(20)
        await rm(killFile, { force: true })
        return engine.pid !== pid
      }
    }
  }

  /** A killed worker is started again, a stopped one goes on: at once, or after another took its partitions. */
  async function revive(worker: ChaosWorker): Promise<void> {
    const pause = random() < 0.5 ? random() * 300 : options.sessionTimeoutMs * (1 + random())
    await sleep(pause)
    if (worker.alive) worker.signal('SIGCONT')
    else await worker.start()
  }
}

async function ledgerRecords(clickhouse: ClickHouse): Promise<number> {
  for (;;) {
    try {
      const [row] = await clickhouse.rows<{ records: number }>('SELECT sum(records) AS records FROM ledger')
      return row?.records ?? 0
    } catch {
      await sleep(100)
    }
  }
}

async function progressBeyond(clickhouse: ClickHouse, records: number): Promise<void> {
  while ((await ledgerRecords(clickhouse)) <= records) await sleep(100)
}

async function countReplays(directory: string): Promise<number> {
  const { stdout } = await promisify(execFile)('grep', ['-hc', 'replaying the batch', 'worker-0.log', 'worker-1.log'], {
    cwd: directory,
  }).catch((e: { stdout: string }) => e)
  return stdout.split('\n').reduce((sum, line) => sum + Number(line), 0)
}

async function buildKiller(directory: string): Promise<string> {
  const library = join(directory, 'kill-at-token.so')
  const source = join(import.meta.dirname, 'kill-at-token.c')
  await promisify(execFile)('cc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl'])
  return library
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const list = [...items]
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    ;[list[i], list[j]] = [list[j]!, list[i]!]
  }
  return list
}
