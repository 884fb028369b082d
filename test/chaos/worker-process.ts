/** An ingest worker as its own process, that can be told to kill or stop itself at a named step of a batch. */
import { loadCatalog } from '@kivi/catalog'
import { createClickHouse } from '@kivi/clickhouse'
import { kafkaEventLog } from '@kivi/event-log'
import { startIngestWorker } from '@kivi/ingest-worker'
import { createLogger, createTelemetry, loadConfig } from '@kivi/service-kit'
import type { Arm, WorkerSays } from './messages.ts'

let armed: Arm | null = null
const say = (message: WorkerSays) => process.send?.(message)

process.on('message', message => {
  armed = message as Arm
})
process.on('disconnect', () => process.exit(0))

const config = loadConfig(process.env)
const logger = createLogger({ service: `worker ${process.pid}`, level: 'info' })
try {
  const { catalog } = await loadCatalog(config.catalog.directory)
  const worker = await startIngestWorker({
    log: kafkaEventLog({ brokers: config.kafka!.brokers, logger }),
    clickhouse: createClickHouse({ url: config.clickhouse.url!, database: config.clickhouse.database }),
    catalog: () => catalog!,
    config,
    telemetry: createTelemetry(logger),
    sessionTimeoutMs: Number(process.env['CHAOS_SESSION_TIMEOUT_MS']),
    onStep(step) {
      if (armed?.step !== step) return
      const { signal } = armed
      armed = null
      process.kill(process.pid, signal)
    },
  })
  say({ type: 'ready' })
  await worker.value.failure
} catch (error) {
  say({ type: 'failed', message: error instanceof Error ? `${error.message}\n${error.stack}` : String(error) })
  process.exitCode = 1
  process.disconnect()
}
