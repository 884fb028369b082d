import type { Catalog, Period, SteeringStore } from '@kivi/domain'
import type { FastifyInstance } from 'fastify'
import { LIMITED, viewOf } from '../access/access.ts'
import type { AnswerService } from '../answer-service.ts'
import { latestWindow } from '../answers/asked-window.ts'
import { sendRendered } from '../http/rendered.ts'
import { parseBy } from '../questions/segments.ts'
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

export interface AnalysisDeps {
  readonly answers: AnswerService
  readonly store: SteeringStore
  readonly catalog: () => Catalog
}

type Id = { readonly id: string }

const MOST_DIMENSIONS = 5

/** What follows from what was set: attainment, effects of actions, drivers of a change, correlations. */
export function registerSteeringAnalyses(app: FastifyInstance, { answers, store, catalog }: AnalysisDeps): void {
  app.get<{ Params: Id; Querystring: { per?: Period; periods: number } }>(
    '/v1/targets/:id/attainment',
    {
      config: LIMITED,
      schema: {
        operationId: 'attainment',
        summary: 'How many of the last whole periods attained the target that was in force at their end',
        params: schemas.parameters.id,
        querystring: schemas.parameters.attainment,
        response: { 200: schemas.attainment },
      },
    },
    async (request, reply) => {
      const mine = answers.within(viewOf(request))
      const indicator = mine.indicator(request.params.id)
      const { per = periodOf(indicator), periods } = request.query
      return sendRendered(
        request,
        reply,
        await mine.analysis(
          ['attainment', indicator.id, per, periods],
          () => [indicator],
          desk => answerAttainment(desk, mine.indicator(indicator.id), per, periods),
        ),
      )
    },
  )

  app.get<{ Params: Id; Querystring: { indicator?: string; control?: string } }>(
    '/v1/actions/:id/effect',
    {
      config: LIMITED,
      schema: {
        operationId: 'effect',
        summary: 'What followed an action, beyond the trend before it',
        params: schemas.parameters.action,
        querystring: schemas.parameters.effect,
        response: { 200: schemas.effect },
      },
    },
    async (request, reply) => {
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
        ),
      )
    },
  )

  app.get<{ Params: Id; Querystring: AskedWindow & { by?: string; filter?: string[] } }>(
    '/v1/drivers/:id',
    {
      config: LIMITED,
      schema: {
        operationId: 'drivers',
        summary: 'Why an indicator moved: mix against rate by segment, and which child of the hierarchy drags',
        params: schemas.parameters.id,
        querystring: schemas.parameters.drivers,
        response: { 200: schemas.drivers },
      },
    },
    async (request, reply) => {
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
        ),
      )
    },
  )

  app.get<{ Querystring: AskedWindow & { x: string; y: string; lags: number; by?: string } }>(
    '/v1/correlations',
    {
      config: LIMITED,
      schema: {
        operationId: 'correlations',
        summary: 'Do two indicators move together: by day at several lags, or across segments',
        querystring: schemas.parameters.correlations,
        response: { 200: schemas.correlations },
      },
    },
    async (request, reply) => {
      const { x, y, lags, by, ...asked } = request.query
      const mine = answers.within(viewOf(request))
      const [left, right] = [mine.indicator(x), mine.indicator(y)]
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
        ),
      )
    },
  )
}
