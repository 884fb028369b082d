import { formatProblem, loadCatalog } from '@kivi/catalog'
import { createClickHouse, createSliceReader } from '@kivi/clickhouse'
import { createZone, KiviError } from '@kivi/domain'
import { aborted, createTelemetry, Lifecycle, type Logger } from '@kivi/service-kit'
import { createQueryService } from './app.ts'
import type { QueryConfig } from './config.ts'

/** The query service as a process of its own, until the signal. */
export async function runQueryService(config: QueryConfig, logger: Logger, signal: AbortSignal): Promise<void> {
  const { catalog, problems } = await loadCatalog(config.catalog.directory)
  if (catalog === undefined) throw new KiviError('catalog_invalid', problems.map(formatProblem).join('\n'))
  await using lifecycle = new Lifecycle({ logger })
  const clickhouse = await lifecycle.start('clickhouse', async () => {
    const value = createClickHouse(config.clickhouse)
    return { value, stop: () => value.close() }
  })
  const zone = createZone(catalog.timezone)
  await lifecycle.start('http', async () => {
    const service = await createQueryService({
      catalog: () => catalog,
      source: createSliceReader(clickhouse, { zone: () => zone }),
      telemetry: createTelemetry(logger),
      http: config.http,
      retention: config.retention,
      disorderMs: config.ingest.disorderMs,
      idleAfterMs: config.ingest.idleAfterMs,
    })
    return { value: await service.start(), stop: () => service.stop() }
  })
  await aborted(signal)
}
