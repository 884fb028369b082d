/** How a finished answer leaves. */
import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { callerOf } from '../access/access.ts'
import { negotiate } from './accept.ts'
import { compressed, encodingFor } from './compression.ts'
import { csvOf, fileName, type Table } from './csv.ts'
import { cacheControl } from './keeping.ts'
import { ProblemError } from './problems.ts'

/** A finished answer: its text and the mark by which a client asks whether it changed. */
export interface Rendered {
  readonly body: string
  readonly etag: string
  readonly type: string
  /** seconds for which whoever asked may keep it without asking again */
  readonly maxAge: number
}

/** How an answer is wanted; `excel` is CSV with a byte order mark. */
export type Form = 'json' | 'csv' | 'excel'

export const JSON_TYPE = 'application/json'
export const CSV_TYPE = 'text/csv'

/** The one of the offered types that the client takes; else the problem not_acceptable. */
export function acceptable(request: FastifyRequest, offered: readonly string[]): string {
  const type = negotiate(request.headers.accept, offered)
  if (type !== null) return type
  throw new ProblemError('not_acceptable', `This address answers ${offered.join(' or ')} only.`, { allowed: offered })
}

/** How the sender wants the answer: `format` says it, else `Accept`. */
export function wantedForm(request: FastifyRequest, offered: 'table' | 'json' = 'table'): Form {
  const { format } = request.query as { format?: Form }
  if (format !== undefined) return format
  return acceptable(request, offered === 'table' ? [JSON_TYPE, CSV_TYPE] : [JSON_TYPE]) === CSV_TYPE ? 'csv' : 'json'
}

/** The text of an answer in that form. `table` is asked only where a table is wanted. */
export function renderAnswer<A extends object>(
  answer: A,
  form: Form,
  table?: (answer: A) => Table,
): Pick<Rendered, 'body' | 'type' | 'etag'> {
  const body =
    form === 'json' || table === undefined ? JSON.stringify(answer) : csvOf(table(answer), { mark: form === 'excel' })
  return {
    body,
    type: `${form === 'json' ? JSON_TYPE : CSV_TYPE}; charset=utf-8`,
    etag: `"${createHash('sha1').update(body).digest('base64url')}"`,
  }
}

/**
 * 304 where the client has this very answer, in whatever encoding.
 * @param name of the file, where it is kept as one
 */
export function sendRendered(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: Rendered,
  name: readonly string[] = ['kivi'],
): FastifyReply {
  const keyed = callerOf(request) !== null
  const encoding = encodingFor(request, answer.body)
  // one answer in two encodings is two to a cache (RFC 9110, 8.8.3.3)
  reply.header('etag', encoding === null ? answer.etag : answer.etag.replace(/"$/, `-${encoding}"`))
  reply.header('cache-control', cacheControl(answer.maxAge, keyed))
  varies(reply, keyed ? 'accept, accept-encoding, authorization' : 'accept, accept-encoding')
  if (answer.type.startsWith(CSV_TYPE)) reply.header('content-disposition', `attachment; filename="${fileName(name)}"`)
  if (matches(request.headers['if-none-match'], answer.etag)) return reply.code(304).send()
  reply.type(answer.type)
  if (encoding === null) return reply.send(answer.body)
  reply.header('content-encoding', encoding)
  compressed(answer, encoding).then(
    bytes => reply.send(bytes),
    (error: Error) => reply.removeHeader('content-encoding').send(error),
  )
  return reply
}

/** What is at hand, in the form that is wanted. */
export function sendAnswer<A extends object>(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: A,
  table?: { readonly name: readonly string[]; readonly of: (answer: A) => Table },
): FastifyReply {
  const form = wantedForm(request, table === undefined ? 'json' : 'table')
  return sendRendered(request, reply, { ...renderAnswer(answer, form, table?.of), maxAge: 0 }, table?.name)
}

/** Says that the answer depends on this header too, beside those that were named before. */
export function varies(reply: FastifyReply, header: string): void {
  const others = reply.getHeader('vary')
  reply.header('vary', others === undefined ? header : `${String(others)}, ${header}`)
}

function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header.split(',').some(candidate => {
    const mark = candidate.trim().replace(/^W\//, '')
    return mark === '*' || mark.replace(/-(br|gzip)"$/, '"') === etag
  })
}
