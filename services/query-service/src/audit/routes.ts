import { AUDITED, type AuditEntry, type AuditStore } from '@kivi/domain'
import type { FastifyContextConfig, FastifyInstance } from 'fastify'
import type { RouteAccess } from '../access/access.ts'
import type { Table } from '../http/csv.ts'
import { describe } from '../http/described.ts'
import type { AskedPage } from '../http/paging.ts'
import { page } from '../http/parameters.ts'
import { ProblemError } from '../http/problems.ts'
import { sendAnswer } from '../http/rendered.ts'
import { described, nullableString, object, oneOf, pageOf, query, string, time } from '../http/shapes.ts'
import { formatTime } from '../questions/times.ts'

interface Asked extends AskedPage {
  readonly actor?: string
  readonly subject?: string
  readonly what?: AuditEntry['what']
}

const what = oneOf(AUDITED)
const anything = { description: 'As the API tells it; null: there was nothing, or it would say nothing.' }

const entry = object({
  id: described(string, 'Of the request, which was answered with it as x-request-id, or of the command.'),
  at: time,
  actor: object({
    key: described(nullableString, 'Id of the key; null: none was needed, and the name is what was said.'),
    name: string,
  }),
  what,
  subject: described(string, 'Indicator, action, reference, alert or key that it is about.'),
  before: anything,
  after: anything,
  reason: string,
  outcome: described(
    oneOf(['begun', 'done', 'failed']),
    '`begun`: Kivi stopped in the middle, and what became of it is not known.',
  ),
})

const QUERY = query({
  actor: described(string, 'Only changes of this key, by its id or name.'),
  subject: described(string, 'Only changes of this indicator, action, reference, alert or key.'),
  what: described(what, 'Only changes of this kind.'),
  ...page,
})

/** `GET /v1/audit`: who changed what, the latest first. */
export function registerAudit(app: FastifyInstance, store: AuditStore): void {
  const { schema } = describe({
    operationId: 'audit',
    summary: 'Who changed what that steers, or who may steer, the latest first',
    answer: pageOf(entry),
    query: QUERY,
    table: true,
  })
  const config: RouteAccess & FastifyContextConfig = { needs: 'admin' }
  app.get<{ Querystring: Asked }>('/v1/audit', { config, schema }, async (request, reply) => {
    const { limit, cursor, actor, subject, what } = request.query
    const found = await store.entries({
      limit: limit + 1,
      ...(cursor === undefined ? {} : { after: placeOf(cursor) }),
      ...(actor === undefined ? {} : { actor }),
      ...(subject === undefined ? {} : { subject }),
      ...(what === undefined ? {} : { what }),
    })
    const shown = found.slice(0, limit)
    const last = shown.at(-1)
    const more = last !== undefined && found.length > limit
    const items = shown.map(({ at, ...rest }) => ({ ...rest, at: formatTime(at) }))
    return sendAnswer(request, reply, { items, next: more ? cursorOf(last) : null }, { name: ['audit'], of: table })
  })
}

/** A place in time and not in a list: what comes in above moves nothing. */
const cursorOf = ({ at, id }: Pick<AuditEntry, 'at' | 'id'>): string =>
  Buffer.from(JSON.stringify([at, id])).toString('base64url')

function placeOf(cursor: string): Pick<AuditEntry, 'at' | 'id'> {
  try {
    const [at, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
    if (Number.isSafeInteger(at) && Math.abs(at as number) < LAST_MS && typeof id === 'string')
      return { at: at as number, id }
  } catch {
    // told below
  }
  throw new ProblemError('invalid_parameter', 'cursor is not one that this list gave: begin again without it.', {
    parameter: 'cursor',
  })
}

/** 2299-12-31, the end of a DateTime64. */
const LAST_MS = 10_413_792_000_000

const table = ({ items }: { readonly items: readonly object[] }): Table => ({
  columns: ['at', 'id', 'actor.key', 'actor.name', 'what', 'subject', 'before', 'after', 'reason', 'outcome'],
  rows: items,
})
