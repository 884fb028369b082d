/** Errors of the HTTP interface as problem details (RFC 9457). */
import { isKiviError, isStoreAway } from '@kivi/domain'
import { KEY_PROBLEMS, PROBLEM_MEDIA_TYPE, problemDetails, problemUrn } from '@kivi/service-kit'
import type { FastifyReply } from 'fastify'

export const PROBLEMS = {
  body_empty: { status: 400, title: 'The request has no body' },
  body_invalid: { status: 400, title: 'The body is neither a JSON object, nor an array of them, nor NDJSON' },
  key_missing: KEY_PROBLEMS.key_missing,
  key_unknown: KEY_PROBLEMS.key_unknown,
  key_lacks_role: KEY_PROBLEMS.key_lacks_role,
  too_many_events: { status: 413, title: 'The request has more events than one may have' },
  body_too_large: { status: 413, title: 'The body is larger than one may be' },
  media_type_unknown: { status: 415, title: 'The collector does not read bodies of this type or encoding' },
  demo_only: { status: 409, title: 'This Kivi runs the demo and takes no other events' },
  overloaded: { status: 503, title: 'More events are waiting for the log than the collector may hold' },
  log_unreachable: { status: 503, title: 'The event log does not take events at the moment' },
  keys_unread: KEY_PROBLEMS.keys_unread,
  unexpected: { status: 500, title: 'The collector failed; its log says why' },
} as const

export type ProblemCode = keyof typeof PROBLEMS

export class Problem extends Error {
  readonly code: ProblemCode
  /** seconds */
  readonly retryAfter: number | null
  /** the header `WWW-Authenticate` */
  readonly challenge: string | null
  constructor(
    code: ProblemCode,
    detail: string,
    options: ErrorOptions & { retryAfter?: number; challenge?: string | null } = {},
  ) {
    super(detail, options)
    this.name = 'Problem'
    this.code = code
    this.retryAfter = options.retryAfter ?? null
    this.challenge = options.challenge ?? null
  }
}

/** Seconds after which a request may be made again that failed for what passes. */
const LATER = 2

/** What went wrong as a problem; what nobody expected is `unexpected`. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  const cause = { cause: error }
  if (isStoreAway(error))
    return new Problem('keys_unread', 'Nothing of this request was taken: send it again.', {
      ...cause,
      retryAfter: LATER,
    })
  if (isKiviError(error, 'log_unreachable', 'log_fenced'))
    return new Problem('log_unreachable', 'Nothing of this request may be taken as stored: send it again.', {
      ...cause,
      retryAfter: LATER,
    })
  return new Problem('unexpected', 'The request failed; send it again, its events keep their ids.', cause)
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const { code, message, retryAfter, challenge } = problem
  const body = problemDetails(PROBLEMS, problemUrn, code, message)
  if (retryAfter !== null) reply.header('retry-after', retryAfter)
  if (challenge !== null) reply.header('www-authenticate', challenge)
  return reply.code(body.status).type(PROBLEM_MEDIA_TYPE).send(body)
}
