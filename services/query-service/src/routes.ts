import type { Catalog } from '@kivi/domain'
import type { FastifyInstance } from 'fastify'
import { viewOf } from './access/access.ts'
import type { AnswerService, AskedBoard, AskedSeries, AskedValue } from './answer-service.ts'
import { detail, page } from './answers/indicators.ts'
import { indicatorsTable } from './answers/tables.ts'
import { describe } from './http/described.ts'
import type { AskedPage } from './http/paging.ts'
import { INDICATOR, PAGE } from './http/parameters.ts'
import { sendAnswer, sendRendered, wantedForm } from './http/rendered.ts'
import * as schemas from './http/schemas.ts'

export interface RouteDeps {
  readonly answers: AnswerService
  readonly catalog: () => Catalog
  readonly now: () => number
}

type Id = { readonly id: string }

/** Values, series, the board and what they are of. */
export function registerRoutes(app: FastifyInstance, { answers, catalog, now }: RouteDeps): void {
  app.get<{ Querystring: AskedPage }>(
    '/v1/indicators',
    describe({
      operationId: 'indicators',
      summary: 'All indicators and measures, in the catalog’s order',
      answer: schemas.indicatorPage,
      query: PAGE,
      table: true,
    }),
    async (request, reply) =>
      sendAnswer(request, reply, page(viewOf(request).listed(catalog()), request.query, now()), {
        name: ['indicators'],
        of: indicatorsTable,
      }),
  )

  app.get<{ Params: Id }>(
    '/v1/indicators/:id',
    describe({
      operationId: 'indicator',
      summary: 'One indicator with its formula, measures and targets',
      answer: schemas.indicatorDetail,
      params: INDICATOR,
    }),
    async (request, reply) => {
      const view = viewOf(request)
      const indicator = answers.within(view).indicator(request.params.id)
      return sendAnswer(request, reply, detail(view.catalog(catalog()), indicator, now()))
    },
  )

  app.get<{ Params: Id; Querystring: AskedValue }>(
    '/v1/indicators/:id/value',
    describe({
      operationId: 'value',
      summary: 'Value of a window, with target, status, trend, comparison and groups',
      answer: schemas.value,
      query: schemas.parameters.value,
      params: INDICATOR,
      table: true,
    }),
    async (request, reply) => {
      const { id } = request.params
      const form = wantedForm(request)
      const answer = await answers.within(viewOf(request)).value(id, request.query, form)
      return sendRendered(request, reply, answer, [id])
    },
  )

  app.get<{ Params: Id; Querystring: AskedSeries }>(
    '/v1/indicators/:id/series',
    describe({
      operationId: 'series',
      summary: 'Values step by step',
      answer: schemas.series,
      query: schemas.parameters.series,
      params: INDICATOR,
      table: true,
    }),
    async (request, reply) => {
      const { id } = request.params
      const form = wantedForm(request)
      const answer = await answers.within(viewOf(request)).series(id, request.query, form)
      return sendRendered(request, reply, answer, [id, 'series'])
    },
  )

  app.get<{ Querystring: AskedBoard }>(
    '/v1/board',
    describe({
      operationId: 'board',
      summary: 'The indicators of the board with status and spark line',
      answer: schemas.board,
      query: schemas.parameters.board,
      table: true,
    }),
    async (request, reply) => {
      const form = wantedForm(request)
      return sendRendered(request, reply, await answers.within(viewOf(request)).board(request.query, form), ['board'])
    },
  )
}
