import type { Notification, NotifiedAlert, ReceiverKind, ReceiverSettings } from '@kivi/domain'
import { createReceiver, type ReceiverDependencies } from '@kivi/receivers'

export const NOW = Date.parse('2026-11-22T02:05:00Z')

export function alert(n: number, changes: Partial<NotifiedAlert> = {}): NotifiedAlert {
  return {
    id: n.toString(16).padStart(16, '0'),
    episode: `episode ${n}`,
    status: 'firing',
    alert: 'CtrLow',
    severity: 'page',
    labels: { alertname: 'CtrLow', severity: 'page', campaign: `spring ${n}`, indicator: 'ctr' },
    annotations: { summary: `CTR of spring ${n} is 1.2 %`, description: 'Look at the creatives.' },
    startsAt: NOW - 60_000,
    endsAt: null,
    reason: null,
    value: 0.012,
    target: 0.02,
    unit: 'percent',
    shown: '1.2 %',
    url: `https://kivi.example/alerts/${n}`,
    ...changes,
  }
}

export function message(changes: Partial<Notification> = {}): Notification {
  const alerts = changes.alerts ?? [alert(1)]
  return {
    receiver: 'team',
    language: 'en',
    lane: 'default{alertname="CtrLow"}/team 春',
    sequence: 7,
    key: '5f0e2c1a-key',
    reason: 'news',
    status: alerts.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    groupLabels: { alertname: 'CtrLow' },
    commonLabels: { alertname: 'CtrLow', severity: 'page', indicator: 'ctr' },
    commonAnnotations: {},
    alerts,
    more: 0,
    firingAfter: alerts.filter(({ status }) => status === 'firing').length,
    externalUrl: 'https://kivi.example/',
    at: NOW,
    ...changes,
  }
}

/** A group of ten thousand: a message takes a thousand of them. */
export const crowd = (changes: Partial<Notification> = {}) =>
  message({
    alerts: Array.from({ length: 1_000 }, (_, i) =>
      alert(i, {
        annotations: { summary: `点击率 CTR of campaign spring ${i} is low`, description: '说明 '.repeat(40) },
      }),
    ),
    more: 9_000,
    firingAfter: 10_000,
    ...changes,
  })

/** Where the secrets of the settings below are. */
export const secretsFor = (url: string) => ({ HOOK: url, KEY: 'secret-of-the-test' })

const base = { name: 'team', language: 'en', sendResolved: true, timeoutMs: 10_000 } as const

/** Settings of each kind behind HTTP, their address in HOOK and their secret in KEY. */
export function settingsOf(kind: ReceiverKind, url: string, changes: object = {}): ReceiverSettings {
  const hook = { env: 'HOOK' }
  const secret = { env: 'KEY' }
  const of: Partial<Record<ReceiverKind, object>> = {
    webhook: { url: hook, secret, headers: {} },
    slack: { url: hook, channel: null },
    dingtalk: { url: hook, secret, mentions: [] },
    feishu: { url: hook, secret },
    wecom: { url: hook, mentions: [] },
    teams: { url: hook },
    pagerduty: { routingKey: secret, url },
    alertmanager: { urls: [url], username: null, password: null },
  }
  return { ...base, kind, ...of[kind], ...changes } as ReceiverSettings
}

export function receiverOf(
  settings: ReceiverSettings,
  { env, ...others }: Partial<ReceiverDependencies> & Pick<ReceiverDependencies, 'env'>,
) {
  return createReceiver(settings, {
    env,
    timezone: 'Asia/Shanghai',
    now: () => NOW,
    producer: () => Promise.reject(new Error('no log here')),
    ...others,
  })
}

export const attempt = (mayStart: () => boolean = () => true, signal = new AbortController().signal) => ({
  mayStart,
  signal,
})
