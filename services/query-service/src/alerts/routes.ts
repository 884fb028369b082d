/** Alerts, their history, silences and acknowledgements. */
import type {
  AcknowledgeRequest,
  AlertHistoryStore,
  AlertInstance,
  Catalog,
  Silence,
  SilenceAnswer,
  SilenceRequest,
  SilenceStore,
} from '@kivi/domain'
import type { FastifyInstance } from 'fastify'
import { signed, viewOf } from '../access/access.ts'
import type { View } from '../access/view.ts'
import type { Audited } from '../audit/record.ts'
import { describe, describeChange } from '../http/described.ts'
import { type AskedPage, pageOf } from '../http/paging.ts'
import { ProblemError } from '../http/problems.ts'
import { sendAnswer } from '../http/rendered.ts'
import { splitFilters } from '../questions/segments.ts'
import type { AlertFollower } from './follow.ts'
import { type AskedHistory, historyAnswer, historyQuestion } from './history.ts'
import { assertMatchers, labelsSeen } from './labels.ts'
import { type AskedAlerts, alertsAnswer, createTeller } from './list.ts'
import * as schemas from './schemas.ts'
import { type Language, seesAlert, stateOf } from './shown.ts'
import { endedSilence, needsSilence, readSilence, seesSilence, silenceAnswer } from './silences.ts'

export interface AlertRouteDeps {
  readonly follower: AlertFollower
  readonly silences: SilenceStore
  readonly history: AlertHistoryStore
  readonly catalog: () => Catalog
  readonly audited: Audited
  readonly now: () => number
}

type Id = { readonly id: string }

/** Silences that are over are shown for so long. */
const ENDED_SHOWN_MS = 30 * 86_400_000

