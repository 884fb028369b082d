import {
  type Catalog,
  type Funnel,
  formatWindow,
  type JourneySource,
  ownFilter,
  periodAfter,
  type SegmentsQuestion,
} from '@kivi/domain'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { viewOf } from '../access/access.ts'
import type { AnswerService } from '../answer-service.ts'
import type { Desk } from '../answers/desk.ts'
import { ProblemError } from '../http/problems.ts'
import { acceptable, describe, JSON_TYPE, sendRendered } from '../http/rendered.ts'
import { parseBy, parseFilters } from '../questions/segments.ts'
import { churnAnswer, SAID_WITHIN_MS } from './churn-reasons.ts'
import { funnelAnswer } from './funnel.ts'
import { type AskedAnalysis, assertKept, momentFor, windowIn } from './moment.ts'
import { type AskedRetention, cohortQuestion, retentionAnswer } from './retention.ts'
import * as schemas from './schemas.ts'
import { segmentsAnswer, segmentsOf } from './value-segments.ts'

export interface AnalysesDeps {
  readonly answers: Pick<AnswerService, 'within'>
  readonly journeys: JourneySource
  readonly catalog: () => Catalog
  /** how long raw events are kept, ms */
  readonly rawRetentionMs: number
}

interface AskedFunnel extends AskedAnalysis {
  readonly by?: string
  readonly filter?: readonly string[]
}

interface AskedSegments extends AskedAnalysis {
  readonly segments?: string
  readonly method: SegmentsQuestion['method']
}

/** Analyses of persons' journeys: funnels, cohorts, value segments, churn reasons. */
export function registerAnalyses(app: FastifyInstance, deps: AnalysesDeps): void {
  const { answers, journeys, catalog, rawRetentionMs } = deps
  const answer = async (
    request: FastifyRequest,
    reply: FastifyReply,
    question: readonly unknown[],
    make: (desk: Desk) => Promise<object>,
  ): Promise<FastifyReply> => {
    acceptable(request, [JSON_TYPE])
    return sendRendered(request, reply, await answers.within(viewOf(request)).analysis(question, () => [], make))
  }

  app.get(
    '/v1/funnels',
    describe('funnels', 'The catalog’s funnels with their steps', schemas.funnels, schemas.parameters.none),
    async (request, reply) => {
      acceptable(request, [JSON_TYPE])
      reply.header('cache-control', 'no-cache')
      return { items: [...viewOf(request).listed(catalog()).funnels.values()].map(funnelItem) }
    },
  )

  app.get<{ Params: { id: string }; Querystring: AskedFunnel }>(
    '/v1/funnels/:id',
    describe(
      'funnel',
      'How far persons came, where they were lost, and which step has the greatest leverage',
      schemas.funnel,
      schemas.parameters.funnel,
      schemas.parameters.id,
    ),
    (request, reply) => {
      const { id } = request.params
      const asked = request.query
      const mine = viewOf(request).journeys(journeys)
      return answer(request, reply, ['funnel', id, asked], async desk => {
        const funnel = funnelOf(desk.listed, id)
        const grouped = { id: funnel.name, dimensions: funnel.dimensions }
        const [by, filters] = [parseBy(asked.by, grouped), parseFilters(asked.filter ?? [], grouped)]
        const moment = await momentFor(desk, journeys, [], asked.as_of)
        const range = windowIn(asked, '30d', moment)
        assertKept(range, rawRetentionMs, desk.basis)
        const { known, asOf } = moment
        const question = { funnel, range, filters, known, asOf }
        const [total, groups] = await Promise.all([
          mine.funnel(desk.catalog, { ...question, by: [] }),
          by.length === 0 ? null : mine.funnel(desk.catalog, { ...question, by }),
        ])
        return funnelAnswer(funnel, range, moment, total, groups, by)
      })
    },
  )

  app.get<{ Querystring: AskedRetention }>(
    '/v1/cohorts/retention',
    describe(
      'retention',
      'Persons by the period of their first time, and how many came back how many periods later',
      schemas.retention,
      schemas.parameters.retention,
    ),
    (request, reply) => {
      viewOf(request).needsAll('cohorts are of everybody')
      return answer(request, reply, ['retention', request.query], async desk => {
        const asked = request.query
        const moment = await momentFor(desk, journeys, [asked.entity], asked.as_of)
        const question = cohortQuestion(desk.catalog, asked, moment)
        return retentionAnswer(asked, question, await journeys.cohorts(desk.catalog, question), moment)
      })
    },
  )

  app.get<{ Querystring: AskedSegments }>(
    '/v1/segments/value',
    describe(
      'valueSegments',
      'Persons by what they were worth when the window began, and what they brought in it',
      schemas.segments,
      schemas.parameters.segments,
    ),
    (request, reply) => {
      viewOf(request).needsAll('value segments are of everybody')
      return answer(request, reply, ['segments', request.query], async desk => {
        const asked = request.query
        const segments = segmentsOf(desk.catalog, asked.segments)
        const moment = await momentFor(desk, journeys, [segments.entity], asked.as_of)
        const range = windowIn(asked, '30d', moment)
        const { known, asOf } = moment
        const question = { segments, range, method: asked.method, known, asOf }
        return segmentsAnswer(question, range, moment, await journeys.segments(desk.catalog, question))
      })
    },
  )

  app.get<{ Querystring: AskedAnalysis }>(
    '/v1/churn-reasons',
    describe(
      'churnReasons',
      'What those who left spoke of last before, beside those who stayed',
      schemas.churn,
      schemas.parameters.churn,
    ),
    (request, reply) => {
      viewOf(request).needsAll('churn reasons are of everybody')
      return answer(request, reply, ['churn', request.query], async desk => {
        const asked = request.query
        const moment = await momentFor(desk, journeys, [], asked.as_of)
        const range = windowIn(asked, '30d', moment)
        const preceding =
          range.unit === null
            ? { from: 2 * range.from - range.to, to: range.from }
            : periodAfter(moment.calendar, range.unit, range.from, -1)
        const said = { from: range.from - SAID_WITHIN_MS, to: range.from }
        for (const needed of [preceding, said]) assertKept(needed, rawRetentionMs, desk.basis)
        const { known, asOf } = moment
        const found = await journeys.churnTopics(desk.catalog, {
          preceding,
          range,
          saidWithinMs: SAID_WITHIN_MS,
          known,
          asOf,
        })
        return churnAnswer(range, preceding, moment, found)
      })
    },
  )
}

const funnelItem = ({ name, label, withinMs, dimensions, steps }: Funnel) => ({
  id: name,
  label,
  within: formatWindow(withinMs),
  dimensions,
  steps: steps.map(step => ({
    name: step.name,
    label: step.label,
    events: step.events,
    filter: ownFilter(step.filter)?.source ?? null,
  })),
})

function funnelOf(catalog: Catalog, id: string): Funnel {
  const funnel = catalog.funnels.get(id)
  if (funnel !== undefined) return funnel
  const known = [...catalog.funnels.keys()]
  throw new ProblemError(
    'not_found',
    `The catalog has no funnel ${JSON.stringify(id)}: ${known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`}.`,
    { parameter: 'id', allowed: known },
  )
}
