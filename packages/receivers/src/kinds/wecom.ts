/** WeCom's group robots (企业微信群机器人). An error is told in `errcode` under a 200. */
import type { Notification } from '@kivi/domain'
import { type HttpKind, messageHeaders, parsedObject } from '../http/receiver.ts'
import { withAsMany } from '../text/fit.ts'
import { markdownOf, PLAIN_MARKDOWN } from '../text/markdown.ts'
import { chatReport } from '../text/report.ts'
import type { KindArguments } from './arguments.ts'

const MOST_ALERTS = 20
/** of the text, in UTF-8: WeCom takes 4,096 bytes */
const LIMIT_BYTES = 4_096
/** more than twenty messages in a minute */
const TOO_FAST = new Set([45009, 45033])
const PAUSE_MS = 60_000
const BUSY = -1

export function wecom({ settings, secrets, dependencies }: KindArguments<'wecom'>): HttpKind {
  const url = secrets.url(settings.url)
  return {
    prepare: notification => ({
      url,
      headers: messageHeaders(notification),
      body: bodyOf(contentOf(notification)),
    }),
    // the limit is of the text, so that the request around it is made afterwards
    prepareReport: message => ({
      url,
      headers: messageHeaders(message),
      body: bodyOf(
        chatReport(message, PLAIN_MARKDOWN, LIMIT_BYTES, (paragraphs, { title }) =>
          [title, ...paragraphs].join(PLAIN_MARKDOWN.paragraph),
        ),
      ),
    }),
    judgeBody(body) {
      const code = parsedObject(body)?.['errcode']
      if (code === 0) return { kind: 'delivered' }
      if (TOO_FAST.has(code as number)) return { kind: 'refused', retryAfterMs: PAUSE_MS }
      return { kind: code === undefined || code === BUSY ? 'in_doubt' : 'failed' }
    },
  }

  function contentOf(notification: Notification): string {
    const { alerts, status } = notification
    // the end of an alert calls nobody
    const called = status === 'firing' ? settings.mentions.map(user => `<@${user}>`).join('') : ''
    return withAsMany(alerts.length, MOST_ALERTS, LIMIT_BYTES, count => {
      const text = markdownOf(notification, PLAIN_MARKDOWN, { count, timezone: dependencies.timezone, title: true })
      return called === '' ? text : `${text}\n\n${called}`
    }).text
  }
}

const bodyOf = (content: string): string => JSON.stringify({ msgtype: 'markdown', markdown: { content } })
