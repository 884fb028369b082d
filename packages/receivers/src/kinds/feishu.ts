/** Feishu's and Lark's custom bots (飞书自定义机器人). An error is told in `code` under a 200. */
import { createHmac } from 'node:crypto'
import type { DigestMessage, Notification } from '@kivi/domain'
import { type HttpKind, messageHeaders, parsedObject } from '../http/receiver.ts'
import { withAsMany } from '../text/fit.ts'
import { markdownOf, PLAIN_MARKDOWN } from '../text/markdown.ts'
import { titleOf } from '../text/message.ts'
import { chatReport } from '../text/report.ts'
import type { KindArguments } from './arguments.ts'

const MOST_ALERTS = 20
/** of the whole body: Feishu takes 20 KB */
const LIMIT_BYTES = 19_000
/** more than five a second or a hundred a minute */
const TOO_FAST = new Set([11232, 11247, 99991400])
const PAUSE_MS = 60_000
/** an error of theirs: whether the message was taken is not said */
const THEIRS = new Set([1000, 2200, 19000, 11231])

export function feishu({ settings, secrets, dependencies }: KindArguments<'feishu'>): HttpKind {
  const url = secrets.url(settings.url)
  const secret = settings.secret === null ? null : secrets.read(settings.secret)
  return {
    prepare: notification => ({ url, headers: messageHeaders(notification), body: bodyOf(notification) }),
    prepareReport: message => ({ url, headers: messageHeaders(message), body: reportOf(message) }),
    judgeBody(body) {
      const said = parsedObject(body)
      // the first version of the API says StatusCode
      const code = said?.['code'] ?? said?.['StatusCode']
      if (code === 0) return { kind: 'delivered' }
      if (TOO_FAST.has(code as number)) return { kind: 'refused', retryAfterMs: PAUSE_MS }
      return { kind: code === undefined || THEIRS.has(code as number) ? 'in_doubt' : 'failed' }
    },
  }

  function signature(): { timestamp: string; sign: string } | Record<string, never> {
    if (secret === null) return {}
    const timestamp = String(Math.floor(dependencies.now() / 1000))
    // their way: the text is the key, and nothing is signed with it
    return { timestamp, sign: createHmac('sha256', `${timestamp}\n${secret}`).digest('base64') }
  }

  function reportOf(message: DigestMessage): string {
    const signed = signature()
    return chatReport(message, PLAIN_MARKDOWN, LIMIT_BYTES, (paragraphs, { heading }) =>
      JSON.stringify({ ...signed, ...cardOf('blue', heading, paragraphs.join(PLAIN_MARKDOWN.paragraph)) }),
    )
  }

  function bodyOf(notification: Notification): string {
    const { alerts, status } = notification
    const template = status === 'resolved' ? 'green' : alerts.some(isUrgent) ? 'red' : 'orange'
    const signed = signature()
    return withAsMany(alerts.length, MOST_ALERTS, LIMIT_BYTES, count => {
      const options = { count, timezone: dependencies.timezone, title: false }
      return JSON.stringify({
        ...signed,
        ...cardOf(template, titleOf(notification), markdownOf(notification, PLAIN_MARKDOWN, options)),
      })
    }).text
  }
}

const cardOf = (template: string, title: string, content: string) => ({
  msg_type: 'interactive',
  card: {
    config: { wide_screen_mode: true },
    header: { template, title: { tag: 'plain_text', content: title } },
    elements: [{ tag: 'markdown', content }],
  },
})

const isUrgent = ({ status, severity }: Notification['alerts'][number]) => status === 'firing' && severity === 'page'
