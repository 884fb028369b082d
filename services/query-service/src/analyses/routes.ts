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
import { inBoth } from '../answers/in-both.ts'
import type { Table } from '../http/csv.ts'
import { describe } from '../http/described.ts'
import { type AskedPage, pageOf } from '../http/paging.ts'
import { PAGE } from '../http/parameters.ts'
import { sendAnswer, sendRendered, wantedForm } from '../http/rendered.ts'
import { unknownName } from '../http/unknown.ts'
import { parseBy, parseFilters } from '../questions/segments.ts'
import { churnAnswer, SAID_WITHIN_MS } from './churn-reasons.ts'
import { type FunnelAnswer, funnelAnswer } from './funnel.ts'
import { type AskedAnalysis, assertKept, momentFor, windowIn } from './moment.ts'
import { type AskedRetention, cohortQuestion, retentionAnswer } from './retention.ts'
import * as schemas from './schemas.ts'
import { churnTable, funnelTable, retentionTable, segmentsTable } from './tables.ts'
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
  const answer = async <A extends object>(
    request: FastifyRequest,
    reply: FastifyReply,
    question: readonly [name: string, ...asked: unknown[]],
    table: (answer: A) => Table,
    make: (desk: Desk) => Promise<A>,
  ): Promise<FastifyReply> => {
    const form = wantedForm(request)
    const mine = answers.within(viewOf(request))
    return sendRendered(request, reply, await mine.analysis(question, () => [], make, { form, table }), [question[0]])
  }

  app.get<{ Querystring: AskedPage }>(
    '/v1/funnels',
    describe({
      operationId: 'funnels',
      summary: 'The catalog’s funnels with their steps',
      answer: schemas.funnels,
      query: PAGE,
    }),
    async (request, reply) => {
      const all = [...viewOf(request).listed(catalog()).funnels.values()]
      const { items, next } = pageOf(all, request.query, funnel => funnel.name)
      return sendAnswer(request, reply, { items: items.map(funnelItem), next })
    },
  )

  app.get<{ Params: { id: string }; Querystring: AskedFunnel }>(
    '/v1/funnels/:id',
    describe({
      operationId: 'funnel',
      summary: 'How far persons came, where they were lost, and which step has the greatest leverage',
      answer: schemas.funnel,
      query: schemas.parameters.funnel,
      params: schemas.parameters.id,
      table: true,
    }),
    (request, reply) => {
      const { id } = request.params
      const asked = request.query
      const mine = viewOf(request).journeys(journeys)
      const table = (told: FunnelAnswer) => funnelTable(told, asked.by?.split(',') ?? [])
      return answer(request, reply, ['funnel', id, asked], table, async desk => {
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
    describe({
      operationId: 'retention',
      summary: 'Persons by the period of their first time, and how many came back how many periods later',
      answer: schemas.retention,
      query: schemas.parameters.retention,
      table: true,
    }),
    (request, reply) => {
      viewOf(request).needsAll('cohorts are of everybody')
      return answer(request, reply, ['retention', request.query], retentionTable, async desk => {
        const asked = request.query
        const moment = await momentFor(desk, journeys, [asked.entity], asked.as_of)
        const question = cohortQuestion(desk.catalog, asked, moment)
        return retentionAnswer(asked, question, await journeys.cohorts(desk.catalog, question), moment)
      })
    },
  )

  app.get<{ Querystring: AskedSegments }>(
    '/v1/segments/value',
    describe({
      operationId: 'valueSegments',
      summary: 'Persons by what they were worth when the window began, and what they brought in it',
      answer: schemas.segments,
      query: schemas.parameters.segments,
      table: true,
    }),
    (request, reply) => {
      viewOf(request).needsAll('value segments are of everybody')
      return answer(request, reply, ['segments', request.query], segmentsTable, async desk => {
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
    describe({
      operationId: 'churnReasons',
      summary: 'What those who left spoke of last before, beside those who stayed',
      answer: schemas.churn,
      query: schemas.parameters.churn,
      table: true,
    }),
    (request, reply) => {
      viewOf(request).needsAll('churn reasons are of everybody')
      return answer(request, reply, ['churn-reasons', request.query], churnTable, async desk => {
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
  label: inBoth(label),
  within: formatWindow(withinMs),
  dimensions,
  steps: steps.map(step => ({
    name: step.name,
    label: inBoth(step.label),
    events: step.events,
    filter: ownFilter(step.filter)?.source ?? null,
  })),
})

function funnelOf(catalog: Catalog, id: string): Funnel {
  const funnel = catalog.funnels.get(id)
  if (funnel !== undefined) return funnel
  throw unknownName('funnel', id, [...catalog.funnels.keys()], { parameter: 'id', code: 'not_found' })
}
