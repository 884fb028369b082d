import type { Answer } from '@kivi/client'

export type AlertEvent = Answer<'alertHistory'>['items'][number]

export const KINDS = ['all', 'decided', 'sent', 'kivi'] as const
export type Kind = (typeof KINDS)[number]

const EVENTS: Readonly<Record<Exclude<Kind, 'all'>, readonly string[]>> = {
  decided: ['pending', 'firing', 'resolved'],
  sent: ['muted', 'sending', 'delivered', 'refused', 'in_doubt', 'failed', 'given_up'],
  kivi: ['gap', 'leader'],
}

export const isOfKind = ({ event }: Pick<AlertEvent, 'event'>, kind: Kind): boolean =>
  kind === 'all' || EVENTS[kind].includes(event)

/** Labels that tell one alert of a rule from another. */
export const partsOf = ({ labels }: Pick<AlertEvent, 'labels'>, by: readonly string[]): string[] =>
  by.flatMap(name => (labels[name] === undefined ? [] : [`${name}: ${labels[name]}`]))

/** What happened in the last days, as the API is asked; the end is left open, so that what comes is seen too. */
export function historyPath(rule: string, days: number, now: number): string {
  const from = new Date(Math.floor((now - days * 86_400_000) / 60_000) * 60_000).toISOString()
  const query = new URLSearchParams({ limit: '50', from })
  if (rule !== '') query.set('rule', rule)
  return `/v1/alerts/history?${query}`
}
