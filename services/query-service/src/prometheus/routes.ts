/** Prometheus's HTTP API over indicators, so that what asks Prometheus can ask Kivi: see docs/prometheus.md. */
import { type Catalog, isKiviError, isStoreAway, messageOf } from '@kivi/domain'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { LIMITED, OPEN, type RouteAccess, viewOf } from '../access/access.ts'
import type { AnswerService } from '../answer-service.ts'
import type { BoardAnswer } from '../answers/board.ts'
import { negotiate } from '../http/accept.ts'
import { ProblemError } from '../http/problems.ts'
import { type Rendered, sendRendered, varies } from '../http/rendered.ts'
import {
  assertSelectors,
  helpOf,
  indicatorsIn,
  indicatorsWith,
  labelNames,
  labelValues,
  metadata,
  seriesAt,
  seriesNames,
} from './discovery.ts'
import { ERROR_TYPES, type ErrorType, PrometheusError } from './errors.ts'
import { exposition, OPEN_METRICS, PLAIN_TEXT } from './exposition.ts'
import { indicatorsOf } from './leaves.ts'
import { newNotes, success } from './notes.ts'
import * as parameters from './parameters.ts'
import { parsePromql, parseSelector } from './promql/parse.ts'
import { answerInstant, answerRange, assertInstant } from './queries.ts'
import { documented } from './schemas.ts'

export interface PrometheusDeps {
  readonly answers: Pick<AnswerService, 'within'>
  readonly catalog: () => Catalog
  readonly now: () => number
}

type Handler = (request: FastifyRequest, asked: parameters.Parameters) => Promise<object>

/** The version whose API this is: clients choose by it what they send. */
const API_VERSION = '2.42.0'
const FORM_TYPE = 'application/x-www-form-urlencoded'
const READ = { needs: 'read', ...LIMITED } as const satisfies RouteAccess
const SCRAPED = {
  operationId: 'indicatorMetrics',
  summary: 'The board as a page to scrape, in Prometheus’s or OpenMetrics’ format',
  response: {
    200: {
      content: {
        'text/plain': { schema: { type: 'string' } },
        'application/openmetrics-text': { schema: { type: 'string' } },
      },
    },
  },
}

/** `/prometheus/api/v1/*` and `/metrics/indicators`. */
export async function registerPrometheus(app: FastifyInstance, deps: PrometheusDeps): Promise<void> {
  app.get('/metrics/indicators', { config: READ, schema: SCRAPED }, (request, reply) => scrape(deps, request, reply))
  await app.register(async api => registerApi(api, deps), { prefix: '/prometheus/api/v1' })
}

