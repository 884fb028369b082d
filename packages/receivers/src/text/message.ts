/** A notification in words, before any receiver's own syntax. */
import type { Notification, NotifiedAlert } from '@kivi/domain'
import { timeText } from './times.ts'
import { type Words, wordsOf } from './words.ts'

export interface Line {
  readonly alert: NotifiedAlert
  readonly icon: string
  /** what it is about: its summary, else its name and labels */
  readonly headline: string
  /** value, target, labels, times: those that are known */
  readonly details: readonly string[]
  readonly description: string
  readonly runbook: string | null
}

const MOST_HEADLINE = 300
const MOST_DESCRIPTION = 600
const MOST_TITLE = 200

/** `[FIRING 3, RESOLVED 1] CtrLow campaign=spring` */
export function titleOf(notification: Notification): string {
  const words = wordsOf(notification)
  const { reason, alerts, groupLabels, commonLabels } = notification
  const firing = alerts.filter(alert => alert.status === 'firing').length
  const resolved = alerts.length - firing
  const counts = [
    ...(reason === 'test' ? [words.test] : []),
    ...(firing > 0 ? [reason === 'repeat' ? words.stillFiring(firing) : words.firing(firing)] : []),
    ...(resolved > 0 ? [words.resolved(resolved)] : []),
  ]
  const labels = { ...groupLabels }
  const name = commonLabels['alertname'] ?? labels['alertname'] ?? words.alerts
  delete labels['alertname']
  return cut(`[${counts.join(', ')}] ${[name, ...pairs(labels)].join(' ')}`, MOST_TITLE)
}

/** @param timezone in which people read times */
export function lineOf(alert: NotifiedAlert, notification: Notification, timezone: string): Line {
  const words = wordsOf(notification)
  const own = pairs(alert.labels, ([name, value]) => !HIDDEN.has(name) && notification.commonLabels[name] !== value)
  const { annotations } = alert
  const summary = annotations['summary']
  return {
    alert,
    icon: iconOf(alert),
    headline: cut(
      summary || [alert.alert, ...pairs(alert.labels, ([name]) => !HIDDEN.has(name))].join(' '),
      MOST_HEADLINE,
    ),
    details: detailsOf(alert, summary ? own : [], words, timezone),
    description: cut(annotations['description'] ?? '', MOST_DESCRIPTION),
    runbook: annotations['runbook'] ?? null,
  }
}

/** labels that are said otherwise */
const HIDDEN = new Set(['alertname', 'severity', 'indicator'])

function detailsOf(alert: NotifiedAlert, labels: readonly string[], words: Words, timezone: string): string[] {
  const details = [...labels, ...(alert.condition === undefined ? [] : [alert.condition])]
  if (alert.shown !== '') details.push(`${words.value} ${alert.shown}`)
  if (alert.target !== null) details.push(`${words.target} ${targetText(alert)}`)
  details.push(`${words.since} ${timeText(alert.startsAt, timezone)}`)
  if (alert.endsAt !== null) details.push(`${words.until} ${timeText(alert.endsAt, timezone)}`)
  const reason = alert.reason === null ? undefined : words.reasons[alert.reason]
  if (reason !== undefined) details.push(reason)
  return details.map(detail => cut(detail, MOST_HEADLINE))
}

/** Ratios are kept as shares and read in percent. */
function targetText({ target, unit }: NotifiedAlert): string {
  const number = (value: number) => String(Number(value.toPrecision(6)))
  return unit === 'percent' ? `${number(target! * 100)} %` : number(target!)
}

function iconOf({ status, severity }: NotifiedAlert): string {
  if (status === 'resolved') return '✅'
  return { page: '🔴', ticket: '🟠', info: '🔵' }[severity]
}

const pairs = (
  labels: Readonly<Record<string, string>>,
  wanted: (pair: [string, string]) => boolean = () => true,
): string[] =>
  Object.entries(labels)
    .filter(wanted)
    .map(([name, value]) => `${name}=${value}`)

/** By characters as people count them, so that no emoji or surrogate is cut in half. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text
  const characters = Array.from(text)
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`
}

/** The page with all alerts of the message's group; null where nobody said where the pages are. */
export function pageOf({ externalUrl, commonLabels }: Notification): string | null {
  if (externalUrl === null) return null
  const url = new URL(`${externalUrl.replace(/\/+$/, '')}/alerts`)
  const name = commonLabels['alertname']
  if (name !== undefined) url.searchParams.set('rule', name)
  return url.href
}
