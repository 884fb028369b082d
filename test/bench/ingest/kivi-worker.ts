/** The whole worker: validation, duplicates, slices of three levels, exactly-once inserts. Ends when told to. */
import { loadCatalog } from '@kivi/catalog'
import { createClickHouse } from '@kivi/clickhouse'
import { kafkaEventLog } from '@kivi/event-log'
import { startIngestWorker } from '@kivi/ingest-worker'
import { createLogger, createTelemetry, loadConfig } from '@kivi/service-kit'

const config = loadConfig(process.env)
const logger = createLogger({ service: 'ingest-worker', level: 'warn' })
const { catalog, problems } = await loadCatalog(config.catalog.directory)
if (!catalog) throw new Error(JSON.stringify(problems))
const clickhouse = createClickHouse({ url: config.clickhouse.url!, database: config.clickhouse.database })
const log = kafkaEventLog({ brokers: config.kafka!.brokers, logger })
const worker = await startIngestWorker({
  log,
  clickhouse,
  catalog: () => catalog,
  config,
  telemetry: createTelemetry(logger),
})
process.once('message', async () => {
  await worker.stop()
  await log.close()
  await clickhouse.close()
  process.exit(0)
})
await worker.value.failure
