/** Errors of the HTTP interface as problem details (RFC 9457). */
import { KiviError } from '@kivi/domain'
import type { FastifyReply } from 'fastify'

export const PROBLEMS = {
  body_empty: { status: 400, title: 'The request has no body.' },
  body_invalid: { status: 400, title: 'The body is neither a JSON object, nor an array of them, nor NDJSON.' },
  key_missing: { status: 401, title: 'The request has no key.' },
  key_unknown: { status: 401, title: 'The key of the request is none of this Kivi.' },
  key_lacks_role: { status: 403, title: 'The key does not have the role that this needs.' },
  too_many_events: { status: 413, title: 'The request has more events than one may have.' },
  body_too_large: { status: 413, title: 'The body is larger than one may be.' },
  media_type_unknown: { status: 415, title: 'The collector does not read bodies of this type or encoding.' },
  demo_only: { status: 409, title: 'This Kivi runs the demo and takes no other events.' },
  overloaded: { status: 503, title: 'More events are waiting for the log than the collector may hold.' },
  log_unreachable: { status: 503, title: 'The event log does not take events at the moment.' },
  keys_unread: { status: 503, title: 'The keys cannot be read at the moment.' },
  unexpected: { status: 500, title: 'The collector failed; its log says why.' },
} as const

export type ProblemCode = keyof typeof PROBLEMS

export class Problem extends Error {
  readonly code: ProblemCode
  /** seconds */
  readonly retryAfter: number | null
  constructor(code: ProblemCode, detail: string, options: ErrorOptions & { retryAfter?: number } = {}) {
    super(detail, options)
    this.name = 'Problem'
    this.code = code
    this.retryAfter = options.retryAfter ?? null
  }
}

/** Seconds after which a request may be made again that failed for what passes. */
const LATER = 2

/** What went wrong as a problem; what nobody expected is `unexpected`. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  const cause = { cause: error }
  if (error instanceof KiviError && (error.code === 'store_unreachable' || error.code === 'store_retriable'))
    return new Problem('keys_unread', 'Nothing of this request was taken: send it again.', {
      ...cause,
      retryAfter: LATER,
    })
  if (error instanceof KiviError && (error.code === 'log_unreachable' || error.code === 'log_fenced'))
    return new Problem('log_unreachable', 'Nothing of this request may be taken as stored: send it again.', {
      ...cause,
      retryAfter: LATER,
    })
  return new Problem('unexpected', 'The request failed; send it again, its events keep their ids.', cause)
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const { status } = PROBLEMS[problem.code]
  if (problem.retryAfter !== null) reply.header('retry-after', problem.retryAfter)
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="kivi"')
  return reply.code(status).type('application/problem+json').send(problemBody(problem))
}

/** The body of `application/problem+json`. */
function problemBody(problem: Problem) {
  const { status, title } = PROBLEMS[problem.code]
  return { type: `urn:kivi:problem:${problem.code}`, status, code: problem.code, title, detail: problem.message }
}
