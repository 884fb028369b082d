import {
  type Action,
  type Calendar,
  type Catalog,
  createCalendar,
  type Reference,
  type SteeringStore,
} from '@kivi/domain'
import type { FastifyInstance } from 'fastify'
import { signed, viewOf } from '../access/access.ts'
import type { View } from '../access/view.ts'
import type { AnswerService } from '../answer-service.ts'
import type { Audited } from '../audit/record.ts'
import { describe, describeChange } from '../http/described.ts'
import { type AskedPage, pageOf } from '../http/paging.ts'
import { INDICATOR, PAGE } from '../http/parameters.ts'
import { ProblemError } from '../http/problems.ts'
import { sendAnswer } from '../http/rendered.ts'
import { indicatorIn, unknownName } from '../http/unknown.ts'
import { formatTime, parseTime } from '../questions/times.ts'
import { actionItem, readAction, type SentAction } from './actions.ts'
import { actionOf } from './analyses.ts'
import { registerSteeringAnalyses } from './analysis-routes.ts'
import type { SteeredCatalog } from './facts.ts'
import { readReferenceCsv, readReferences, referenceItem, type SentReference } from './references.ts'
import * as schemas from './schemas.ts'
import { actionsTable, referencesTable, targetsTable } from './tables.ts'
import { readTargets, type SentTargets, targetItems } from './targets.ts'

export interface SteeringDeps {
  readonly steered: SteeredCatalog
  readonly answers: AnswerService
  /** the catalog of the files, without what was set */
  readonly catalog: () => Catalog
  readonly store: SteeringStore
  readonly audited: Audited
  readonly now: () => number
}

const FIRST_PAGE: AskedPage = { limit: 100 }
/** Reference values of one request that the audit shows; all of them are in the reference itself. */
const SHOWN = 100

/** Ten thousand values with their dimensions. */
const MOST_REFERENCE_BYTES = 4 << 20

type Id = { readonly id: string }
type Name = { readonly name: string }

