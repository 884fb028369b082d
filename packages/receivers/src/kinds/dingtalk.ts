/** DingTalk's custom robots (钉钉自定义机器人). An error is told in `errcode` under a 200. */
import { createHmac } from 'node:crypto'
import type { DigestMessage, Notification } from '@kivi/domain'
import { type HttpKind, messageHeaders, parsedObject } from '../http/receiver.ts'
import { withAsMany } from '../text/fit.ts'
import { MARKDOWN, markdownOf } from '../text/markdown.ts'
import { titleOf } from '../text/message.ts'
import { chatReport } from '../text/report.ts'
import type { KindArguments } from './arguments.ts'

const MOST_ALERTS = 20
/** of the whole body */
const LIMIT_BYTES = 19_000
/** more than twenty messages in a minute; then a robot is shut out for ten minutes */
const TOO_FAST = new Set([130101, 410100, 90030, 90018])
const SHUT_OUT_MS = 600_000
/** "the system is busy": whether the message was taken is not said */
const BUSY = -1

export function dingtalk({ settings, secrets, dependencies }: KindArguments<'dingtalk'>): HttpKind {
  const address = secrets.url(settings.url)
  const secret = settings.secret === null ? null : secrets.read(settings.secret)
  return {
    prepare: notification => ({ url: signed(), headers: messageHeaders(notification), body: bodyOf(notification) }),
    prepareReport: message => ({ url: signed(), headers: messageHeaders(message), body: reportOf(message) }),
    judgeBody(body) {
      const code = parsedObject(body)?.['errcode']
      if (code === 0) return { kind: 'delivered' }
      if (TOO_FAST.has(code as number)) return { kind: 'refused', retryAfterMs: SHUT_OUT_MS }
      return { kind: code === undefined || code === BUSY ? 'in_doubt' : 'failed' }
    },
  }

  function signed(): URL {
    const url = new URL(address)
    if (secret === null) return url
    const timestamp = String(dependencies.now())
    url.searchParams.set('timestamp', timestamp)
    url.searchParams.set('sign', createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64'))
    return url
  }

  /** A report calls nobody. */
  function reportOf(message: DigestMessage): string {
    return chatReport(message, MARKDOWN, LIMIT_BYTES, (paragraphs, { title, heading }) =>
      JSON.stringify({
        msgtype: 'markdown',
        markdown: { title: heading, text: [title, ...paragraphs].join(MARKDOWN.paragraph) },
        at: { atMobiles: [], isAtAll: false },
      }),
    )
  }

  function bodyOf(notification: Notification): string {
    const { alerts, status } = notification
    // the end of an alert calls nobody
    const mentions = status === 'firing' ? settings.mentions : []
    const called = mentions.map(mobile => `@${mobile}`).join(' ')
    return withAsMany(alerts.length, MOST_ALERTS, LIMIT_BYTES, count => {
      const text = markdownOf(notification, MARKDOWN, { count, timezone: dependencies.timezone, title: true })
      return JSON.stringify({
        msgtype: 'markdown',
        markdown: { title: titleOf(notification), text: called === '' ? text : `${text}\n\n${called}` },
        at: { atMobiles: mentions, isAtAll: false },
      })
    }).text
  }
}
