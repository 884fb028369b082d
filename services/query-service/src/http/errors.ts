import { KiviError } from '@kivi/domain'
import { PROBLEM_MEDIA_TYPE } from '@kivi/service-kit'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type ProblemCode, ProblemError, type ProblemHints, problemBody } from './problems.ts'
import { meant } from './unknown.ts'

const RETRY_AFTER_SECONDS = 2
/** When it is worth asking again, s: ClickHouse is away for a moment, a stream is open for long. */
const RETRY_AFTER: Partial<Record<ProblemCode, number>> = {
  store_unavailable: RETRY_AFTER_SECONDS,
  log_unavailable: RETRY_AFTER_SECONDS,
  streams_full: 10,
  too_many_streams: 10,
}

interface Route {
  readonly method: string
  readonly path: RegExp
}

/** Every error leaves as a problem; what nobody expected is told to `onUnexpected` and not to the asker. */
export function answerErrors(
  app: FastifyInstance,
  onUnexpected: (fields: { error: unknown; route: string }) => void,
): void {
  const routes: Route[] = []
  app.addHook('onRoute', route => {
    const path = new RegExp(`^${route.url.replace(/:[^/]+/g, '[^/]+').replace(/\*$/, '.*')}$`)
    for (const method of [route.method].flat()) routes.push({ method, path })
  })
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const { code, detail, hints } = problemOf(error, request)
    if (code === 'internal') onUnexpected({ error, route: request.routeOptions.url ?? request.url })
    return send(request, reply, code, detail, hints)
  })
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request)
    const methods = [...new Set(routes.filter(route => route.path.test(path)).map(route => route.method))]
    if (methods.length === 0)
      return send(request, reply, 'not_found', `There is nothing at ${path}; /docs lists the addresses.`)
    reply.header('allow', methods.join(', '))
    return send(
      request,
      reply,
      'method_not_allowed',
      `${path} does not answer ${request.method}: use ${methods.join(' or ')}.`,
      { allowed: methods },
    )
  })
}

const told = new WeakMap<FastifyRequest, ProblemCode>()

/** The problem that the request was answered with; null: none. */
export const problemToldTo = (request: FastifyRequest): ProblemCode | null => told.get(request) ?? null

export function send(
  request: FastifyRequest,
  reply: FastifyReply,
  code: ProblemCode,
  detail: string,
  hints: ProblemHints = {},
): FastifyReply {
  const body = problemBody(code, detail, pathOf(request), hints)
  told.set(request, code)
  const retryAfter = RETRY_AFTER[code]
  if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter))
  return reply
    .code(body.status)
    .header('cache-control', 'no-store')
    .type(PROBLEM_MEDIA_TYPE)
    .serializer((value: unknown) => JSON.stringify(value))
    .send(body)
}

function problemOf(
  error: FastifyError | ProblemError | KiviError,
  request: FastifyRequest,
): { code: ProblemCode; detail: string; hints?: ProblemHints } {
  if (error instanceof ProblemError || error instanceof KiviError) return answerProblem(error)
  if ('validation' in error && error.validation) return invalidParameter(error, request)
  if ('statusCode' in error && error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
    return { code: 'invalid_request', detail: error.message }
  return unexpected()
}

/** What is told of an answer that failed, whatever it failed at. */
export function answerProblem(error: unknown): { code: ProblemCode; detail: string; hints?: ProblemHints } {
  if (error instanceof ProblemError) return { code: error.code, detail: error.message, hints: error.hints }
  if (error instanceof KiviError) {
    switch (error.code) {
      case 'store_unreachable':
      case 'store_retriable':
        return {
          code: 'store_unavailable',
          detail: `ClickHouse does not answer now; ask again in ${RETRY_AFTER_SECONDS} s.`,
        }
      case 'question_too_large':
        return { code: 'question_too_large', detail: error.message }
      default:
        return unexpected()
    }
  }
  return unexpected()
}

const unexpected = () =>
  ({ code: 'internal', detail: 'Kivi failed at something that it did not expect; its log says what.' }) as const

function invalidParameter(error: FastifyError, request: FastifyRequest) {
  const first = error.validation?.[0]
  if (error.validationContext === 'body') return invalidBody(error)
  const parameter = first?.instancePath.split('/')[1] ?? ''
  if (first?.keyword === 'additionalProperties') {
    const name = String(first.params['additionalProperty'])
    const known = Object.keys(knownParameters(request))
    return {
      code: 'unknown_parameter',
      detail: `There is no parameter ${JSON.stringify(name)} here.${meant(name, known)} ${known.length === 0 ? 'The address has none' : `Known are ${known.join(', ')}`}.`,
      hints: { parameter: name, allowed: known },
    } as const
  }
  const value = (request.query as Record<string, unknown>)[parameter]
  if (Array.isArray(value) && parameter !== 'filter')
    return {
      code: 'repeated_parameter',
      detail: `${parameter} is given ${value.length} times: give it once.`,
      hints: { parameter },
    } as const
  const allowed = first?.keyword === 'enum' ? (first.params['allowedValues'] as string[]) : undefined
  const expected = allowed === undefined ? `it ${first?.message ?? 'is not valid'}` : `expected ${allowed.join(', ')}`
  return {
    code: 'invalid_parameter',
    detail: `${parameter} is ${JSON.stringify(value)}: ${expected}.`,
    hints: { parameter, ...(allowed === undefined ? {} : { allowed }) },
  } as const
}

/** A wrong body; `parameter` is the path of what is wrong in it: `items/0/value`. */
function invalidBody(error: FastifyError) {
  const first = error.validation?.[0]
  const path = first?.instancePath.slice(1) ?? ''
  const where = path === '' ? 'The body' : `${path} of the body`
  const params = (first?.params ?? {}) as {
    missingProperty?: string
    additionalProperty?: string
    allowedValues?: string[]
  }
  const inner = (name: string) => (path === '' ? name : `${path}/${name}`)
  if (first?.keyword === 'required' && params.missingProperty !== undefined)
    return {
      code: 'invalid_parameter',
      detail: `${where} lacks ${params.missingProperty}.`,
      hints: { parameter: inner(params.missingProperty) },
    } as const
  if (first?.keyword === 'additionalProperties' && params.additionalProperty !== undefined)
    return {
      code: 'unknown_parameter',
      detail: `${where} has ${JSON.stringify(params.additionalProperty)}, which means nothing here.`,
      hints: { parameter: inner(params.additionalProperty) },
    } as const
  const allowed = params.allowedValues
  const expected = allowed === undefined ? (first?.message ?? 'is not valid') : `must be one of ${allowed.join(', ')}`
  return {
    code: 'invalid_parameter',
    detail: `${where} ${expected}.`,
    hints: { ...(path === '' ? {} : { parameter: path }), ...(allowed === undefined ? {} : { allowed }) },
  } as const
}

function knownParameters(request: FastifyRequest): Record<string, unknown> {
  const schema = request.routeOptions.schema?.querystring as { properties?: Record<string, unknown> } | undefined
  return schema?.properties ?? {}
}

const pathOf = (request: FastifyRequest): string => request.url.split('?')[0] as string