async function registerApi(api: FastifyInstance, { answers, catalog, now }: PrometheusDeps): Promise<void> {
  api.addContentTypeParser(FORM_TYPE, { parseAs: 'string' }, (_request, body, done) => done(null, formOf(String(body))))
  api.setErrorHandler((error, _request, reply) => {
    const { type, message } = errorOf(error)
    // what nobody expected is told by the handler that stands around this one
    if (type === 'internal') throw error
    return reply
      .code(ERROR_TYPES[type])
      .header('cache-control', 'no-store')
      .send({ status: 'error', errorType: type, error: message })
  })
  const both = (path: string, { schema, ...untouched }: ReturnType<typeof documented>, handle: Handler) => {
    const route = {
      url: path,
      config: READ,
      ...untouched,
      async handler(request: FastifyRequest, reply: FastifyReply) {
        const asked = { ...(request.query as object), ...((request.body as object | null) ?? {}) }
        const answer = await handle(request, asked)
        return isRendered(answer)
          ? sendRendered(request, reply, answer)
          : reply.header('cache-control', 'no-store').send(answer)
      },
    }
    api.route({ ...route, method: 'GET', schema })
    // the same as a form, for queries that are too long for an address
    const { operationId, summary, querystring, ...rest } = schema as typeof schema & Record<'operationId', string>
    const asForm = { operationId: `${operationId}ByForm`, summary: `${String(summary)} (as a form)` }
    const body = { content: { [FORM_TYPE]: { schema: querystring } } }
    api.route({ ...route, method: 'POST', schema: { ...rest, ...asForm, body } })
  }
  const listed = (request: FastifyRequest) => viewOf(request).listed(catalog())
  const selectorsIn = (asked: parameters.Parameters) => parameters.texts(asked, 'match[]').map(parseSelector)
  const limited = <T>(items: readonly T[], asked: parameters.Parameters): readonly T[] =>
    items.slice(0, parameters.limit(asked) ?? items.length)

  both(
    '/query',
    documented('promQuery', 'A PromQL expression at one instant', { query: 'required', time: 'optional' }),
    (request, asked) => {
      const query = parameters.query(asked)
      const time = parameters.time(asked, 'time') ?? now()
      const expr = parsePromql(query)
      return answers.within(viewOf(request)).analysis(
        ['promql', query, time],
        all => indicatorsOf(all, expr),
        desk => answerInstant(desk, expr, time),
      )
    },
  )
  both(
    '/query_range',
    documented('promQueryRange', 'A PromQL expression step by step', {
      query: 'required',
      start: 'required',
      end: 'required',
      step: 'required',
    }),
    (request, asked) => {
      const query = parameters.query(asked)
      const { start, end, step, times } = parameters.steps(asked)
      const expr = parsePromql(query)
      assertInstant(expr)
      return answers.within(viewOf(request)).analysis(
        ['promql', query, start, end, step],
        all => indicatorsOf(all, expr),
        desk => answerRange(desk, expr, times),
      )
    },
  )
  both(
    '/series',
    documented('promSeries', 'Labels of the series that selectors match', {
      'match[]': 'required',
      start: 'optional',
      end: 'optional',
      limit: 'optional',
    }),
    (request, asked) => {
      const selectors = selectorsIn(asked)
      assertSelectors(selectors)
      const [texts, time, limit] = [
        parameters.texts(asked, 'match[]'),
        parameters.time(asked, 'end') ?? now(),
        parameters.limit(asked),
      ]
      return answers.within(viewOf(request)).analysis(
        ['promql series', texts, time, limit],
        all => indicatorsIn(all, selectors),
        async desk => {
          const notes = newNotes()
          return success(limited(await seriesAt(desk, selectors, time, notes), asked), notes)
        },
      )
    },
  )
  both(
    '/labels',
    documented('promLabels', 'Names of labels', { 'match[]': 'optional', limit: 'optional' }),
    async (request, asked) => success(limited(labelNames(listed(request), selectorsIn(asked)), asked)),
  )
  both(
    '/label/:name/values',
    documented(
      'promLabelValues',
      'Values of a label',
      {
        'match[]': 'optional',
        start: 'optional',
        end: 'optional',
        limit: 'optional',
      },
      { name: 'Name of a label.' },
    ),
    async (request, asked) => {
      const { name } = request.params as { name: string }
      const selectors = selectorsIn(asked)
      if (name === '__name__') return success(limited(seriesNames(listed(request), selectors), asked))
      const between = { start: parameters.time(asked, 'start'), end: parameters.time(asked, 'end') }
      const { start, end } = between
      return answers.within(viewOf(request)).analysis(
        ['promql values', name, parameters.texts(asked, 'match[]'), start, end, parameters.limit(asked)],
        all => indicatorsWith(all, selectors, name),
        async desk => success(limited(await labelValues(desk, selectors, name, between), asked)),
      )
    },
  )
  both(
    '/metadata',
    documented('promMetadata', 'Type and help of each metric', { metric: 'optional', limit: 'optional' }),
    async (request, asked) =>
      success(metadata(listed(request), parameters.text(asked, 'metric'), parameters.limit(asked))),
  )
  const build = documented('promBuildInfo', 'Whose API this is, in which version')
  api.get('/status/buildinfo', { config: OPEN, ...build }, async () =>
    success(
      { version: API_VERSION, revision: '', branch: '', buildUser: '', buildDate: '', goVersion: '' },
      newNotes(),
    ),
  )
}

/** From the board's own answer: a scrape costs nothing while nothing changed. */
async function scrape({ answers, catalog }: PrometheusDeps, request: FastifyRequest, reply: FastifyReply) {
  const view = viewOf(request)
  const board = JSON.parse((await answers.within(view).board({})).body) as BoardAnswer
  const { indicators } = view.listed(catalog())
  const help = (id: string): string => {
    const indicator = indicators.get(id)
    return indicator === undefined ? id : helpOf(indicator)
  }
  const isOpen = negotiate(request.headers.accept, ['text/plain', 'application/openmetrics-text']) !== 'text/plain'
  varies(reply, 'accept')
  return reply
    .header('cache-control', 'no-cache')
    .type(isOpen ? OPEN_METRICS : PLAIN_TEXT)
    .send(exposition(board, help))
}

/** A form's fields; those that are given several times as lists. */
function formOf(body: string): Record<string, string | string[]> {
  const fields = new URLSearchParams(body)
  return Object.fromEntries(
    [...new Set(fields.keys())].map(name => {
      const values = fields.getAll(name)
      return [name, values.length === 1 ? (values[0] as string) : values]
    }),
  )
}

const isRendered = (answer: object): answer is Rendered => 'etag' in answer && 'body' in answer

function errorOf(error: unknown): { readonly type: ErrorType; readonly message: string } {
  if (error instanceof PrometheusError) return { type: error.type, message: error.message }
  if (error instanceof ProblemError) return { type: 'bad_data', message: error.message }
  if (isKiviError(error, 'question_too_large')) return { type: 'execution', message: error.message }
  if (isStoreAway(error)) return { type: 'unavailable', message: 'ClickHouse does not answer now; ask again in 2 s.' }
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  const isOfAsker = status >= 400 && status < 500
  return { type: isOfAsker ? 'bad_data' : 'internal', message: messageOf(error) }
}
