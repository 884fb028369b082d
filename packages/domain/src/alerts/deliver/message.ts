/** What a message says: transitions that were not told yet, or what still fires. */
import type { Text } from '../../definitions/index.ts'
import { formatWindow } from '../../windows/index.ts'
import { conditionText } from '../conditions/words.ts'
import type { Alerting } from '../types/alerting.ts'
import type { Notification, NotificationReason, NotifiedAlert } from '../types/notifications.ts'
import type { ReceiverSettings } from '../types/receivers.ts'
import type { AlertInstance, Transition } from '../types/records.ts'
import type { AlertRule } from '../types/rules.ts'
import { renderAnnotations, showValue } from './values.ts'

/** A receiver gets at most so many alerts in one message. */
export const MOST_ALERTS = 1_000

/** What is told besides the state of the alerts. */
export interface Wording {
  readonly rules: Alerting['rules']
  /** label and unit of a rule's indicator */
  readonly about: (rule: AlertRule) => { readonly label: Text; readonly unit: string }
  readonly currency: string
  /** an instant by the clock of the catalog's zone */
  readonly time: (instant: number) => string
  /** base address of the pages; null: nobody said */
  readonly externalUrl: string | null
}

/** The alerts of a message about transitions [first, last] of an instance: an episode that is over is one alert. */
export function alertsOf(
  instance: AlertInstance,
  [first, last]: readonly [number, number],
  { language, sendResolved }: Pick<ReceiverSettings, 'language' | 'sendResolved'>,
  wording: Wording,
): NotifiedAlert[] {
  const told = instance.transitions.filter(({ number }) => number >= first && number <= last)
  return told.flatMap((transition, i) => {
    if (transition.kind === 'resolved') return sendResolved ? notified(instance, transition, language, wording) : []
    return told[i + 1] === undefined ? notified(instance, transition, language, wording) : []
  })
}

function notified(
  instance: AlertInstance,
  transition: Transition,
  language: 'en' | 'zh',
  wording: Wording,
): NotifiedAlert {
  const rule = wording.rules.get(instance.rule)
  const about = rule === undefined ? { label: { en: instance.rule }, unit: 'number' } : wording.about(rule)
  const units = { unit: about.unit, currency: wording.currency }
  const { kind, startsAt, instant, episode, seen, reason } = transition
  return {
    id: instance.id,
    episode,
    status: kind,
    alert: instance.rule,
    severity: instance.severity,
    labels: instance.labels,
    annotations:
      rule === undefined
        ? {}
        : renderAnnotations(rule, instance, transition, {
            ...{ units, language, label: about.label, time: wording.time },
            window: rule.windowMs > 0 ? formatWindow(rule.windowMs) : '',
          }),
    ...(rule === undefined || 'summary' in rule.annotations ? {} : { condition: conditionText(rule)[language] }),
    startsAt,
    endsAt: kind === 'resolved' ? instant : null,
    reason: reason === 'condition' ? null : reason,
    value: seen.value,
    target: seen.target,
    unit: about.unit,
    shown: showValue(seen.value, units, language),
    url: wording.externalUrl === null ? null : `${wording.externalUrl.replace(/\/$/, '')}/alerts/${instance.id}`,
  }
}

export interface MessageInput {
  readonly receiver: ReceiverSettings
  readonly lane: string
  readonly sequence: number
  readonly key: string
  readonly reason: NotificationReason
  readonly groupLabels: Readonly<Record<string, string>>
  readonly alerts: readonly NotifiedAlert[]
  readonly more: number
  readonly firingAfter: number
  readonly externalUrl: string | null
  readonly now: number
}

export function messageOf(input: MessageInput): Notification {
  const { receiver, lane, sequence, key, reason, groupLabels, more, firingAfter, externalUrl, now } = input
  const alerts = [...input.alerts].sort(
    (a, b) => order(a) - order(b) || a.startsAt - b.startsAt || (a.id < b.id ? -1 : 1),
  )
  return {
    ...{ receiver: receiver.name, language: receiver.language, lane, sequence, key, reason },
    status: alerts.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    groupLabels,
    commonLabels: common(alerts.map(({ labels }) => labels)),
    commonAnnotations: common(alerts.map(({ annotations }) => annotations)),
    ...{ alerts, more, firingAfter, externalUrl, at: now },
  }
}

const order = ({ status }: NotifiedAlert): number => (status === 'firing' ? 0 : 1)

/** What all of them say alike. */
function common(all: ReadonlyArray<Readonly<Record<string, string>>>): Record<string, string> {
  const [first = {}, ...rest] = all
  return Object.fromEntries(Object.entries(first).filter(([name, value]) => rest.every(other => other[name] === value)))
}