/** What people set: targets, North Star, actions, reference values. Every change is kept, with who and when. */
export function registerSteering(app: FastifyInstance, deps: SteeringDeps): void {
  const { steered, catalog, store, audited, now } = deps
  registerSteeringAnalyses(app, deps)
  const calendar = (): Calendar => createCalendar(catalog())
  const targetsOf = (view: View, id: string, asked: AskedPage) => {
    const own = indicatorIn(view.listed(catalog()), id).targets
    const sets = steered.facts().targets.filter(set => set.indicator === id)
    return pageOf(
      targetItems(own, sets).filter(item => view.seesSegment(item.by)),
      asked,
    )
  }

  app.get<{ Params: Id; Querystring: AskedPage }>(
    '/v1/targets/:id',
    describe({
      operationId: 'targets',
      summary: 'Targets of an indicator and their history, the one set last first',
      answer: schemas.targets,
      query: PAGE,
      params: INDICATOR,
      table: true,
    }),
    async (request, reply) => {
      await steered.refresh()
      const { id } = request.params
      const table = { name: [id, 'targets'], of: targetsTable }
      return sendAnswer(request, reply, targetsOf(viewOf(request), id, request.query), table)
    },
  )

  app.put<{ Params: Id; Body: SentTargets }>(
    '/v1/targets/:id',
    describeChange({
      operationId: 'setTargets',
      summary: 'Sets the targets of an indicator from now on; those set before go on judging what is over',
      answer: schemas.targets,
      params: INDICATOR,
      body: schemas.sentTargets,
    }),
    async (request, reply) => {
      const { id } = request.params
      const view = viewOf(request)
      const indicator = indicatorIn(view.listed(catalog()), id)
      wholeSegments(view)
      const set = readTargets(catalog(), indicator, signed(request, request.body), calendar(), now())
      const { setBy } = set
      const { reason } = request.body
      const last = (await store.targets(id)).at(-1)
      const before = last === undefined ? null : targetItems([], [last])
      const change = { what: 'targets_set', subject: id, before, after: targetItems([], [set]), reason, setBy } as const
      await audited(request, change, () => store.setTargets(set))
      await steered.reread()
      reply.header('cache-control', 'no-store')
      return targetsOf(view, id, FIRST_PAGE)
    },
  )

  const northStar = (view: View, asked: AskedPage) => {
    const entries = view.catalog(steered.current()).northStar
    const begun = entries.filter(entry => entry.from <= now())
    const { items, next } = pageOf(entries.toReversed(), asked)
    return {
      indicators: begun.at(-1)?.indicators ?? [],
      history: items.map(entry => ({ ...entry, from: formatTime(entry.from) })),
      next,
    }
  }

  app.get<{ Querystring: AskedPage }>(
    '/v1/north-star',
    describe({
      operationId: 'northStar',
      summary: 'Which indicators lead, since when, why, and which led before',
      answer: schemas.northStar,
      query: PAGE,
    }),
    async (request, reply) => {
      await steered.refresh()
      return sendAnswer(request, reply, northStar(viewOf(request), request.query))
    },
  )

  app.put<{ Body: { indicators: string[]; from?: string; reason: string; set_by?: string } }>(
    '/v1/north-star',
    describeChange({
      operationId: 'setNorthStar',
      summary: 'Sets which indicators lead from an instant on',
      answer: schemas.northStar,
      body: schemas.sentNorthStar,
    }),
    async (request, reply) => {
      viewOf(request).needsAll('what leads the company is for everybody')
      const { indicators, reason, set_by: setBy = 'api' } = signed(request, request.body)
      for (const [index, id] of indicators.entries()) indicatorIn(catalog(), id, `indicators/${index}`)
      const from = request.body.from === undefined ? now() : parseTime(request.body.from, 'from')
      const today = calendar().zone.day(now()).start
      if (from < today)
        throw new ProblemError(
          'would_rewrite_the_past',
          `from is ${formatTime(from)}: what led then is history. Give ${formatTime(today)} or later.`,
          { parameter: 'from' },
        )
      const last = (await store.northStars()).at(-1)
      const change = {
        what: 'north_star_set',
        subject: 'north_star',
        before: last === undefined ? null : { indicators: last.indicators, from: formatTime(last.from) },
        after: { indicators, from: formatTime(from) },
        reason,
        setBy,
      } as const
      await audited(request, change, () => store.setNorthStar({ indicators, from, reason, setBy, setAt: now() }))
      await steered.reread()
      reply.header('cache-control', 'no-store')
      return northStar(viewOf(request), FIRST_PAGE)
    },
  )

  app.get<{ Querystring: AskedPage & { indicator?: string } }>(
    '/v1/actions',
    describe({
      operationId: 'actions',
      summary: 'Actions planned, done and cancelled, by their time',
      answer: schemas.actions,
      query: schemas.parameters.actions,
      table: true,
    }),
    async (request, reply) => {
      const { indicator } = request.query
      const view = viewOf(request)
      if (indicator !== undefined) indicatorIn(view.listed(catalog()), indicator, 'indicator')
      const all = (await store.actions())
        .flatMap(action => view.action(action, catalog()) ?? [])
        .filter(action => indicator === undefined || action.indicators.includes(indicator))
      const { items, next } = pageOf(all, request.query, action => action.id)
      const table = { name: ['actions'], of: actionsTable }
      return sendAnswer(request, reply, { items: items.map(actionItem), next }, table)
    },
  )

  /** The action as the view has it; throws not_found where it has none of that id. */
  const seenAction = async (view: View, id: string) =>
    actionOf(
      (await store.actions()).flatMap(action => view.action(action, catalog()) ?? []),
      id,
    )

  app.get<{ Params: Id }>(
    '/v1/actions/:id',
    describe({
      operationId: 'action',
      summary: 'One action',
      answer: schemas.action,
      params: schemas.parameters.action,
    }),
    async (request, reply) =>
      sendAnswer(request, reply, actionItem(await seenAction(viewOf(request), request.params.id))),
  )

  app.post<{ Body: SentAction }>(
    '/v1/actions',
    describeChange({
      operationId: 'putAction',
      summary: 'Records an action; with the id of an earlier one, changes it',
      answer: schemas.action,
      body: schemas.sentAction,
      makes: true,
    }),
    async (request, reply) => {
      const view = viewOf(request)
      wholeSegments(view)
      const known =
        request.body.id === undefined
          ? undefined
          : (await store.actions()).find(one => one.id === request.body.id && isAllSeen(view, one, catalog()))
      if (request.body.id !== undefined && known === undefined)
        throw new ProblemError(
          'not_found',
          `There is no action ${JSON.stringify(request.body.id)} to change; leave id out to record a new one.`,
          { parameter: 'id' },
        )
      const action = readAction(view.listed(catalog()), signed(request, request.body), now())
      const change = {
        what: known === undefined ? 'action_recorded' : 'action_changed',
        subject: action.id,
        before: known === undefined ? null : actionItem(known),
        after: actionItem(action),
        setBy: action.setBy,
      } as const
      await audited(request, change, () => store.putAction(action))
      reply.header('cache-control', 'no-store')
      if (known === undefined) reply.code(201).header('location', `/v1/actions/${action.id}`)
      return actionItem(action)
    },
  )

  const referenceOf = (view: View, name: string): Reference => {
    const { references } = view.listed(steered.current())
    const reference = references.get(name)
    if (reference !== undefined) return reference
    throw unknownName('reference', name, [...references.keys()], { parameter: 'name', code: 'not_found' })
  }
  const referenceBody = (view: View, name: string, asked: AskedPage) => {
    const { unit, kind, dimensions, values } = referenceOf(view, name)
    // one at the same instant and for the same part takes its place: that is what tells a value from the others
    const { items, next } = pageOf(values.map(referenceItem), asked, ({ value: _, ...place }) => JSON.stringify(place))
    return { name, unit, kind, dimensions, items, next }
  }

  app.get<{ Params: Name; Querystring: AskedPage }>(
    '/v1/references/:name',
    describe({
      operationId: 'references',
      summary: 'A dated series of figures that no event carries',
      answer: schemas.references,
      query: PAGE,
      params: schemas.parameters.name,
      table: true,
    }),
    async (request, reply) => {
      await steered.refresh()
      const { name } = request.params
      const table = { name: [name], of: referencesTable }
      return sendAnswer(request, reply, referenceBody(viewOf(request), name, request.query), table)
    },
  )

  app.addContentTypeParser('text/csv', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  app.post<{ Params: Name; Body: string | { items: readonly SentReference[]; set_by?: string } }>(
    '/v1/references/:name',
    {
      ...describeChange({
        operationId: 'postReferences',
        summary: 'Adds values as JSON or CSV; one at the instant and for the part of an earlier one takes its place',
        answer: schemas.references,
        params: schemas.parameters.name,
        body: {
          content: {
            'application/json': { schema: schemas.sentReferences },
            'text/csv': { schema: { type: 'string' } },
          },
        },
      }),
      bodyLimit: MOST_REFERENCE_BYTES,
    },
    async (request, reply) => {
      const { name } = request.params
      const reference = referenceOf(viewOf(request), name)
      const { body } = request
      const sent = typeof body === 'string' ? { items: readReferenceCsv(body) } : body
      const setBy = signed<{ set_by?: string }>(request, sent).set_by ?? 'api'
      const posted = readReferences(reference, sent.items, setBy, now())
      const after = { values: posted.length, first: posted.slice(0, SHOWN).map(({ value }) => referenceItem(value)) }
      const change = { what: 'references_posted', subject: name, before: null, after, setBy } as const
      await audited(request, change, () => store.postReferences(posted))
      await steered.reread()
      reply.header('cache-control', 'no-store')
      return referenceBody(viewOf(request), name, FIRST_PAGE)
    },
  )
}

/** Setting takes the place of what was set for all segments: whoever sees some of them only must not. */
function wholeSegments({ scope, needsAll }: View): void {
  if (Object.keys(scope?.dimensions ?? {}).length > 0) needsAll('what is set holds for every segment')
}

/** An action may be changed by who sees all that it is about. */
function isAllSeen(view: View, action: Action, catalog: Catalog): boolean {
  return view.action(action, catalog)?.indicators.length === action.indicators.length
}
