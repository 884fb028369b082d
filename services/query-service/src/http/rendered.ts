/** What routes that answer questions have in common: their description, and how a finished answer leaves. */
import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LIMITED } from '../access/access.ts'
import { negotiate } from './accept.ts'
import { csvOf, fileName, type Table } from './csv.ts'
import { ProblemError } from './problems.ts'
import * as schemas from './schemas.ts'

/** A finished answer: its text and the mark by which a client asks whether it changed. */
export interface Rendered {
  readonly body: string
  readonly etag: string
  readonly type: string
  /** the window is over and everything in it has been counted: only late events can change it */
  readonly complete: boolean
}

/** How an answer is wanted; `excel` is CSV with a byte order mark. */
export type Form = 'json' | 'csv' | 'excel'

const JSON_TYPE = 'application/json'
const CSV_TYPE = 'text/csv'

interface Described {
  readonly operationId: string
  readonly summary: string
  readonly answer: object
  readonly query?: { readonly properties: object; readonly required: readonly string[] }
  readonly params?: object
  /** it is a table too, which can be had as CSV */
  readonly table?: boolean
}

/** A route that answers within the view of a key, with its schema. */
export function describe({ operationId, summary, answer, query = schemas.parameters.none, params, table }: Described) {
  return {
    config: LIMITED,
    schema: {
      operationId,
      summary,
      querystring: table === true ? { ...query, properties: { ...query.properties, format: schemas.format } } : query,
      ...(params === undefined ? {} : { params }),
      response: {
        200:
          table === true
            ? { content: { [JSON_TYPE]: { schema: answer }, [CSV_TYPE]: { schema: { type: 'string' } } } }
            : answer,
        304: schemas.unchanged,
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
 * 304 where the client has this very answer; it may keep what it has, and must ask whether it still holds.
 * @param name of the file, where it is kept as one
 */
export function sendRendered(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: Pick<Rendered, 'body' | 'type' | 'etag'>,
  name: readonly string[] = ['kivi'],
): FastifyReply {
  reply.header('etag', answer.etag).header('cache-control', 'private, no-cache')
  varies(reply, 'accept')
  if (answer.type.startsWith(CSV_TYPE)) reply.header('content-disposition', `attachment; filename="${fileName(name)}"`)
  if (matches(request.headers['if-none-match'], answer.etag)) return reply.code(304).send()
  return reply.type(answer.type).send(answer.body)
}

/** What is at hand, in the form that is wanted. */
export function sendAnswer<A extends object>(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: A,
  table?: { readonly name: readonly string[]; readonly of: (answer: A) => Table },
): FastifyReply {
  const form = wantedForm(request, table === undefined ? 'json' : 'table')
  return sendRendered(request, reply, renderAnswer(answer, form, table?.of), table?.name)
}

/** Says that the answer depends on this header too, beside those that were named before. */
export function varies(reply: FastifyReply, header: string): void {
  const others = reply.getHeader('vary')
  reply.header('vary', others === undefined ? header : `${String(others)}, ${header}`)
}

function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header.split(',').some(candidate => {
    const mark = candidate.trim()
    return mark === '*' || mark === etag || mark === `W/${etag}`
  })
}
