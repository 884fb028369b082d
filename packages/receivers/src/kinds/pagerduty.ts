/**
 * PagerDuty's Events API v2. A lane (group × receiver) is one incident: triggered while anything of it fires, resolved
 * when nothing does. A message about it that comes again changes nothing there.
 */
import { createHash } from 'node:crypto'
import type { Notification, Receiver, Severity } from '@kivi/domain'
import { attempt, messageHeaders } from '../http/receiver.ts'
import { withAsMany } from '../text/fit.ts'
import { cut, lineOf, pageOf, titleOf } from '../text/message.ts'
import { wordsOf } from '../text/words.ts'
import type { KindArguments } from './arguments.ts'

const MOST_ALERTS = 100
/** PagerDuty takes 512 KB */
const LIMIT_BYTES = 400_000
const MOST_SUMMARY = 1_024
const SEVERITIES: Readonly<Record<Severity, string>> = { page: 'critical', ticket: 'warning', info: 'info' }

export function pagerduty({ settings, secrets, dependencies }: KindArguments<'pagerduty'>): Receiver {
  const url = secrets.url(settings.url)
  const routing_key = secrets.read(settings.routingKey)

  function bodyOf(notification: Notification): string {
    const { alerts, firingAfter, lane } = notification
    const page = pageOf(notification)
    const common = { routing_key, dedup_key: incidentOf(lane), client: 'Kivi', ...(page ? { client_url: page } : {}) }
    // what was only tried out must not stay open
    if (firingAfter === 0 && notification.reason !== 'test')
      return JSON.stringify({ ...common, event_action: 'resolve' })
    return withAsMany(alerts.length, MOST_ALERTS, LIMIT_BYTES, count =>
      JSON.stringify({
        ...common,
        event_action: 'trigger',
        payload: {
          summary: cut(summaryOf(notification), MOST_SUMMARY),
          source: notification.commonLabels['indicator'] ?? 'kivi',
          severity: SEVERITIES[worst(alerts.map(alert => alert.severity))],
          timestamp: new Date(Math.min(...alerts.map(alert => alert.startsAt))).toISOString(),
          group: Object.values(notification.groupLabels).join(' ') || notification.receiver,
          class: notification.commonLabels['alertname'] ?? 'kivi',
          custom_details: {
            firing_after: firingAfter,
            alerts: alerts.slice(0, count).map(alert => {
              const { icon, headline, details } = lineOf(alert, notification, dependencies.timezone)
              return `${icon} ${headline} (${details.join(', ')})`
            }),
            ...(alerts.length - count + notification.more > 0
              ? { more: wordsOf(notification).more(alerts.length - count + notification.more) }
              : {}),
          },
        },
      }),
    ).text
  }

  return {
    name: settings.name,
    kind: settings.kind,
    send: (notification, options) => {
      const request = { url, headers: messageHeaders(notification), body: bodyOf(notification) }
      return attempt(request, settings, {}, secrets, dependencies, options)
    },
    acknowledge: (lane, options) => {
      const body = JSON.stringify({ routing_key, dedup_key: incidentOf(lane), event_action: 'acknowledge' })
      const request = { url, headers: { 'content-type': 'application/json', 'user-agent': 'kivi' }, body }
      return attempt(request, settings, {}, secrets, dependencies, options)
    },
  }
}

/** At most 255 characters; a lane may have more. */
const incidentOf = (lane: string) => `kivi-${createHash('sha256').update(lane).digest('hex')}`

/** One alert is its own summary, several are counted. */
function summaryOf(notification: Notification): string {
  const [alert] = notification.alerts
  const summary = alert?.annotations['summary']
  return notification.alerts.length === 1 && summary ? summary : titleOf(notification)
}

const worst = (severities: readonly Severity[]): Severity =>
  (['page', 'ticket', 'info'] as const).find(severity => severities.includes(severity)) ?? 'info'
