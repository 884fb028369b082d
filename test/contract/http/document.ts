/** The OpenAPI document of a Kivi in one process: what the query service and the collector answer on their port. */
import { collectorRoutes } from '@kivi/collector'
import type { Catalog } from '@kivi/domain'
import { createQueryService } from '@kivi/query-service'
import { createLogger, createTelemetry } from '@kivi/service-kit'

export interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { schema: Schema }>> }>>
  readonly security?: ReadonlyArray<Readonly<Record<string, readonly string[]>>>
}

export interface Parameter {
  readonly in: 'path' | 'query' | 'header'
  readonly name: string
  readonly required?: boolean
  readonly description?: string
  readonly example?: unknown
  readonly schema: Schema
}

export type Schema = Readonly<Record<string, unknown>> & { readonly enum?: readonly unknown[] }

export interface OpenApi {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly securitySchemes?: Readonly<Record<string, unknown>> }
  readonly 'x-problems': Readonly<Record<string, { readonly status: number; readonly title: string }>>
}

/** Nothing is read or written for it: what stands behind the routes is never asked. */
const NOBODY = new Proxy({}, { get: () => () => Promise.reject(new Error('the document asks nobody')) }) as never

/** @param options `keys`: as it is where callers need them */
export async function openApiDocument(options: { readonly keys?: boolean } = {}): Promise<OpenApi> {
  const telemetry = createTelemetry(createLogger({ service: 'document', level: 'silent' }), { defaults: false })
  const catalog = () => NOBODY as Catalog
  const service = await createQueryService({
    catalog,
    source: NOBODY,
    points: NOBODY,
    steering: NOBODY,
    audit: NOBODY,
    alerting: { states: NOBODY, silences: NOBODY, history: NOBODY },
    system: NOBODY,
    journeys: NOBODY,
    telemetry,
    ...(options.keys === true ? { keys: NOBODY } : {}),
    http: { host: '127.0.0.1', port: 0 },
    retention: NOBODY,
    disorderMs: 0,
    idleAfterMs: 0,
  })
  try {
    await service.app.register(collectorRoutes({ catalog, producer: NOBODY, topic: 'events', telemetry, only: null }))
    const answer = await service.app.inject('/openapi.json')
    return answer.json()
  } finally {
    await service.stop()
  }
}
