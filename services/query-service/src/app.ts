import { randomUUID } from 'node:crypto'
import swagger from '@fastify/swagger'
import type {
  AlertFeed,
  AlertHistoryStore,
  AuditStore,
  Catalog,
  JourneySource,
  LogWatch,
  MeasureSource,
  PointStore,
  Retention,
  SilenceStore,
  StateLog,
  SteeringStore,
  SystemSource,
} from '@kivi/domain'
import { isLoopback, type Keyring, readiness, type Telemetry } from '@kivi/service-kit'
import fastify, { type FastifyInstance } from 'fastify'
import manifest from '../package.json' with { type: 'json' }
import { actorOf, OPEN } from './access/access.ts'
import { guard } from './access/guard.ts'
import { registerAccess } from './access/routes.ts'
import { createAlertFollower } from './alerts/follow.ts'
import { noticeOf } from './alerts/notice.ts'
import { registerAlerts } from './alerts/routes.ts'
import { registerAnalyses } from './analyses/routes.ts'
import { createAnswerService } from './answer-service.ts'
import { createAudited } from './audit/record.ts'
import { registerAudit } from './audit/routes.ts'
import { registerDigests } from './digests/routes.ts'
import { allowOrigins } from './http/cors.ts'
import { answerErrors, answerProblem, problemToldTo } from './http/errors.ts'
import { answerBrokenAddress, answerBrokenBytes } from './http/malformed.ts'
import { openApiOptions } from './http/openapi.ts'
import { registerPages } from './http/pages.ts'
import * as schemas from './http/schemas.ts'
import { protect } from './http/security.ts'
import { createValidatorCompiler } from './http/validation.ts'
import { createAlertRing } from './live/alert-ring.ts'
import { createLiveHub } from './live/hub.ts'
import { LIVE_LIMITS, type LiveLimits } from './live/limits.ts'
import { registerLive } from './live/routes.ts'
import { registerPrometheus } from './prometheus/routes.ts'
import { registerRoutes } from './routes.ts'
import { createSteeredCatalog } from './steering/facts.ts'
import { registerSteering } from './steering/routes.ts'
import { registerSystem } from './system/routes.ts'
import { createQueryEvents } from './telemetry.ts'

export interface QueryServiceDeps {
  /** asked at each request: a running Kivi can take a changed catalog */
  readonly catalog: () => Catalog
  readonly source: MeasureSource
  /** recorded values; without, everything is computed when asked */
  readonly points?: PointStore
  /** what people set; without, nothing can be set */
  readonly steering?: SteeringStore
  /** how Kivi itself does; without, it is not told */
  readonly system?: SystemSource
  /** the event log; without, what only it knows is not told */
  readonly log?: LogWatch
  /** who changed what; without, changes are not written down */
  readonly audit?: AuditStore
  /** journeys of persons; without, there are no analyses of them */
  readonly journeys?: JourneySource
  /** how long raw events are kept, ms; default for ever */
  readonly rawRetentionMs?: number
  readonly telemetry: Telemetry
  readonly http: {
    readonly host: string
    readonly port: number
    /** of which pages may ask from a browser; default none but its own */
    readonly origins?: readonly string[]
  }
  readonly retention: Retention
  readonly disorderMs: number
  readonly idleAfterMs: number
  /** by which callers are told apart; without, whoever reaches the service may do everything */
  readonly keys?: Keyring
  /** by one key, or from one address; without, any number */
  readonly requestsPerMinute?: number | null
  /** the log that alerts are followed in, and what people say about them; without, there are no alerts */
  readonly alerting?: {
    /** opens the log; asked again where it fails */
    readonly states: () => Promise<Pick<StateLog, 'read'>>
    readonly silences: SilenceStore
    readonly history: AlertHistoryStore
  }
  /** changes of alerts; without, those of `alerting` */
  readonly alerts?: AlertFeed
  /** address of the pages as people reach them, for links in reports; default none */
  readonly externalUrl?: string | null
  /** of `GET /v1/stream`; default LIVE_LIMITS */
  readonly live?: Partial<LiveLimits>
  /** how old the view of the partitions may be, ms; an answer is at most eight times this behind; default 1000 */
  readonly freshnessMs?: number
  /** folder of the built dashboard; default where `npm run build` puts it */
  readonly dashboard?: URL
  /** most memory of kept answers, bytes; default 64 MiB */
  readonly cacheBytes?: number
  /** epoch ms; default the clock */
  readonly now?: () => number
}

export interface QueryService {
  readonly app: FastifyInstance
  /** listens; the URL under which it can be reached */
  start(): Promise<string>
  /** answers what was asked, then stops listening */
  stop(): Promise<void>
}