export function registerAlerts(app: FastifyInstance, deps: AlertRouteDeps): void {
  const { follower, silences, history, catalog, audited, now } = deps

  app.get<{ Querystring: AskedAlerts }>(
    '/v1/alerts',
    describe({
      operationId: 'alerts',
      summary: 'Alerts that fire, are pending or ended lately, the most urgent first, and the rules',
      answer: schemas.alerts,
      query: schemas.parameters.alerts,
    }),
    async (request, reply) => {
      const filters = splitFilters(request.query.filter ?? [])
      const view = viewOf(request)
      const followed = await follower.current()
      return sendAnswer(request, reply, alertsAnswer(followed, catalog(), request.query, filters, { view, now: now() }))
    },
  )

  /** The alert with its teller; throws not_found where the view has none of that id. */
  async function find(view: View, id: string, language: Language = 'en') {
    const followed = await follower.current()
    const instance = followed.state.instances.get(id)
    if (instance === undefined || stateOf(instance) === null || !seesAlert(view, instance, catalog()))
      throw new ProblemError('not_found', `There is no alert ${JSON.stringify(id)}; GET /v1/alerts lists them all.`, {
        parameter: 'id',
      })
    const tell = (one: AlertInstance) => createTeller(followed, catalog(), { language, now: now() })(one)
    return { instance, tell }
  }

  app.get<{ Params: Id; Querystring: { lang?: Language } }>(
    '/v1/alerts/:id',
    describe({
      operationId: 'alert',
      summary: 'One alert',
      answer: schemas.alert,
      query: schemas.parameters.lang,
      params: schemas.parameters.id,
    }),
    async (request, reply) => {
      const { instance, tell } = await find(viewOf(request), request.params.id, request.query.lang)
      return sendAnswer(request, reply, tell(instance))
    },
  )

  app.get<{ Querystring: AskedHistory }>(
    '/v1/alerts/history',
    describe({
      operationId: 'alertHistory',
      summary: 'What happened to alerts: pending, firing, resolved, sent to whom and answered what; newest first',
      answer: schemas.history,
      query: schemas.parameters.history,
    }),
    async (request, reply) => {
      const filters = splitFilters(request.query.filter ?? [])
      const question = historyQuestion(request.query, filters, {
        view: viewOf(request),
        catalog: catalog(),
        now: now(),
      })
      const facts = question === null ? [] : await history.read(question)
      return sendAnswer(request, reply, historyAnswer(facts, request.query.limit))
    },
  )

  app.post<{ Params: Id; Querystring: { lang?: Language }; Body: AcknowledgeRequest }>(
    '/v1/alerts/:id/acknowledge',
    describeChange({
      operationId: 'acknowledgeAlert',
      summary: 'Takes care of a firing alert: nobody is reminded of it any more, its end is told all the same',
      answer: schemas.alert,
      params: schemas.parameters.id,
      query: schemas.parameters.lang,
      body: schemas.sentAcknowledgement,
    }),
    async (request, reply) => {
      const { instance, tell } = await find(viewOf(request), request.params.id, request.query.lang)
      if (stateOf(instance) !== 'firing')
        throw new ProblemError(
          'not_firing',
          `The alert is ${stateOf(instance)}: there is nothing to take care of. A silence keeps it from firing unheard.`,
          { parameter: 'id' },
        )
      const { comment = '', set_by: author = 'api' } = signed(request, request.body)
      const acknowledgement = { alert: instance.id, startsAt: instance.startsAt, author, comment, setAt: now() }
      const before = tell(instance).acknowledged
      const after = { alert: instance.rule, labels: instance.labels, comment }
      const change = { what: 'alert_acknowledged', subject: instance.id, before, after, setBy: author } as const
      await audited(request, { ...change, reason: comment }, () => silences.acknowledge(acknowledgement))
      reply.header('cache-control', 'no-store')
      // whoever leads takes it over within moments
      const at = new Date(acknowledgement.setAt).toISOString().replace('.000Z', 'Z')
      return { ...tell(instance), acknowledged: { by: author, at, comment } }
    },
  )

  const shownSilence = async (view: View, silence: Silence): Promise<SilenceAnswer> => {
    const { state } = await follower.current()
    return silenceAnswer(silence, { state, catalog: catalog(), view, now: now() })
  }

  /** The silence of this id; throws not_found where the view has none, or it is long over. */
  async function findSilence(view: View, id: string): Promise<Silence> {
    const all = await silences.silences(now() - ENDED_SHOWN_MS)
    const known = all.find(one => one.id === id)
    if (known !== undefined && seesSilence(view, known, catalog())) return known
    throw new ProblemError('not_found', `There is no silence ${JSON.stringify(id)}; GET /v1/silences lists them.`, {
      parameter: 'id',
    })
  }

  app.get<{ Querystring: AskedPage & { state?: SilenceAnswer['state'] } }>(
    '/v1/silences',
    describe({
      operationId: 'silences',
      summary: 'Silences that are in force, planned, or over for less than thirty days; the last set first',
      answer: schemas.silences,
      query: schemas.parameters.silences,
    }),
    async (request, reply) => {
      const view = viewOf(request)
      const { state } = await follower.current()
      const all = (await silences.silences(now() - ENDED_SHOWN_MS))
        .filter(silence => seesSilence(view, silence, catalog()))
        .sort((a, b) => b.setAt - a.setAt || (a.id < b.id ? -1 : 1))
        .map(silence => silenceAnswer(silence, { state, catalog: catalog(), view, now: now() }))
        .filter(silence => request.query.state === undefined || silence.state === request.query.state)
      return sendAnswer(
        request,
        reply,
        pageOf(all, request.query, silence => silence.id),
      )
    },
  )

  app.get<{ Params: Id }>(
    '/v1/silences/:id',
    describe({
      operationId: 'silence',
      summary: 'One silence',
      answer: schemas.silence,
      params: schemas.parameters.silenceId,
    }),
    async (request, reply) => {
      const view = viewOf(request)
      return sendAnswer(request, reply, await shownSilence(view, await findSilence(view, request.params.id)))
    },
  )

  app.post<{ Body: SilenceRequest }>(
    '/v1/silences',
    describeChange({
      operationId: 'putSilence',
      summary: 'Silences alerts for a while; with the id of an earlier silence, changes that one',
      answer: schemas.silence,
      body: schemas.sentSilence,
      makes: true,
    }),
    async (request, reply) => {
      const view = viewOf(request)
      const { id } = request.body
      const known = id === undefined ? null : await findSilence(view, id)
      const { set_by: author = 'api' } = signed(request, request.body)
      const silence = readSilence(request.body, known, author, now())
      needsSilence(view, silence, catalog())
      const { state } = await follower.current()
      assertMatchers(silence, known, labelsSeen(view, catalog(), state))
      const after = await shownSilence(view, silence)
      const change = {
        what: 'silence_set',
        subject: silence.id,
        before: known === null ? null : await shownSilence(view, known),
        after,
        reason: silence.reason,
        setBy: author,
      } as const
      await audited(request, change, () => silences.put(silence))
      reply.header('cache-control', 'no-store')
      if (known === null) reply.code(201).header('location', `/v1/silences/${silence.id}`)
      return after
    },
  )

  app.delete<{ Params: Id }>(
    '/v1/silences/:id',
    describeChange({
      operationId: 'endSilence',
      summary: 'Ends a silence before its time; one that is over stays as it is',
      answer: schemas.silence,
      params: schemas.parameters.silenceId,
    }),
    async (request, reply) => {
      const view = viewOf(request)
      const known = await findSilence(view, request.params.id)
      reply.header('cache-control', 'no-store')
      const before = await shownSilence(view, known)
      if (before.state === 'ended') return before
      const { set_by: author = known.author } = signed<{ set_by?: string }>(request, {})
      const silence = endedSilence(known, author, now())
      const after = await shownSilence(view, silence)
      const change = { what: 'silence_ended', subject: known.id, before, after, setBy: author } as const
      await audited(request, change, () => silences.put(silence))
      return after
    },
  )
}
