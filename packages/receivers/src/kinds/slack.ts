/** Slack's incoming webhooks, which Mattermost and Rocket.Chat understand too. */
import type { DigestMessage, Notification } from '@kivi/domain'
import { type HttpKind, messageHeaders, parsedObject } from '../http/receiver.ts'
import { withAsMany } from '../text/fit.ts'
import { footerOf, paragraphOf, SLACK } from '../text/markdown.ts'
import { cut, lineOf, titleOf } from '../text/message.ts'
import { chatReport } from '../text/report.ts'
import type { KindArguments } from './arguments.ts'

/** Slack takes 50 blocks a message and 3,000 characters a block. */
const MOST_ALERTS = 20
const MOST_BLOCK = 2_900
const LIMIT_BYTES = 40_000
const [RED, ORANGE, GREEN] = ['#d92d20', '#f79009', '#12b76a']

export function slack({ settings, secrets, dependencies }: KindArguments<'slack'>): HttpKind {
  const url = secrets.url(settings.url)
  return {
    prepare: notification => ({ url, headers: messageHeaders(notification), body: bodyOf(notification) }),
    prepareReport: message => ({ url, headers: messageHeaders(message), body: reportOf(message) }),
    // Slack says `ok`, Mattermost too; Rocket.Chat `{"success":true}`
    judgeBody(body) {
      const text = body.trim()
      const said = parsedObject(text)
      return { kind: text === 'ok' || said?.['ok'] === true || said?.['success'] === true ? 'delivered' : 'failed' }
    },
  }

  function reportOf(message: DigestMessage): string {
    return chatReport(message, SLACK, LIMIT_BYTES, (paragraphs, { title }) =>
      JSON.stringify({
        ...(settings.channel === null ? {} : { channel: settings.channel }),
        text: title,
        blocks: [title, ...paragraphs].map(section),
      }),
    )
  }

  function bodyOf(notification: Notification): string {
    const { alerts } = notification
    const title = SLACK.plain(titleOf(notification))
    return withAsMany(alerts.length, MOST_ALERTS, LIMIT_BYTES, count =>
      JSON.stringify({
        ...(settings.channel === null ? {} : { channel: settings.channel }),
        text: SLACK.bold(title),
        attachments: [
          {
            color: colorOf(notification),
            fallback: title,
            blocks: [
              ...alerts
                .slice(0, count)
                .map(alert => section(paragraphOf(lineOf(alert, notification, dependencies.timezone), SLACK))),
              ...footerOf(notification, SLACK, count).map(section),
            ],
          },
        ],
      }),
    ).text
  }
}

const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text: cut(text, MOST_BLOCK) } })

function colorOf({ alerts, status }: Notification): string {
  if (status === 'resolved') return GREEN!
  return alerts.some(alert => alert.status === 'firing' && alert.severity === 'page') ? RED! : ORANGE!
}
