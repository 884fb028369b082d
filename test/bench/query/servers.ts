import { createClickHouse, createMeasureSource, createSliceReader } from '@kivi/clickhouse'
import { type Catalog, createZone } from '@kivi/domain'
import { createQueryService } from '@kivi/query-service'
import { createLogger, createTelemetry } from '@kivi/service-kit'
import fastify from 'fastify'

export interface Server {
  readonly url: string
  stop(): Promise<void>
}

/** The query service as `kivi start` makes it, counting its statements. */
export async function startService(options: { url: string; catalog: Catalog }): Promise<Server & { reads(): number }> {
  const clickhouse = createClickHouse({ url: options.url, database: 'bench' })
  const zone = createZone(options.catalog.timezone)
  const reader = createMeasureSource({
    clickhouse,
    slices: createSliceReader(clickhouse, { zone: () => zone }),
    rawRetentionMs: 0,
  })
  let reads = 0
  const service = await createQueryService({
    catalog: () => options.catalog,
    source: {
      ...reader,
      read: (catalog, questions) => {
        reads++
        return reader.read(catalog, questions)
      },
    },
    telemetry: createTelemetry(createLogger({ service: 'bench', level: 'silent' }), { defaults: false }),
    http: { host: '127.0.0.1', port: 0 },
    retention: { tenSeconds: 7 * 86_400_000, quarterHour: Number.POSITIVE_INFINITY, day: Number.POSITIVE_INFINITY },
    disorderMs: 30_000,
    idleAfterMs: 30_000,
  })
  const url = await service.start()
  return {
    url,
    reads: () => reads,
    async stop() {
      await service.stop()
      await clickhouse.close()
    },
  }
}

/** A fastify route that answers a constant: what the same machine can do at best. */
export async function startBare(body: string): Promise<Server> {
  const app = fastify()
  app.get('/', (_request, reply) => reply.type('application/json; charset=utf-8').send(body))
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return { url, stop: () => app.close() }
}
