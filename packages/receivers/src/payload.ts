/** A notification as programs read it: Alertmanager's webhook payload, version 4, with a few fields more. */
import type { Notification, NotifiedAlert } from '@kivi/domain'
import { withAsMany } from './text/fit.ts'
import { pageOf } from './text/message.ts'
import { timeOf } from './text/times.ts'

/** Alertmanager's word for "not ended" */
const NEVER = '0001-01-01T00:00:00Z'

const alertPayload = (alert: NotifiedAlert) => ({
  status: alert.status,
  labels: alert.labels,
  annotations: alert.annotations,
  startsAt: timeOf(alert.startsAt),
  endsAt: alert.endsAt === null ? NEVER : timeOf(alert.endsAt),
  generatorURL: alert.url ?? '',
  fingerprint: alert.id,
  episode: alert.episode,
  value: alert.value,
  target: alert.target,
  unit: alert.unit,
  reason: alert.reason,
})

/** The payload as JSON, with as many alerts as the limit allows; the others are counted in `truncatedAlerts`. */
export function payloadText(notification: Notification, limitBytes: number): string {
  const { alerts, more } = notification
  const payloads = alerts.map(alertPayload)
  return withAsMany(alerts.length, alerts.length, limitBytes, count =>
    JSON.stringify({
      version: '4',
      groupKey: notification.lane,
      truncatedAlerts: alerts.length - count + more,
      status: notification.status,
      receiver: notification.receiver,
      groupLabels: notification.groupLabels,
      commonLabels: notification.commonLabels,
      commonAnnotations: notification.commonAnnotations,
      externalURL: pageOf(notification) ?? '',
      alerts: payloads.slice(0, count),
      key: notification.key,
      sequence: notification.sequence,
      reason: notification.reason,
      firingAfter: notification.firingAfter,
      at: timeOf(notification.at),
    }),
  ).text
}
