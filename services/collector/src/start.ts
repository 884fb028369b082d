/** A collector with an HTTP server of its own. */
import cors from '@fastify/cors'
import { type Check, listenError, readiness, type Started } from '@kivi/service-kit'
import { fastify } from 'fastify'
import { requireRole } from './keys.ts'
import { problemOf, sendProblem } from './problem.ts'
import { type CollectorDeps, collectorRoutes } from './routes.ts'

export interface CollectorServerOptions extends CollectorDeps {
  readonly host: string
  /** 0: any free one */
  readonly port: number
  readonly checks: readonly Check[]
  /** of which pages may send events from a browser with a key; default none */
  readonly origins?: readonly string[]
}

const PREFLIGHT_SECONDS = 600

/** The value is the server's URL. */
export async function startCollector(options: CollectorServerOptions): Promise<Started<string>> {
  const app = fastify({ logger: false, forceCloseConnections: 'idle' })
  const { registry } = options.telemetry
  const { origins = [] } = options
  if (origins.length > 0)
    await app.register(cors, {
      origin: [...origins],
      methods: ['POST'],
      allowedHeaders: ['authorization', 'content-type', 'content-encoding'],
      maxAge: PREFLIGHT_SECONDS,
    })
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => {
    const state = await readiness(options.checks)
    return reply.code(state.ready ? 200 : 503).send(state)
  })
  const { keys = null } = options
  app.get('/metrics', async (request, reply) => {
    try {
      if (keys !== null) await requireRole(keys, request.headers.authorization, 'read')
    } catch (error) {
      return sendProblem(reply, problemOf(error))
    }
    return reply.type(registry.contentType).send(await registry.metrics())
  })
  await app.register(collectorRoutes(options))
  const { host, port } = options
  try {
    const value = await app.listen({ host, port })
    return { value, stop: () => app.close() }
  } catch (error) {
    await app.close()
    throw listenError(error, { variable: 'KIVI_COLLECTOR_PORT', host, port })
  }
}
