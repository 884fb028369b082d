import { createLogger, stopOnSignal } from '@kivi/service-kit'
import { loadQueryConfig } from './config.ts'
import { runQueryService } from './run.ts'

const logger = createLogger({ service: 'query-service' })
try {
  using stop = stopOnSignal(process, () => process.exit(1))
  await runQueryService(loadQueryConfig(process.env), logger, stop.signal)
} catch (error) {
  logger.fatal(error instanceof Error ? error.message : String(error))
  process.exitCode = 2
}