/** The HTTP API and the first page. Nothing runs before `start`. */
export async function createQueryService(deps: QueryServiceDeps): Promise<QueryService> {
  const now = deps.now ?? Date.now
  const events = createQueryEvents(deps.telemetry)
  const app: FastifyInstance = fastify({
    // a long id is an unknown one; Node bounds the address as a whole
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: 16_384 },
    frameworkErrors: answerBrokenAddress,
    clientErrorHandler: answerBrokenBytes,
    requestTimeout: 30_000,
    forceCloseConnections: 'idle',
    bodyLimit: 64 * 1024,
    // tells one request from all others, in the audit and to whoever asks about it
    genReqId: () => randomUUID(),
  })
  app.setValidatorCompiler(createValidatorCompiler())
  const steered = deps.steering === undefined ? null : createSteeredCatalog(deps.catalog, deps.steering, now)
  const catalog = steered === null ? deps.catalog : () => steered.current()
  const answers = createAnswerService({
    ...deps,
    catalog,
    ...(steered === null ? {} : { refresh: () => steered.refresh() }),
    points: deps.points ?? null,
    freshnessMs: deps.freshnessMs ?? 1000,
    cacheBytes: deps.cacheBytes ?? 64 * 1024 * 1024,
    now,
    events,
  })

  protect(app, { loopback: isLoopback(deps.http.host) })
  await allowOrigins(app, deps.http.origins ?? [])
  await guard(app, { keys: deps.keys ?? null, perMinute: deps.requestsPerMinute ?? null })
  answerErrors(app, ({ error, route }) => events.request_failed({ err: error, route }))
  app.addHook('onResponse', async (request, reply) => {
    const { lasting } = request.routeOptions.config as { lasting?: boolean }
    if (lasting === true && reply.statusCode === 200) return
    const code = problemToldTo(request)
    if (code !== null && isRefusedChange(request.method, reply.statusCode))
      events.change_refused({
        route: request.routeOptions.url ?? request.url,
        method: request.method,
        status: reply.statusCode,
        code,
        key: actorOf(request).name ?? '',
        id: request.id,
      })
    events.request_answered({
      route: request.routeOptions.url ?? 'none',
      method: request.method,
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1000,
    })
  })
  const audited = createAudited(deps.audit ?? null, now)
  await app.register(swagger, openApiOptions(deps.keys !== undefined))
  registerAccess(app, { isProtected: deps.keys !== undefined })
  registerRoutes(app, { answers, catalog, now })
  const { keys, alerting } = deps
  const follower =
    alerting === undefined
      ? null
      : createAlertFollower({
          states: alerting.states,
          noticeOf: (state, id) => noticeOf(state, id, catalog(), now()),
          now,
          failed: err => events.alert_log_failed({ err }),
        })
  const live = createLiveHub({
    answers,
    alerts: deps.alerts ?? follower?.feed ?? createAlertRing({ capacity: 0 }),
    catalog,
    holds: keys === undefined ? async () => true : hash => keys.holds(hash),
    problemOf: error => {
      const { code, detail } = answerProblem(error)
      if (code === 'internal') events.request_failed({ err: error, route: '/v1/stream' })
      return { code, detail }
    },
    limits: { ...LIVE_LIMITS, ...deps.live },
    events,
    clock: () => performance.now(),
    random: Math.random,
  })
  registerLive(app, live)
  if (steered !== null && deps.steering !== undefined)
    registerSteering(app, { steered, answers, catalog: deps.catalog, store: deps.steering, audited, now })
  if (deps.audit !== undefined) registerAudit(app, deps.audit)
  if (alerting !== undefined && follower !== null) {
    registerAlerts(app, { ...alerting, follower, catalog, audited, now })
    app.addHook('onReady', async () => follower.start())
    app.addHook('onClose', () => follower.stop())
  }
  registerDigests(app, {
    ...{ answers, catalog, now, externalUrl: deps.externalUrl ?? null },
    facts: { actions: async () => (await deps.steering?.actions()) ?? [], history: alerting?.history ?? null },
    state: follower === null ? null : async () => (await follower.current()).digests,
  })
  if (deps.system !== undefined)
    registerSystem(app, {
      ...deps,
      catalog,
      system: deps.system,
      log: deps.log ?? null,
      progress: () => deps.source.progress(),
      rawRetentionMs: deps.rawRetentionMs ?? Number.POSITIVE_INFINITY,
      versions: { kivi: manifest.version, node: process.versions.node },
      now,
    })
  if (deps.journeys !== undefined) {
    const rawRetentionMs = deps.rawRetentionMs ?? Number.POSITIVE_INFINITY
    registerAnalyses(app, { answers, journeys: deps.journeys, catalog, rawRetentionMs })
  }
  await registerPrometheus(app, { answers, catalog, now })
  await registerPages(app, deps.dashboard)
  registerMachineRoutes(app, deps.telemetry, () => answers.ready())

  return {
    app,
    async start() {
      const url = await app.listen({ host: deps.http.host, port: deps.http.port })
      events.listening({ url })
      return url
    },
    stop: () => app.close(),
  }
}

/** Somebody tried to change what they may not. */
const isRefusedChange = (method: string, status: number): boolean =>
  ['PUT', 'POST', 'DELETE'].includes(method) && [401, 403, 409].includes(status)

/** Health, metrics and the description of the API. */
function registerMachineRoutes(app: FastifyInstance, telemetry: Telemetry, ready: () => Promise<void>): void {
  app.get(
    '/healthz',
    {
      config: OPEN,
      schema: { operationId: 'health', summary: 'Whether the process lives', response: { 200: schemas.health } },
    },
    async () => ({
      status: 'ok',
    }),
  )
  app.get(
    '/readyz',
    {
      config: OPEN,
      schema: {
        operationId: 'readiness',
        summary: 'Whether the service can answer',
        response: { 200: schemas.ready, 503: schemas.ready },
      },
    },
    async (_request, reply) => {
      const state = await readiness([{ name: 'clickhouse', run: () => ready().then(() => null) }])
      return reply
        .code(state.ready ? 200 : 503)
        .header('cache-control', 'no-store')
        .send(state)
    },
  )
  app.get(
    '/metrics',
    {
      schema: {
        operationId: 'metrics',
        summary: 'How the service itself does, as Prometheus text',
        response: { 200: { content: { 'text/plain': { schema: { type: 'string' } } } } },
      },
    },
    async (_request, reply) => reply.type(telemetry.registry.contentType).send(await telemetry.registry.metrics()),
  )
  app.get(
    '/openapi.json',
    {
      config: OPEN,
      schema: { operationId: 'document', summary: 'This very document', response: { 200: schemas.document } },
    },
    async () => app.swagger(),
  )
}
