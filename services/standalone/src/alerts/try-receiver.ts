import { randomUUID } from 'node:crypto'
import type { Catalog, Delivery, Notification, NotifiedAlert, Receiver, ReceiverSettings } from '@kivi/domain'

export interface TryOptions {
  readonly catalog: Catalog
  readonly settings: ReceiverSettings
  readonly receiver: Receiver
  readonly externalUrl: string | null
  readonly now: number
  readonly signal: AbortSignal
}

/** Sends one message that says that it is for trying, past routes, silences and the log. */
export function tryReceiver({ settings, receiver, externalUrl, now, signal }: TryOptions): Promise<Delivery> {
  const { name, language } = settings
  const labels = { alertname: 'KiviTest', severity: 'info' }
  const annotations = {
    summary: language === 'zh' ? `这是 Kivi 发给 ${name} 的测试消息。` : `This is a message from Kivi to try ${name}.`,
    description: language === 'zh' ? '没有任何告警，无需处理。' : 'Nothing is wrong, and nothing is to be done.',
  }
  const id = '0000000000000000'
  const alert: NotifiedAlert = {
    ...{ id, episode: `${id}-${now.toString(36)}`, status: 'firing', alert: labels.alertname, severity: 'info' },
    ...{ labels, annotations, startsAt: now, endsAt: null, reason: null, value: null, target: null },
    ...{ unit: 'number', shown: '', url: externalUrl },
  }
  const options = { signal, mayStart: () => !signal.aborted }
  if (receiver.sync !== undefined) return receiver.sync([alert], options)
  const notification: Notification = {
    ...{ receiver: name, language, lane: `${name}/test/${now}`, sequence: 1, key: randomUUID(), reason: 'test' },
    ...{ status: 'firing', groupLabels: labels, commonLabels: labels, commonAnnotations: annotations },
    ...{ alerts: [alert], more: 0, firingAfter: 0, externalUrl, at: now },
  }
  return receiver.send(notification, options)
}
