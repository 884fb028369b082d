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
  /** as it was declared, such as `/v1/indicators/:id` */
  readonly url: string
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
    for (const method of [route.method].flat()) routes.push({ method, url: route.url, path })
  })
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const { code, detail, hints } = problemOf(error, request)
    if (code === 'internal') onUnexpected({ error, route: request.routeOptions.url ?? request.url })
    return send(request, reply, code, detail, hints)
  })
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request)
    const methods = [...new Set(routes.filter(route => route.path.test(path)).map(route => route.method))]
    if (methods.length === 0) {
      const near = addressMeant(path, routes)
      return send(request, reply, 'not_found', `There is nothing at ${path}.${near} /docs lists the addresses.`)
    }
    reply.header('allow', methods.join(', '))
    if (request.method === 'OPTIONS') return reply.code(204).send()
    return send(
      request,
      reply,
      'method_not_allowed',
      `${path} does not answer ${request.method}: use ${listed(methods)}.`,
      { allowed: methods },
    )
  })
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`

/** ` Did you mean /v1/indicators/ctr?`: of the API's addresses, with the asked one's own words in the places for ids. */
function addressMeant(path: string, routes: readonly Route[]): string {
  const asked = path.replace(/\/+$/, '').split('/')
  const addresses = routes.flatMap(({ url }) => {
    const parts = url.split('/')
    return !url.startsWith('/v1/') || parts.length !== asked.length
      ? []
      : parts.map((part, i) => (part.startsWith(':') ? asked[i] : part)).join('/')
  })
  return meant(asked.join('/'), addresses)
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
  if ('code' in error && error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return { code: 'media_type_unknown', detail: 'Send the body as application/json.' }
  if ('code' in error && error.code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return {
      code: 'body_too_large',
      detail: 'The body is larger than this address takes: send it in several requests.',
    }
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
  if (first?.keyword === 'required') {
    const missing = String(first.params['missingProperty'])
    return {
      code: 'invalid_parameter',
      detail: `${missing} is missing: the address needs it.`,
      hints: { parameter: missing },
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
  const expected = allowed === undefined ? `it ${wrong(first)}` : `expected ${allowed.join(', ')}`
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
  const expected = allowed === undefined ? wrong(first) : `must be one of ${allowed.join(', ')}`
  if (path === '' && first?.keyword === 'type')
    return {
      code: 'invalid_parameter',
      detail: 'The body must be a JSON object, with content-type: application/json.',
    } as const
  return {
    code: 'invalid_parameter',
    detail: `${where} ${expected}.`,
    hints: { ...(path === '' ? {} : { parameter: path }), ...(allowed === undefined ? {} : { allowed }) },
  } as const
}

const TYPES: Readonly<Record<string, string>> = {
  ...{ integer: 'a whole number', number: 'a number', string: 'a text', boolean: 'true or false' },
  ...{ array: 'a list', object: 'an object' },
}

/** What is wrong with a value, for people. */
function wrong(error: NonNullable<FastifyError['validation']>[number] | undefined): string {
  const { limit, type } = (error?.params ?? {}) as { limit?: number; type?: string }
  switch (error?.keyword) {
    case 'type':
      return `must be ${TYPES[type ?? ''] ?? type}`
    case 'minLength':
      return limit === 1 ? 'must not be empty' : `must have ${limit} characters at least`
    case 'maxLength':
      return `must have ${limit} characters at most`
    case 'minItems':
      return limit === 1 ? 'must not be empty' : `must have ${limit} items at least`
    case 'maxItems':
      return `must have ${limit} items at most`
    case 'minimum':
      return `must be ${limit} or more`
    case 'maximum':
      return `must be ${limit} or less`
    default:
      return error?.message ?? 'is not valid'
  }
}

function knownParameters(request: FastifyRequest): Record<string, unknown> {
  const schema = request.routeOptions.schema?.querystring as { properties?: Record<string, unknown> } | undefined
  return schema?.properties ?? {}
}

const pathOf = (request: FastifyRequest): string => request.url.split('?')[0] as string
