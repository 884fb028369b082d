/**
 * Alerts while whoever leads is killed and stopped, ClickHouse is killed, and the receiver does everything that
 * receivers do; in the end every promise about delivery must have been kept.
 */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ClickHouse, createClickHouse, migrate } from '@kivi/clickhouse'
import { startEmbeddedClickHouse } from '@kivi/embedded-clickhouse'
import { kafkaEventLog } from '@kivi/event-log'
import { startKafka } from '../../../infra/local/kafka.ts'
import { LogReader } from '../../integration/alerts/log.ts'
import { catalogWith, filesOf, MINUTE, SECOND, stored } from '../../integration/alerts/shop.ts'
import { randomFrom } from '../truth.ts'
import { Evaluators } from './evaluators.ts'
import { type Heard, openReceiver } from './receiver.ts'
import { episodes, FOR, KEEP, plan, SLICE, WINDOW } from './schedule.ts'
import { findWrong } from './verify.ts'

type Fault = 'kill' | 'stop' | 'kill ClickHouse' | 'kill both'

export interface AlertChaosOptions {
  readonly rounds: number
  readonly seed: number
  readonly sessionTimeoutMs: number
  readonly report: (line: string) => void
}

export interface AlertChaosResult {
  readonly wrong: readonly string[]
  readonly faults: ReadonlyMap<string, number>
  /** ms from the fault to the next leader's record */
  readonly takeOvers: readonly number[]
  readonly episodes: number
  readonly heard: readonly Heard[]
  /** where the logs are kept when something is wrong */
  readonly directory: string
}

/** So much event time goes by in a second. */
const SPEED = 15
/** A round takes about so long. */
const ROUND_MS = 16_000
const TOPIC = 'kivi.alerts'

const rules = (url: string): string => `
alerts:
  - alert: CtrLow
    indicator: ctr
    by: [campaign]
    window: ${WINDOW / SECOND}s
    condition: value < 0.1
    every: ${SLICE / SECOND}s
    for: ${FOR / SECOND}s
    keep_firing_for: ${KEEP / SECOND}s
    minimum_volume: 5
receivers:
  all: { type: webhook, url: '${url}', timeout: 2s, headers: { x-sender: { env: SENDER } } }
  each: { type: webhook, url: '${url}', timeout: 2s, headers: { x-sender: { env: SENDER } } }
route:
  receiver: all
  group_wait: 0s
  group_interval: 1s
  repeat_interval: 1d
  routes:
    - { name: all, receiver: all, match: ['alertname="CtrLow"'], group_by: [alertname], continue: true }
    - { name: each, receiver: each, match: ['alertname="CtrLow"'], group_by: [campaign] }
`

