import type { Catalog } from '@kivi/domain'
import type { FastifyInstance } from 'fastify'
import { viewOf } from './access/access.ts'
import type { AnswerService, AskedBoard, AskedSeries, AskedValue } from './answer-service.ts'
import { detail, page } from './answers/indicators.ts'
import { acceptable, CSV_TYPE, describe, JSON_TYPE, sendRendered } from './http/rendered.ts'
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
      return page(viewOf(request).listed(catalog()), request.query.limit, request.query.cursor ?? null, now())
    },
  )

  app.get<{ Params: Id }>(
    '/v1/indicators/:id',
    describe(
      'indicator',
      'One indicator with its formula, measures and targets',
      schemas.indicatorDetail,
      schemas.parameters.none,
      schemas.parameters.id,
    ),
    async (request, reply) => {
      acceptable(request, [JSON_TYPE])
      reply.header('cache-control', 'no-cache')
      const view = viewOf(request)
      return detail(view.catalog(catalog()), answers.within(view).indicator(request.params.id), now())
    },
  )

  app.get<{ Params: Id; Querystring: AskedValue }>(
    '/v1/indicators/:id/value',
    describe(
      'value',
      'Value of a window, with target, status, trend, comparison and groups',
      schemas.value,
      schemas.parameters.value,
      schemas.parameters.id,
    ),
    async (request, reply) => {
      acceptable(request, [JSON_TYPE])
      return sendRendered(request, reply, await answers.within(viewOf(request)).value(request.params.id, request.query))
    },
  )

  app.get<{ Params: Id; Querystring: AskedSeries }>(
    '/v1/indicators/:id/series',
    describe(
      'series',
      'Values step by step, as JSON or as text/csv',
      schemas.series,
      schemas.parameters.series,
      schemas.parameters.id,
    ),
    async (request, reply) => {
      const type = acceptable(request, [JSON_TYPE, CSV_TYPE])
      reply.header('vary', 'accept')
      if (type === CSV_TYPE) reply.header('content-disposition', `attachment; filename="${request.params.id}.csv"`)
      return sendRendered(
        request,
        reply,
        await answers
          .within(viewOf(request))
          .series(request.params.id, request.query, type === CSV_TYPE ? 'csv' : 'json'),
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
      return sendRendered(request, reply, await answers.within(viewOf(request)).board(request.query))
    },
  )
}
