/**
 * Two evaluators with different catalogs that lead in turn. Nothing may end or fire again for that: only when one of
 * the catalogs has been gone for minutes, what it alone had ends, and says why.
 */
import type { AlertFact, Catalog, EventLog } from '@kivi/domain'
import { startEvaluator } from '@kivi/evaluator'
import { createLogger, createTelemetry, loadConfig, type Started } from '@kivi/service-kit'
import { Hook } from '../../../integration/alerts/hook.ts'
import { LogReader } from '../../../integration/alerts/log.ts'
import { catalogWith, MINUTE, openShop, SECOND } from '../../../integration/alerts/shop.ts'
import { uniqueName } from '../../../support/index.ts'
import { alertsOf } from './catalogs.ts'

export interface ReplicasOptions {
  readonly log: EventLog
  readonly sessionTimeoutMs: number
  /** back and forth for so long, wall clock, and at least so often */
  readonly forMs: number
  readonly turns: number
  /** address of a ClickHouse; absent: that of all tests */
  readonly clickhouse?: string
  readonly report: (line: string) => void
}

export interface ReplicasResult {
  /** `rule campaign`, each time that it fired while the two led in turn */
  readonly fired: readonly string[]
  /** that ended meanwhile */
  readonly ended: readonly string[]
  /** `receiver: rule campaign`, each firing that a receiver was told of */
  readonly told: readonly string[]
  readonly takeOvers: number
  /** `rule campaign reason`, of what ended when only the new one was left */
  readonly endedAfterwards: readonly string[]
}

type Version = 'old' | 'new'

export async function runReplicas(options: ReplicasOptions): Promise<ReplicasResult> {
  const { log, sessionTimeoutMs, forMs, turns, report } = options
  await using stack = new AsyncDisposableStack()
  const hook = stack.use(await Hook.open())
  const url = new URL(hook.url).origin
  const told: string[] = []
  hook.answering = ({ alerts }, response, request) => {
    for (const { status, labels } of alerts)
      if (status === 'firing') told.push(`${request.url?.slice(1)}: ${nameOf(labels)}`)
    response.writeHead(200).end()
  }
  const catalogs: Readonly<Record<Version, Catalog>> = {
    old: await catalogWith(alertsOf('old', url)),
    new: await catalogWith(alertsOf('new', url)),
  }
  const shop = stack.use(await openShop(catalogs.old, options.clickhouse))
  const topic = uniqueName('alerts')
  const states = await log.states(topic)
  stack.defer(() => states.close())
  const reader = new LogReader(states)
  const config = loadConfig({ KIVI_TOPIC_ALERTS: topic, KIVI_RETENTION_RAW: '0' })
  let ahead = 0
  const start = (version: Version): Promise<Started<unknown>> =>
    startEvaluator({
      ...{ clickhouse: shop.clickhouse, catalog: () => catalogs[version], config },
      telemetry: createTelemetry(createLogger({ service: version, level: 'silent' }), { defaults: false }),
      alerting: { log, env: {}, sessionTimeoutMs, now: () => Date.now() + ahead },
    })

  const base = Math.floor((Date.now() - 6 * 60 * MINUTE) / MINUTE) * MINUTE
  // of one campaign nobody clicks, ever
  await shop.show('spring', 0, base, base + 60 * MINUTE)
  await shop.show('autumn', 2, base, base + 60 * MINUTE)
  let at = base + MINUTE
  await shop.watermark(at)
  const running = new Map<Version, Started<unknown>>([['old', await start('old')]])
  stack.defer(async () => void (await Promise.all([...running.values()].map(each => each.stop()))))
  const until = performance.now() + forMs
  // an odd number of turns leaves the new one
  for (let turn = 0; turn < turns || performance.now() < until || turn % 2 === 0; turn++) {
    const [leads, other]: readonly Version[] = turn % 2 === 0 ? ['old', 'new'] : ['new', 'old']
    await leading(leads!)
    await judgedOn(leads!)
    report(`${turn + 1}: ${leads} leads`)
    running.set(other!, await start(other!))
    await running.get(leads!)?.stop()
    running.delete(leads!)
  }
  const last: Version = [...running.keys()][0]!
  await leading(last)
  await judgedOn(last)
  await settled()
  const { length } = reader.facts
  const result = {
    fired: namesOf(reader.facts, 'firing'),
    ended: namesOf(reader.facts, 'resolved'),
    told: [...told],
    takeOvers: reader.leaders.length,
  }
  // by the wall clock a rule is gone, by event time a group
  ahead = 6 * MINUTE
  at += 6 * MINUTE
  await judgedOn(last)
  await reader.until(() => ends().length >= 2)
  return { ...result, endedAfterwards: ends().sort() }

  function ends(): string[] {
    return reader.facts
      .slice(length)
      .flatMap(fact => (fact.fact === 'resolved' ? [`${nameOf(fact.labels)} ${fact.reason}`] : []))
  }

  async function leading(version: Version): Promise<void> {
    await reader.until(({ leaders }) => leaders.at(-1)?.catalog === catalogs[version].hash)
  }

  /** Half a minute of event time goes by, and whoever leads judges all of its rules. */
  async function judgedOn(version: Version): Promise<void> {
    at += 30 * SECOND
    await shop.watermark(at)
    for (const [name, { condition }] of catalogs[version].alerting.rules)
      if (condition.kind === 'expression') await reader.judged(name, at)
  }

  /** All that was decided has been told. */
  async function settled(): Promise<void> {
    await reader.until(({ state }) =>
      [...state.lanes.values()].every(({ open, flushAt }) => open === null && flushAt === null),
    )
  }
}

const nameOf = (labels: Readonly<Record<string, string>>): string =>
  `${labels['alertname']} ${labels['campaign'] ?? ''}`

const namesOf = (facts: readonly AlertFact[], kind: AlertFact['fact']): string[] =>
  facts.flatMap(({ fact, labels }) => (fact === kind ? [nameOf(labels)] : [])).sort()