export async function runAlertChaos(options: AlertChaosOptions): Promise<AlertChaosResult> {
  const { rounds, sessionTimeoutMs, report } = options
  const directory = await mkdtemp(join(tmpdir(), 'kivi-alert-chaos-'))
  const random = randomFrom(options.seed)
  await using stack = new AsyncDisposableStack()
  const kafka = await startKafka({ settings: { 'group.min.session.timeout.ms': '500' } })
  stack.defer(() => kafka.stop())
  const engine = await startEmbeddedClickHouse({ dataDir: join(directory, 'clickhouse') })
  stack.defer(() => engine.stop())
  const clickhouse = createClickHouse({ url: engine.url, database: 'chaos' })
  stack.defer(() => clickhouse.close())
  await migrate(clickhouse)
  const { hook, heard, heal } = await openReceiver(random)
  stack.use(hook)
  const log = kafkaEventLog({ brokers: kafka.brokers })
  stack.defer(() => log.close())
  const reader = new LogReader(await log.states(TOPIC))

  const begin = Math.floor((Date.now() - 12 * 60 * MINUTE) / MINUTE) * MINUTE
  const schedule = plan(begin, 10 * MINUTE + rounds * ROUND_MS * SPEED, random)
  const alerts = rules(hook.url)
  for (const campaign of schedule.campaigns) {
    const outages = schedule.outages.filter(one => one.campaign === campaign)
    await stored(clickhouse, await catalogWith(alerts), campaign, schedule.begin, schedule.end, slice =>
      outages.some(({ from, to }) => slice >= from && slice < to) ? 0 : 2,
    )
  }
  const evaluators = new Evaluators(
    {
      ...process.env,
      KIVI_KAFKA_BROKERS: kafka.brokers.join(','),
      KIVI_CLICKHOUSE_URL: engine.url,
      KIVI_CLICKHOUSE_DATABASE: 'chaos',
      KIVI_CATALOG: await writeCatalog(directory, alerts),
      KIVI_RETENTION_RAW: '0',
      CHAOS_SESSION_TIMEOUT_MS: String(sessionTimeoutMs),
    },
    directory,
  )
  stack.defer(() => evaluators.killAll())
  const time = createTime(clickhouse, schedule.begin + WINDOW, schedule.end)
  stack.defer(() => time.stop())
  await Promise.all([evaluators.start(), evaluators.start(), evaluators.start()])
  await reader.judged('CtrLow', schedule.begin + WINDOW)
  time.start()

  const faults = new Map<string, number>()
  const takeOvers: number[] = []
  for (let round = 1; round <= rounds; round++) {
    const kinds: readonly Fault[] = ['kill', 'stop', 'kill', 'stop', 'kill ClickHouse', 'kill both']
    const fault = kinds[Math.floor(random() * kinds.length)]!
    faults.set(fault, (faults.get(fault) ?? 0) + 1)
    await sleep(random() * 4_000)
    const told = heard.length
    const ms = await strike(fault)
    if (ms !== null) takeOvers.push(ms)
    // the next one comes when people hear of things again, or in the middle of the recovery
    if (random() < 0.6) await somethingTold()
    report(`round ${round}/${rounds}: ${fault}, ${ms ?? '–'} ms to take over, ${told} messages so far`)
  }
  heal()
  await time.finish()
  await reader.judged('CtrLow', schedule.end)
  await reader.until(({ state }) =>
    [...state.lanes.values()].every(({ open, flushAt }) => open === null && flushAt === null),
  )
  const expected = episodes(schedule)
  const wrong = findWrong(expected, heard, reader)
  if (wrong.length === 0) stack.defer(() => rm(directory, { recursive: true, force: true }))
  return { wrong, faults, takeOvers, episodes: expected.length, heard, directory }

  /** Until a message has got through, or long enough for one that was in doubt. */
  async function somethingTold(): Promise<void> {
    const until = Date.now() + 20_000
    await reader.toEnd()
    const delivered = () => reader.facts.reduce((sum, { fact }) => sum + (fact === 'delivered' ? 1 : 0), 0)
    const before = delivered()
    await reader.until(() => delivered() > before || Date.now() > until)
  }

  /** Gives how long it took until another led; null: nobody had to. */
  async function strike(fault: Fault): Promise<number | null> {
    if (fault !== 'kill' && fault !== 'stop') process.kill(engine.pid, 'SIGKILL')
    if (fault === 'kill ClickHouse') return null
    // whoever leads now
    await reader.toEnd()
    await reader.until(({ leaders }) => evaluators.of(leaders.at(-1)?.name ?? '') !== undefined)
    const terms = reader.leaders.length
    const leader = evaluators.of(reader.leaders.at(-1)!.name)!
    const struckAt = Date.now()
    leader.kill(fault === 'stop' ? 'SIGSTOP' : 'SIGKILL')
    await reader.until(({ leaders }) => leaders.length > terms)
    const ms = reader.leaders[terms]!.since - struckAt
    if (fault === 'stop') {
      await sleep(random() * 2_000)
      leader.kill('SIGCONT')
    } else await evaluators.start()
    return ms
  }
}

async function writeCatalog(directory: string, alerts: string): Promise<string> {
  const catalog = join(directory, 'catalog')
  await mkdir(catalog)
  await cp(join(import.meta.dirname, '../../../catalog/events'), join(catalog, 'events'), { recursive: true })
  for (const [name, text] of Object.entries(filesOf(alerts))) await writeFile(join(catalog, name), text)
  return catalog
}

/** Event time that goes by, told to ClickHouse as the worker does. */
function createTime(clickhouse: ClickHouse, begin: number, end: number) {
  let at = begin
  let speed = SPEED
  const told = Promise.withResolvers<void>()
  let running: Promise<void> = Promise.resolve()
  let stopped = false
  let position = 0
  const tell = async (): Promise<void> => {
    position++
    for (;;) {
      try {
        return await clickhouse.command(
          `INSERT INTO partitions (topic, partition, position, high, watermark, idle_since, at, worker) VALUES
           ('events', 0, ${position}, ${position}, ${at}, NULL, fromUnixTimestamp64Milli(${Date.now()}, 'UTC'), 'chaos')`,
        )
      } catch {
        if (stopped) return
        await sleep(100)
      }
    }
  }
  const first = tell()
  return {
    start() {
      running = (async () => {
        await first
        let last = Date.now()
        while (!stopped && at < end) {
          await sleep(500)
          const now = Date.now()
          at = Math.min(end, at + Math.floor(((now - last) * speed) / SLICE) * SLICE)
          if (Math.floor(((now - last) * speed) / SLICE) > 0) last = now
          await tell()
        }
        told.resolve()
      })()
    },
    async finish() {
      speed = 200
      await told.promise
    },
    async stop() {
      stopped = true
      await running
    },
  }
}
