import type { Catalog, Period, SteeringStore } from '@kivi/domain'
import type { FastifyInstance } from 'fastify'
import { viewOf } from '../access/access.ts'
import type { AnswerService } from '../answer-service.ts'
import { latestWindow } from '../answers/asked-window.ts'
import { describe } from '../http/described.ts'
import { INDICATOR } from '../http/parameters.ts'
import { sendRendered, wantedForm } from '../http/rendered.ts'
import { parseBy, parseFilters } from '../questions/segments.ts'
import type { AskedWindow } from '../questions/windows.ts'
import {
  actionOf,
  answerAttainment,
  answerCorrelation,
  answerDrivers,
  answerEffect,
  movedBy,
  periodOf,
} from './analyses.ts'
import * as schemas from './schemas.ts'
import { attainmentTable, correlationTable, driversTable, effectTable } from './tables.ts'

export interface AnalysisDeps {
  readonly answers: AnswerService
  readonly store: SteeringStore
  readonly catalog: () => Catalog
}

type Id = { readonly id: string }

const MOST_DIMENSIONS = 5

/** What follows from what was set: attainment, effects of actions, drivers of a change, correlations. */
export function registerSteeringAnalyses(app: FastifyInstance, { answers, store, catalog }: AnalysisDeps): void {
  app.get<{ Params: Id; Querystring: { per?: Period; periods: number; filter?: readonly string[] } }>(
    '/v1/targets/:id/attainment',
    describe({
      operationId: 'attainment',
      summary: 'How many of the last whole periods attained the target that was in force at their end',
      answer: schemas.attainment,
      query: schemas.parameters.attainment,
      params: INDICATOR,
      table: true,
    }),
    async (request, reply) => {
      const form = wantedForm(request)
      const mine = answers.within(viewOf(request))
      const indicator = mine.indicator(request.params.id)
      const { per = periodOf(indicator), periods, filter = [] } = request.query
      return sendRendered(
        request,
        reply,
        await mine.analysis(
          ['attainment', indicator.id, per, periods, filter],
          () => [indicator],
          desk => {
            const current = mine.indicator(indicator.id)
            return answerAttainment(desk, current, per, periods, parseFilters(filter, current))
          },
          { form, table: attainmentTable },
        ),
        [indicator.id, 'attainment'],
      )
    },
  )

  app.get<{ Params: Id; Querystring: { indicator?: string; control?: string } }>(
    '/v1/actions/:id/effect',
    describe({
      operationId: 'effect',
      summary: 'What followed an action, beyond the trend before it',
      answer: schemas.effect,
      query: schemas.parameters.effect,
      params: schemas.parameters.action,
      table: true,
    }),
    async (request, reply) => {
      const form = wantedForm(request)
      const { indicator, control } = request.query
      const view = viewOf(request)
      const mine = answers.within(view)
      const seen = (await store.actions()).flatMap(one => view.action(one, catalog()) ?? [])
      const action = actionOf(seen, request.params.id)
      return sendRendered(
        request,
        reply,
        await mine.analysis(
          ['effect', action, indicator, control],
          catalog => movedBy(catalog, action, indicator),
          desk => answerEffect(desk, action, movedBy(desk.listed, action, indicator), control),
          { form, table: effectTable },
        ),
        ['effect'],
      )
    },
  )

  app.get<{ Params: Id; Querystring: AskedWindow & { by?: string; filter?: string[] } }>(
    '/v1/drivers/:id',
    describe({
      operationId: 'drivers',
      summary: 'Why an indicator moved: mix against rate by segment, and which child of the hierarchy drags',
      answer: schemas.drivers,
      query: schemas.parameters.drivers,
      params: INDICATOR,
      table: true,
    }),
    async (request, reply) => {
      const form = wantedForm(request)
      const { by, filter = [], ...asked } = request.query
      const mine = answers.within(viewOf(request))
      const indicator = mine.indicator(request.params.id)
      // an attribute of the question, so that a wrong one is told before anything is read
      const dimensions = by === undefined ? indicator.dimensions.slice(0, MOST_DIMENSIONS) : parseBy(by, indicator)
      return sendRendered(
        request,
        reply,
        await mine.analysis(
          ['drivers', indicator.id, request.query],
          () => [indicator],
          async desk => answerDrivers(desk, indicator, await latestWindow(desk, indicator, asked), dimensions, filter),
          { form, table: driversTable },
        ),
        [indicator.id, 'drivers'],
      )
    },
  )

  app.get<{ Querystring: AskedWindow & { x: string; y: string; lags: number; by?: string } }>(
    '/v1/correlations',
    describe({
      operationId: 'correlations',
      summary: 'Do two indicators move together: by day at several lags, or across segments',
      answer: schemas.correlations,
      query: schemas.parameters.correlations,
      table: true,
    }),
    async (request, reply) => {
      const form = wantedForm(request)
      const { x, y, lags, by, ...asked } = request.query
      const mine = answers.within(viewOf(request))
      const [left, right] = [mine.indicator(x, 'x'), mine.indicator(y, 'y')]
      const named = asked.window ?? asked.period ?? asked.from
      return sendRendered(
        request,
        reply,
        await mine.analysis(
          ['correlations', request.query],
          () => [left, right],
          async desk =>
            answerCorrelation(
              desk,
              left,
              right,
              await latestWindow(desk, left, named === undefined ? { ...asked, window: '90d' } : asked),
              { lags, ...(by === undefined ? {} : { by }) },
            ),
          { form, table: correlationTable },
        ),
        ['correlations', x, y],
      )
    },
  )
}
