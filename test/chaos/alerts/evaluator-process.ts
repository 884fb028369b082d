/** An evaluator as a process of its own, to be killed and stopped. */
import { loadCatalog } from '@kivi/catalog'
import { createClickHouse } from '@kivi/clickhouse'
import { startEvaluator } from '@kivi/evaluator'
import { embeddedEventLog, kafkaEventLog } from '@kivi/event-log'
import { createLogger, createTelemetry, loadConfig } from '@kivi/service-kit'
import { addressOf, RECEIVERS, variableOf } from './receiver.ts'

process.on('disconnect', () => process.exit(0))

const config = loadConfig(process.env)
const logger = createLogger({ service: `evaluator ${process.pid}`, level: 'info' })
const { catalog } = await loadCatalog(config.catalog.directory)
if (catalog === undefined) throw new Error('the catalog is wrong')
const sender = String(process.pid)
const addresses = RECEIVERS.map(({ name }) => [
  variableOf(name),
  addressOf(process.env['CHAOS_RECEIVERS'] ?? '', name, sender),
])
const log =
  config.kafka === null
    ? embeddedEventLog({ path: process.env['CHAOS_LOG'] ?? '', logger })
    : kafkaEventLog({ brokers: config.kafka.brokers, logger })
const evaluator = await startEvaluator({
  clickhouse: createClickHouse({ url: config.clickhouse.url!, database: config.clickhouse.database }),
  catalog: () => catalog,
  config,
  telemetry: createTelemetry(logger),
  alerting: {
    log,
    env: { SENDER: sender, ...Object.fromEntries(addresses) },
    sessionTimeoutMs: Number(process.env['CHAOS_SESSION_TIMEOUT_MS']),
  },
})
process.on(
  'SIGTERM',
  () =>
    void evaluator
      .stop()
      .then(() => log.close())
      .then(() => process.exit(0)),
)
process.send?.('ready')
