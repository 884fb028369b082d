/** What routes that answer questions have in common: their description, and how a finished answer leaves. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LIMITED } from '../access/access.ts'
import { negotiate } from './accept.ts'
import { ProblemError } from './problems.ts'
import { problem } from './schemas.ts'

/** A finished answer: its text and the mark by which a client asks whether it changed. */
export interface Rendered {
  readonly body: string
  readonly etag: string
  readonly type: string
  /** the window is over and everything in it has been counted: only late events can change it */
  readonly complete: boolean
}

export const JSON_TYPE = 'application/json'
export const CSV_TYPE = 'text/csv'

/** A route that answers within the view of a key, with its schema: its answer and, for what goes wrong, a problem. */
export function describe(
  operationId: string,
  summary: string,
  answer: object,
  querystring: object,
  params: object | null = null,
) {
  return {
    config: LIMITED,
    schema: {
      operationId,
      summary,
      querystring,
      ...(params === null ? {} : { params }),
      response: {
        200: answer,
        default: {
          description: 'A problem (RFC 9457)',
          content: { 'application/problem+json': { schema: problem } },
        },
      },
    },
  }
}

/** The one of the offered types that the client takes; else the problem not_acceptable. */
export function acceptable(request: FastifyRequest, offered: readonly string[]): string {
  const type = negotiate(request.headers.accept, offered)
  if (type !== null) return type
  throw new ProblemError('not_acceptable', `This address answers ${offered.join(' or ')} only.`, { allowed: offered })
}

/** 304 where the client has this very answer; it may keep what it has, and must ask whether it still holds. */
export function sendRendered(request: FastifyRequest, reply: FastifyReply, answer: Rendered): FastifyReply {
  reply.header('etag', answer.etag).header('cache-control', 'private, no-cache')
  if (matches(request.headers['if-none-match'], answer.etag)) return reply.code(304).send()
  return reply.type(answer.type).send(answer.body)
}

function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header.split(',').some(candidate => {
    const mark = candidate.trim()
    return mark === '*' || mark === etag || mark === `W/${etag}`
  })
}
