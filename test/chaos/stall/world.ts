/** A whole Kivi in processes, a storefront before it and somebody who is told. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createClickHouse, migrate } from '@kivi/clickhouse'
import { kafkaEventLog } from '@kivi/event-log'
import { freePorts } from '../../../infra/local/free-ports.ts'
import { Hook } from '../../integration/alerts/hook.ts'
import { LogReader } from '../../integration/alerts/log.ts'
import { writeCatalog } from './catalog.ts'
import { openDeadMansSwitch } from './dead-mans-switch.ts'
import { Services } from './services.ts'
import { Storefront } from './storefront.ts'

export interface World extends AsyncDisposable {
  readonly brokers: readonly string[]
  readonly topic: string
  readonly services: Services
  readonly storefront: Storefront
  /** who is told */
  readonly hook: Hook
  /** the dead man's switch: when it was asked, epoch ms */
  readonly pings: readonly number[]
  /** Reads the log of the alerts until the condition holds; false: it did not within the time. */
  until(condition: (log: LogReader) => boolean, withinMs: number): Promise<boolean>
}

export interface WorldOptions {
  readonly brokers: readonly string[]
  /** of a ClickHouse; null: one of its own, to be stopped and killed */
  readonly clickhouse: string | null
  readonly name: string
  /** what the storefront tells of is so long ago: the data are behind the clock by as much, and soon by a minute */
  readonly lateMs: number
  readonly workers: number
  readonly evaluators: number
}

const PAST_MS = 120_000

export async function openWorld(options: WorldOptions): Promise<World> {
  const { brokers, name } = options
  await using stack = new AsyncDisposableStack()
  const directory = await mkdtemp(join(tmpdir(), 'kivi-stall-'))
  stack.defer(() => rm(directory, { recursive: true, force: true }))
  const hook = stack.use(await Hook.open())
  const watcher = stack.use(await openDeadMansSwitch())
  const [port, collector] = await freePorts(2)
  const env = {
    ...{ KIVI_DATA_DIR: directory, KIVI_HTTP_PORT: '0', KIVI_COLLECTOR_PORT: String(collector), KIVI_DEMO: 'off' },
    ...{
      KIVI_CATALOG: await writeCatalog(directory, hook.url),
      KIVI_KAFKA_BROKERS: brokers.join(','),
    },
    ...{ KIVI_CLICKHOUSE_PORT: String(port), KIVI_CLICKHOUSE_URL: options.clickhouse ?? `http://127.0.0.1:${port}` },
    ...{ KIVI_CLICKHOUSE_DATABASE: name, KIVI_TOPIC_EVENTS: name, KIVI_TOPIC_DEAD: `${name}.dead` },
    ...{ KIVI_TOPIC_ALERTS: `${name}.alerts`, KIVI_GROUP_ID: name, KIVI_ALERTS_PING_URL: watcher.url },
    ...{ KIVI_DISORDER: '1s', KIVI_IDLE_AFTER: '2s', KIVI_FLUSH_INTERVAL: '500ms', KIVI_RETENTION_RAW: '0' },
  }
  const services = stack.use(new Services(env))
  if (options.clickhouse === null) await services.start('embedded-clickhouse')
  const clickhouse = createClickHouse({ url: env.KIVI_CLICKHOUSE_URL, database: name })
  await migrate(clickhouse)
  await clickhouse.close()
  await services.start('collector', ...Array.from({ length: options.workers }, () => 'ingest-worker' as const))
  const storefront = new Storefront(`http://127.0.0.1:${collector}`, options.lateMs)
  await storefront.open(PAST_MS)
  stack.defer(() => storefront.close())
  await services.start(...Array.from({ length: options.evaluators }, () => 'evaluator' as const))
  const log = kafkaEventLog({ brokers })
  stack.defer(() => log.close())
  const states = await log.states(env.KIVI_TOPIC_ALERTS)
  stack.defer(() => states.close())
  const reader = new LogReader(states)
  const owned = stack.move()
  return {
    ...{ brokers, topic: name, services, storefront, hook, pings: watcher.pings },
    async until(condition, withinMs) {
      const deadline = Date.now() + withinMs
      for (;;)
        try {
          // what holds of an older reading may be over
          await reader.toEnd()
          await reader.until(log => condition(log) || Date.now() > deadline)
          return condition(reader)
        } catch {
          // the log itself may be what stands still
          if (Date.now() > deadline) return false
          await sleep(200)
        }
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
