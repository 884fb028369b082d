/**
 * Alerts while whoever leads is killed and stopped, ClickHouse is killed, and the receiver does everything that
 * receivers do; in the end every promise about delivery must have been kept.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ClickHouse, createClickHouse, migrate } from '@kivi/clickhouse'
import { startEmbeddedClickHouse } from '@kivi/embedded-clickhouse'
import { kafkaEventLog } from '@kivi/event-log'
import { startKafka } from '../../../infra/local/kafka.ts'
import { LogReader } from '../../integration/alerts/log.ts'
import { catalogWith, MINUTE, SECOND, stored } from '../../integration/alerts/shop.ts'
import { randomFrom } from '../truth.ts'
import { writeCatalog } from './catalog-directory.ts'
import type { Evidence } from './checks/evidence.ts'
import { Evaluators } from './evaluators.ts'
import { type Heard, openReceivers, RECEIVERS, receiversYaml } from './receiver.ts'
import { episodes, FOR, KEEP, plan, SLICE, WINDOW } from './schedule.ts'
import { findWrong } from './verify.ts'

const FAULTS = [
  ...['kill', 'stop', 'kill', 'stop'],
  ...['kill ClickHouse', 'ClickHouse hangs', 'kill both', 'kill while ClickHouse hangs'],
] as const
type Fault = (typeof FAULTS)[number]

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
  readonly log: Evidence['log']
  /** where the logs are kept when something is wrong */
  readonly directory: string
}

/** So much event time goes by in a second. */
const SPEED = 15
/** A round takes about so long. */
const ROUND_MS = 18_000
const TOPIC = 'kivi.alerts'

const rules = (base: string): string => `
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
${receiversYaml(base)}`

export async function runAlertChaos(options: AlertChaosOptions): Promise<AlertChaosResult> {
  const { rounds, sessionTimeoutMs, report } = options
  const directory = await mkdtemp(join(tmpdir(), 'kivi-alert-chaos-'))
  const random = randomFrom(options.seed)
  await using stack = new AsyncDisposableStack()
  // once all has stopped; what went wrong is left to be looked at
  let right = false
  stack.defer(() => (right ? rm(directory, { recursive: true, force: true }) : undefined))
  const kafka = await startKafka({ settings: { 'group.min.session.timeout.ms': '500' } })
  stack.defer(() => kafka.stop())
  const engine = await startEmbeddedClickHouse({ dataDir: join(directory, 'clickhouse') })
  stack.defer(() => engine.stop())
  const clickhouse = createClickHouse({ url: engine.url, database: 'chaos' })
  stack.defer(() => clickhouse.close())
  await migrate(clickhouse)
  const receivers = stack.use(await openReceivers(random))
  const log = kafkaEventLog({ brokers: kafka.brokers })
  stack.defer(() => log.close())
  const reader = new LogReader(await log.states(TOPIC))

  const begin = Math.floor((Date.now() - 12 * 60 * MINUTE) / MINUTE) * MINUTE
  const schedule = plan(begin, 10 * MINUTE + rounds * ROUND_MS * SPEED, random)
  const alerts = rules(receivers.base)
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
      CHAOS_RECEIVERS: receivers.base,
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
    receivers.left = (rounds - round) * ROUND_MS
    const fault = FAULTS[Math.floor(random() * FAULTS.length)]!
    faults.set(fault, (faults.get(fault) ?? 0) + 1)
    await sleep(random() * 4_000)
    const told = receivers.heard.length
    const ms = await strike(fault)
    if (ms !== null) takeOvers.push(ms)
    // the next one comes when people hear of things again, or in the middle of the recovery
    if (random() < 0.6) await somethingTold()
    report(`round ${round}/${rounds}: ${fault}, ${ms ?? '–'} ms to take over, ${told} requests so far`)
  }
  receivers.left = 0
  await time.finish()
  await reader.judged('CtrLow', schedule.end)
  await reader.until(({ state }) =>
    [...state.lanes.values()].every(({ open, flushAt }) => open === null && flushAt === null),
  )
  const expected = episodes(schedule)
  const { heard } = receivers
  const wrong = findWrong({ expected, receivers: RECEIVERS.map(({ name }) => name), heard, log: reader })
  right = wrong.length === 0
  return { wrong, faults, takeOvers, episodes: expected.length, heard, log: reader, directory }

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
    // between a death and the next start there is nobody to be struck
    if (fault !== 'kill' && fault !== 'stop') await engine.ready()
    if (fault === 'kill ClickHouse' || fault === 'kill both') process.kill(engine.pid, 'SIGKILL')
    if (fault === 'kill ClickHouse') return null
    const hangs = fault.endsWith('ClickHouse hangs')
    const hanging = hangs ? hang() : Promise.resolve()
    const ms = fault === 'ClickHouse hangs' ? null : await depose(fault === 'stop' ? 'SIGSTOP' : 'SIGKILL')
    await hanging
    return ms
  }

  /** It takes connections and answers nothing for a while, often longer than anybody waits for it. */
  async function hang(): Promise<void> {
    const { pid } = engine
    process.kill(pid, 'SIGSTOP')
    await sleep(1_000 + random() * 19_000)
    process.kill(pid, 'SIGCONT')
  }

  async function depose(signal: 'SIGSTOP' | 'SIGKILL'): Promise<number> {
    // whoever leads now
    await reader.toEnd()
    await reader.until(({ leaders }) => evaluators.of(leaders.at(-1)?.name ?? '') !== undefined)
    const terms = reader.leaders.length
    const leader = evaluators.of(reader.leaders.at(-1)!.name)!
    const struckAt = Date.now()
    leader.kill(signal)
    await reader.until(({ leaders }) => leaders.length > terms)
    const ms = reader.leaders[terms]!.since - struckAt
    if (signal === 'SIGSTOP') {
      await sleep(random() * 2_000)
      leader.kill('SIGCONT')
    } else await evaluators.start()
    return ms
  }
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
