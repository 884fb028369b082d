/** Digests: what is reported when and to whom, and each report as JSON, Markdown and HTML. */
import { createHash } from 'node:crypto'
import {
  type Catalog,
  createCalendar,
  type DigestAnswer,
  type DigestDefinition,
  type DigestPeriod,
  type DigestState,
  digestHtml,
  digestMarkdown,
  digestPeriodAt,
  digestPeriodBeside,
  digestPeriodOn,
  selectedIndicators,
} from '@kivi/domain'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { LIMITED, viewOf } from '../access/access.ts'
import type { View } from '../access/view.ts'
import type { AnswerService } from '../answer-service.ts'
import { describe } from '../http/described.ts'
import { type AskedPage, pageOf } from '../http/paging.ts'
import { PAGE } from '../http/parameters.ts'
import { ProblemError } from '../http/problems.ts'
import { acceptable, JSON_TYPE, type Rendered, sendAnswer, sendRendered } from '../http/rendered.ts'
import { unchanged } from '../http/schemas.ts'
import { unknownName } from '../http/unknown.ts'
import { definitionAnswer, digestsOf } from './list.ts'
import { type DigestFacts, makeDigest } from './make.ts'
import * as schemas from './schemas.ts'

export interface DigestRouteDeps {
  readonly answers: AnswerService
  readonly catalog: () => Catalog
  readonly facts: DigestFacts
  /** what the log tells of sendings; null: there is no log */
  readonly state: (() => Promise<DigestState>) | null
  readonly externalUrl: string | null
  readonly now: () => number
}

interface AskedDigest {
  readonly period: string
  readonly lang?: 'en' | 'zh'
  readonly format?: DigestForm
}

type DigestForm = (typeof schemas.DIGEST_FORMS)[number]

const TYPES = { json: JSON_TYPE, markdown: 'text/markdown', html: 'text/html' } as const satisfies Record<
  DigestForm,
  string
>

/** The page has no scripts and asks nobody; its styles stand in it, as mail programs want them. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-popups"

export function registerDigests(app: FastifyInstance, deps: DigestRouteDeps): void {
  const { answers, catalog, facts, now } = deps
  app.get<{ Querystring: AskedPage }>(
    '/v1/digests',
    describe({
      operationId: 'digests',
      summary: 'Periodic reports: what is reported, when and to whom, and what became of the last ones',
      answer: schemas.digests,
      query: PAGE,
    }),
    async (request, reply) => {
      const [view, inForce] = [viewOf(request), catalog()]
      const telling = { view, catalog: inForce, calendar: createCalendar(inForce), now: now() }
      const page = pageOf(digestsOf(telling), request.query, ({ id }) => id)
      const state = deps.state === null ? null : await deps.state()
      const items = page.items.map(definition => definitionAnswer(definition, { ...telling, state }))
      return sendAnswer(request, reply, { items, next: page.next })
    },
  )

  app.get<{ Params: { readonly id: string }; Querystring: AskedDigest }>(
    '/v1/digests/:id',
    {
      config: LIMITED,
      schema: {
        operationId: 'digest',
        summary: 'One report: values against targets, trends, what was done, and which alerts fired',
        params: schemas.parameters.digest,
        querystring: schemas.parameters.asked,
        response: {
          200: {
            content: {
              [TYPES.json]: { schema: schemas.digest },
              [TYPES.markdown]: { schema: { type: 'string' } },
              [TYPES.html]: { schema: { type: 'string' } },
            },
          },
          304: unchanged,
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const form = formOf(request)
      const view = viewOf(request)
      const definition = findDigest(view, id)
      const period = periodOf(definition, request.query.period)
      const report = await answers.within(view).analysis(
        ['digest', definition, period.name],
        all => selectedIndicators(view.listed(all), definition, period.to).map(({ indicator }) => indicator),
        desk => makeDigest(desk, view, definition, period, facts),
      )
      if (form === 'html') reply.header('content-security-policy', PAGE_POLICY)
      return sendRendered(request, reply, rendered(report, form, request.query.lang ?? definition.language ?? 'en'))
    },
  )

  function findDigest(view: View, id: string): DigestDefinition {
    const known = digestsOf({ catalog: catalog(), view, now: now() })
    const found = known.find(definition => definition.id === id)
    if (found !== undefined) return found
    const names = known.map(definition => definition.id)
    throw unknownName('digest', id, names, { parameter: 'id', code: 'not_found' })
  }

  /** `latest`: the last one that is over, whether its report was due or not. */
  function periodOf(definition: DigestDefinition, asked: string): DigestPeriod {
    const calendar = createCalendar(catalog())
    if (asked === 'latest')
      return digestPeriodBeside(calendar, definition, digestPeriodAt(calendar, definition, now()), -1)
    const period = digestPeriodOn(calendar, definition, asked)
    if (period === null || period.from < 0)
      throw new ProblemError(
        'invalid_parameter',
        `period is ${JSON.stringify(asked)}: expected a date in it, such as 2026-11-16, or latest.`,
        { parameter: 'period' },
      )
    if (period.from <= now()) return period
    throw new ProblemError('invalid_parameter', `period is ${asked}, which is yet to come: ask for latest.`, {
      parameter: 'period',
    })
  }

  function rendered(report: Rendered, form: DigestForm, language: 'en' | 'zh'): Rendered {
    if (form === 'json') return report
    const digest = JSON.parse(report.body) as DigestAnswer
    const circumstances = { language, externalUrl: deps.externalUrl }
    const body = form === 'html' ? digestHtml(digest, circumstances) : digestMarkdown(digest, circumstances)
    const etag = `"${createHash('sha1').update(body).digest('base64url')}"`
    return { body, etag, type: `${TYPES[form]}; charset=utf-8`, maxAge: report.maxAge }
  }
}

/** `format` says it, else `Accept`. */
function formOf(request: FastifyRequest): DigestForm {
  const { format } = request.query as AskedDigest
  if (format !== undefined) return format
  const type = acceptable(request, Object.values(TYPES))
  return schemas.DIGEST_FORMS.find(form => TYPES[form] === type) ?? 'json'
}
