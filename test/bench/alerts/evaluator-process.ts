/** A real evaluator whose ways out, the log and ClickHouse, are timed; it tells after each evaluation what it took. */
import { readFileSync } from 'node:fs'
import { loadCatalog } from '@kivi/catalog'
import { type ClickHouse, createClickHouse } from '@kivi/clickhouse'
import type { Leadership, StateLog } from '@kivi/domain'
import { startEvaluator } from '@kivi/evaluator'
import { embeddedEventLog, kafkaEventLog } from '@kivi/event-log'
import { createLogger, createTelemetry, loadConfig } from '@kivi/service-kit'

/** So far, ms and counts; `by` is by rule. */
export interface Totals {
  /** of statements about slices, from their being sent until their rows are objects */
  readonly rows: number
  readonly statements: number
  /** reading and judging rules, statements included */
  readonly evaluating: number
  /** steps, appends included */
  readonly stepping: number
  readonly appending: number
  readonly appends: number
  readonly records: number
  readonly bytes: number
  /** user and system time */
  readonly cpu: number
}

export interface Judged {
  readonly kind: 'judged'
  readonly rule: string
  readonly instant: number
  readonly totals: Totals
  /** largest resident size, MB */
  readonly peak: number
}

export interface Led {
  readonly kind: 'leads'
  /** from contending to being handed the state, ms */
  readonly took: number
  /** reading the state, ms */
  readonly folded: number
  readonly keys: number
  readonly totals: Totals
}

process.on('disconnect', () => process.exit(0))

const config = loadConfig(process.env)
const telemetry = createTelemetry(createLogger({ service: 'evaluator', level: 'error' }), { defaults: false })
const { catalog, problems } = await loadCatalog(config.catalog.directory)
if (catalog === undefined) throw new Error(JSON.stringify(problems).slice(0, 1_000))
let [rows, statements, appending, appends, records, bytes] = [0, 0, 0, 0, 0, 0]

const opened = createClickHouse({ url: config.clickhouse.url!, database: config.clickhouse.database })
const clickhouse: ClickHouse = {
  ...opened,
  async rows(...question: Parameters<ClickHouse['rows']>) {
    const begun = performance.now()
    try {
      return (await opened.rows(...question)) as never
    } finally {
      // the others are small, and go on beside
      if (question[0].includes('FROM slices')) rows += performance.now() - begun
      statements++
    }
  },
}
const log =
  config.kafka === null
    ? embeddedEventLog({ path: process.env['BENCH_LOG']! })
    : kafkaEventLog({ brokers: config.kafka.brokers })

const evaluator = await startEvaluator({
  ...{ clickhouse, catalog: () => catalog, config, telemetry },
  alerting: {
    log: { producer: () => log.producer(), states: async topic => timed(await log.states(topic)) },
    env: {},
    sessionTimeoutMs: 10_000,
  },
})
process.once('message', async () => {
  await evaluator.stop()
  await log.close()
  await opened.close()
  process.exit(0)
})
process.send?.({ kind: 'ready' })

function timed(states: StateLog): StateLog {
  return {
    warnings: [],
    contend(options) {
      const begun = performance.now()
      const { handler } = options
      return states.contend({
        ...options,
        handler: {
          leading(leadership, state) {
            const handed = performance.now()
            const keys = state.size
            handler.leading(timedLeadership(leadership), state)
            const folded = performance.now() - handed
            void totals().then(totals => {
              const led: Led = { kind: 'leads', took: handed - begun, folded, keys, totals }
              process.send?.(led)
            })
          },
          leaving: async leadership => handler.leaving?.(leadership),
          ended: (leadership, reason) => handler.ended(leadership, reason),
          failed: error => handler.failed(error),
        },
      })
    },
    read: (from, options) => states.read(from, options),
    close: () => states.close(),
  }
}

function timedLeadership(leadership: Leadership): Leadership {
  return {
    epoch: leadership.epoch,
    leads: () => leadership.leads(),
    leaseUntil: () => leadership.leaseUntil(),
    async append(changes) {
      const begun = performance.now()
      const answer = await leadership.append(changes)
      appending += performance.now() - begun
      appends++
      records += changes.length
      for (const { key, value } of changes) bytes += key.length + Buffer.byteLength(value ?? '')
      for (const { key, value } of changes)
        if (key.startsWith('progress/') && value !== null)
          // when the step is over
          setImmediate(() => void tell(JSON.parse(value) as { rule: string; instant: number }))
      return answer
    },
  }
}

async function tell({ rule, instant }: { readonly rule: string; readonly instant: number }): Promise<void> {
  const judged: Judged = { kind: 'judged', rule, instant, peak: peak(), totals: await totals() }
  process.send?.(judged)
}

async function totals(): Promise<Totals> {
  const sum = async (name: string) => {
    const found = await telemetry.registry.getSingleMetric(name)?.get()
    return (found?.values ?? []).reduce(
      (all, value) => all + ((value as { metricName?: string }).metricName === `${name}_sum` ? value.value * 1_000 : 0),
      0,
    )
  }
  const used = process.cpuUsage()
  return {
    ...{ rows, statements, appending, appends, records, bytes },
    evaluating: await sum('kivi_alert_evaluation_seconds'),
    stepping: await sum('kivi_alert_step_seconds'),
    cpu: (used.user + used.system) / 1_000,
  }
}

const peak = (): number => Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0) / 1024
