/**
 * Microsoft Teams by a workflow ("When a Teams webhook request is received"), which takes an adaptive card. The
 * connectors of Office 365 that took message cards are retired.
 */
import type { DigestMessage, Notification } from '@kivi/domain'
import type { BodyVerdict } from '../http/judge.ts'
import { type HttpKind, messageHeaders, parsedObject } from '../http/receiver.ts'
import { withAsMany } from '../text/fit.ts'
import { footerOf, MARKDOWN, paragraphOf } from '../text/markdown.ts'
import { lineOf, pageOf, titleOf } from '../text/message.ts'
import { chatReport } from '../text/report.ts'
import { wordsOf } from '../text/words.ts'
import type { KindArguments } from './arguments.ts'

const MOST_ALERTS = 20
/** of the whole body: Teams takes 28 KB */
const LIMIT_BYTES = 26_000
const TOO_MANY_REQUESTS = 429

export function teams({ settings, secrets, dependencies }: KindArguments<'teams'>): HttpKind {
  const url = secrets.url(settings.url)
  return {
    prepare: notification => ({ url, headers: messageHeaders(notification), body: bodyOf(notification) }),
    prepareReport: message => ({ url, headers: messageHeaders(message), body: reportOf(message) }),
    judgeBody,
  }

  function reportOf(message: DigestMessage): string {
    return chatReport(message, MARKDOWN, LIMIT_BYTES, (paragraphs, { title, url: page, open }) =>
      cardOf([{ ...text(title), size: 'Large', weight: 'Bolder' }, ...paragraphs.map(text)], page, open),
    )
  }

  function bodyOf(notification: Notification): string {
    const { alerts, status } = notification
    const page = pageOf(notification)
    return withAsMany(alerts.length, MOST_ALERTS, LIMIT_BYTES, count =>
      cardOf(
        [
          {
            ...text(MARKDOWN.plain(titleOf(notification))),
            size: 'Large',
            weight: 'Bolder',
            color: status === 'resolved' ? 'Good' : 'Attention',
          },
          ...alerts
            .slice(0, count)
            .map(alert => text(paragraphOf(lineOf(alert, notification, dependencies.timezone), MARKDOWN))),
          ...footerOf(notification, MARKDOWN, count).map(text),
        ],
        page,
        wordsOf(notification).open,
      ),
    ).text
  }
}

const text = (words: string) => ({ type: 'TextBlock', wrap: true, text: words })

/** @param page where a button leads; null: there is none */
const cardOf = (body: readonly object[], page: string | null, open: string): string =>
  JSON.stringify({
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          msteams: { width: 'Full' },
          body,
          actions: page === null ? [] : [{ type: 'Action.OpenUrl', title: open, url: page }],
        },
      },
    ],
  })

/**
 * A workflow answers 202 with nothing; one that has an answer of its own says what it likes. What went wrong stands in
 * `error`, or as a sentence with the status of the service behind it.
 */
function judgeBody(body: string): BodyVerdict {
  const said = parsedObject(body)
  const error = said?.['error']
  const inner = /HTTP error (\d{3})/i.exec(body)?.[1]
  if (error === undefined && inner === undefined) return { kind: 'delivered' }
  const code = (error as { code?: unknown } | undefined)?.code
  const status = Number(inner ?? code)
  if (status === TOO_MANY_REQUESTS || code === 'TooManyRequests') return { kind: 'refused' }
  return { kind: status >= 500 ? 'in_doubt' : 'failed' }
}
