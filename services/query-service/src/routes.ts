import type { Catalog } from '@kivi/domain'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AnswerService, AskedBoard, AskedSeries, AskedValue, Rendered } from './answer-service.ts'
import { detail, page } from './answers/indicators.ts'
import { negotiate } from './http/accept.ts'
import { ProblemError } from './http/problems.ts'
import * as schemas from './http/schemas.ts'

export interface RouteDeps {
  readonly answers: AnswerService
  readonly catalog: () => Catalog
  readonly now: () => number
}

type Id = { readonly id: string }

/** Everything that the API answers, one route after the other. */
export function registerRoutes(app: FastifyInstance, { answers, catalog, now }: RouteDeps): void {
  app.get<{ Querystring: { limit: number; cursor?: string } }>(
    '/v1/indicators',
    describe(
      'indicators',
      'All indicators and measures, in the catalog’s order',
      schemas.indicatorPage,
      schemas.parameters.list,
    ),
    async (request, reply) => {
      acceptable(request, [JSON_TYPE])
      reply.header('cache-control', 'no-cache')
      return page(catalog(), request.query.limit, request.query.cursor ?? null, now())
    },
  )

  app.get<{ Params: Id }>(
    '/v1/indicators/:id',
    describe(
      'indicator',
      'One indicator with its formula, measures and targets',
      schemas.indicatorDetail,
      schemas.parameters.none,
      true,
    ),
    async (request, reply) => {
      acceptable(request, [JSON_TYPE])
      reply.header('cache-control', 'no-cache')
      return detail(catalog(), answers.indicator(request.params.id), now())
    },
  )

  app.get<{ Params: Id; Querystring: AskedValue }>(
    '/v1/indicators/:id/value',
    describe(
      'value',
      'Value of a window, with target, status, trend, comparison and groups',
      schemas.value,
      schemas.parameters.value,
      true,
    ),
    async (request, reply) => {
      acceptable(request, [JSON_TYPE])
      return sendRendered(request, reply, await answers.value(request.params.id, request.query))
    },
  )

  app.get<{ Params: Id; Querystring: AskedSeries }>(
    '/v1/indicators/:id/series',
    describe('series', 'Values step by step, as JSON or as text/csv', schemas.series, schemas.parameters.series, true),
    async (request, reply) => {
      const type = acceptable(request, [JSON_TYPE, CSV_TYPE])
      reply.header('vary', 'accept')
      if (type === CSV_TYPE) reply.header('content-disposition', `attachment; filename="${request.params.id}.csv"`)
      return sendRendered(
        request,
        reply,
        await answers.series(request.params.id, request.query, type === CSV_TYPE ? 'csv' : 'json'),
      )
    },
  )

  app.get<{ Querystring: AskedBoard }>(
    '/v1/board',
    describe(
      'board',
      'The indicators of the board with status and spark line',
      schemas.board,
      schemas.parameters.board,
    ),
    async (request, reply) => {
      acceptable(request, [JSON_TYPE])
      return sendRendered(request, reply, await answers.board(request.query))
    },
  )
}

const JSON_TYPE = 'application/json'
const CSV_TYPE = 'text/csv'

function describe(operationId: string, summary: string, answer: object, querystring: object, hasId = false) {
  return {
    schema: {
      operationId,
      summary,
      querystring,
      ...(hasId ? { params: schemas.parameters.id } : {}),
      response: {
        200: answer,
        default: {
          description: 'A problem (RFC 9457)',
          content: { 'application/problem+json': { schema: schemas.problem } },
        },
      },
    },
  }
}

function acceptable(request: FastifyRequest, offered: readonly string[]): string {
  const type = negotiate(request.headers.accept, offered)
  if (type !== null) return type
  throw new ProblemError('not_acceptable', `This address answers ${offered.join(' or ')} only.`, { allowed: offered })
}

/** 304 where the client has this very answer; it may keep what it has, and must ask whether it still holds. */
function sendRendered(request: FastifyRequest, reply: FastifyReply, answer: Rendered): FastifyReply {
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
