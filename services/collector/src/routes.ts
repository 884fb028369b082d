import type { IncomingMessage } from 'node:http'
import { RawMap, validate } from '@kivi/decoding'
import type { Catalog, LogProducer, NewRecord } from '@kivi/domain'
import type { Keyring, Telemetry } from '@kivi/service-kit'
import type { FastifyContextConfig, FastifyError, FastifyPluginAsync, FastifyRequest } from 'fastify'
import { readBody } from './body.ts'
import { collectorEvents } from './events.ts'
import { createGroupCommit } from './group-commit.ts'
import { requireRole } from './keys.ts'
import { Problem, problemOf, sendProblem } from './problem.ts'
import { type BodyEntry, readEvents } from './read-events.ts'
import { createTraffic, type Flag, flagged, flagOf, type TrafficOptions } from './traffic.ts'

export interface CollectorDeps {
  /** asked for at each request, so that a changed catalog counts at once */
  readonly catalog: () => Catalog
  readonly producer: Pick<LogProducer, 'send'>
  readonly topic: string
  readonly telemetry: Telemetry
  /** the only source from which events are taken, and what to do about others; null: any source */
  readonly only: { readonly source: string; readonly advice: string } | null
  /** by which senders are told apart; without, whoever reaches the collector may send */
  readonly keys?: Pick<Keyring, 'present'> | null
  readonly limits?: Partial<CollectorLimits>
  /** whose addresses are the company's own; without, none are */
  readonly traffic?: TrafficOptions
}

export interface CollectorLimits {
  /** of one body, unpacked */
  readonly maxBytes: number
  /** of one body */
  readonly maxEvents: number
  /** of all requests that wait for the log */
  readonly maxWaitingBytes: number
}

export const COLLECTOR_LIMITS: CollectorLimits = { maxBytes: 8 << 20, maxEvents: 10_000, maxWaitingBytes: 64 << 20 }

interface Rejected {
  readonly index: number
  readonly code: string
  readonly reason: string
}

/** Where routes stand behind the query service's guard: this one looks at the key itself, as it does on its own. */
const LOOKS_ITSELF: FastifyContextConfig & { readonly needs: 'own' } = { needs: 'own' }

const BODY_TYPES = ['application/json', 'application/x-ndjson', 'application/ndjson', 'application/jsonl', 'text/plain']

/** `POST /v1/events` as a plugin with a scope of its own; it may stand beside other routes. */
export function collectorRoutes(deps: CollectorDeps): FastifyPluginAsync {
  const limits = { ...COLLECTOR_LIMITS, ...deps.limits }
  const emit = collectorEvents(deps.telemetry)
  const log = createGroupCommit(deps.producer, deps.topic, limits)
  const traffic = createTraffic(deps.traffic ?? { internal: [], proxies: [] })

  return async function collector(app) {
    app.removeAllContentTypeParsers()
    // sendBeacon of browsers can only send text/plain without asking first
    app.addContentTypeParser(
      BODY_TYPES,
      { bodyLimit: limits.maxBytes },
      (request: FastifyRequest, payload: IncomingMessage) => readBody(request.raw, payload, limits),
    )
    app.addHook('onClose', () => log.drained())
    app.setErrorHandler((error: FastifyError, _request, reply) => {
      const problem = toProblem(error)
      emit.requestRefused({ code: problem.code, detail: problem.message })
      if (problem.code === 'unexpected') deps.telemetry.logger.error({ err: error }, 'a request failed')
      sendProblem(reply, problem)
    })

    const { keys = null } = deps
    // before the body is read: strangers cannot make the collector hold what they send
    if (keys !== null) app.addHook('onRequest', request => requireRole(keys, request.headers.authorization, 'ingest'))

    app.post(
      '/v1/events',
      { config: LOOKS_ITSELF, schema: SCHEMA, validatorCompiler: () => () => true, bodyLimit: limits.maxBytes },
      async request => {
        const begun = performance.now()
        const entries = readEvents((request.body ?? Buffer.alloc(0)) as Buffer, limits)
        const { records, rejected, flags } = judge(entries, deps, traffic.ofRequest(request))
        if (records.length > 0) await log.append(records)
        for (const [flag, events] of flags) emit.eventsFlagged({ traffic: flag, events })
        for (const { code, reason } of rejected) emit.eventRejected({ code, detail: reason })
        emit.eventsTaken({ accepted: records.length, seconds: (performance.now() - begun) / 1000 })
        return { accepted: records.length, rejected }
      },
    )
  }
}

interface Judged {
  readonly records: NewRecord[]
  readonly rejected: Rejected[]
  /** how many were flagged as what */
  readonly flags: ReadonlyMap<Flag, number>
}

function judge(entries: readonly BodyEntry[], deps: CollectorDeps, ofRequest: Flag | null): Judged {
  const catalog = deps.catalog()
  const flags = new Map<Flag, number>()
  const records: NewRecord[] = []
  const rejected: Rejected[] = []
  for (const [index, entry] of entries.entries()) {
    if ('invalid' in entry) {
      rejected.push({ index, code: 'invalid_json', reason: entry.invalid })
      continue
    }
    const { value } = entry
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      rejected.push({ index, code: 'invalid_json', reason: 'an event is one JSON object' })
      continue
    }
    const object = value as Readonly<Record<string, unknown>>
    const checked = validate(catalog, field => fieldOf(object, field))
    if ('rejection' in checked) {
      rejected.push({ index, code: checked.rejection.reason, reason: checked.rejection.detail })
      continue
    }
    if (deps.only !== null && checked.event['source'] !== deps.only.source)
      throw new Problem('demo_only', deps.only.advice)
    const { event } = checked
    const key = event['user_id'] ?? event['anonymous_id'] ?? event.event_id
    const flag = flagOf(object, ofRequest)
    if (flag !== null) flags.set(flag, (flags.get(flag) ?? 0) + 1)
    const told = flag === null ? object : flagged(object, flag)
    records.push({ key: String(key), value: Buffer.from(JSON.stringify(told)) })
  }
  return { records, rejected, flags }
}

function fieldOf(object: Readonly<Record<string, unknown>>, field: string): unknown {
  const value = Object.hasOwn(object, field) ? object[field] : undefined
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? new RawMap(Object.entries(value)) : value
}

function toProblem(error: Error & { code?: string }): Problem {
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return new Problem('media_type_unknown', `Send events as ${BODY_TYPES.slice(0, 2).join(' or ')}.`, { cause: error })
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new Problem('body_too_large', 'Send the events in several requests.', { cause: error })
  return problemOf(error)
}

const SCHEMA = {
  operationId: 'sendEvents',
  summary: 'Take events: one JSON object, an array of them, or one a line (NDJSON); gzip is understood',
  tags: ['events'],
  response: {
    200: {
      description: 'The accepted events are durable in the log; the rejected ones are not',
      type: 'object',
      required: ['accepted', 'rejected'],
      properties: {
        accepted: { type: 'integer' },
        rejected: {
          type: 'array',
          items: {
            type: 'object',
            required: ['index', 'code', 'reason'],
            properties: { index: { type: 'integer' }, code: { type: 'string' }, reason: { type: 'string' } },
          },
        },
      },
    },
  },
} as const
