import type { Answer } from '@kivi/client'
import { type Matcher, matchesAll, parseMatcher } from '@kivi/domain'
import type { Alert, AlertRule, Alerts } from '../../api/alerts.ts'

export type Silence = Answer<'silences'>['items'][number]

const MINUTE = 60_000
const STEP = 15 * MINUTE
const LENGTHS: Readonly<Record<string, number>> = { s: 1000, m: MINUTE, h: 60 * MINUTE, d: 1440 * MINUTE }
/** Whoever leads writes at least every few seconds; this long a silence is none of network or load. */
const UNHEARD_MS = 60_000
const OLD_MS = 60_000

/** Labels that say which part an alert is about: those of its rule's dimensions. */
export function segmentOf({ labels }: Pick<Alert, 'labels'>, rule: AlertRule | undefined): Array<[string, string]> {
  return (rule?.by ?? []).flatMap(name =>
    labels[name] === undefined ? [] : [[name, labels[name]] as [string, string]],
  )
}

/** Matchers of exactly this alert: of its rule and its segment, or of all its labels where the rule is gone. */
export function matchersOf(alert: Alert, rule: AlertRule | undefined): string[] {
  const labels = rule === undefined ? Object.entries(alert.labels) : segmentOf(alert, rule)
  const named = labels.filter(([label]) => label !== 'alertname')
  return [['alertname', alert.alert] as [string, string], ...named].map(
    ([label, value]) => `${label}="${value.replace(/["\\]/g, '\\$&')}"`,
  )
}

/** Matchers as they were written, or the first that is none. */
export function readMatchers(text: string): { readonly matchers: readonly string[]; readonly wrong: string | null } {
  const matchers = text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
  return { matchers, wrong: matchers.find(line => parseMatcher(line) === null) ?? null }
}

/** Of these alerts, those that all matchers match. */
export function matched(alerts: readonly Alert[], matchers: readonly string[]): readonly Alert[] {
  const read = matchers.map(parseMatcher)
  if (read.length === 0 || read.includes(null)) return []
  return alerts.filter(alert => matchesAll(read as Matcher[], alert.labels))
}

/**
 * Until when an alert is silenced. What people set counts at once here: whoever leads takes it over within moments, and
 * a silence that does not show after it was set would be set again.
 */
export function silencedUntil(alert: Alert, silences: readonly Silence[] | null): string | null {
  const told = alert.muted.find(one => one.by === 'silence')?.until ?? null
  if (silences === null) return told
  const ends = silences
    .filter(silence => silence.state === 'active' && matched([alert], silence.matchers).length > 0)
    .map(silence => silence.until)
  return ends.toSorted((a, b) => Date.parse(a) - Date.parse(b)).at(-1) ?? null
}

/** The page of its indicator, at the time and for the part that the alert is about. */
export function addressOf(alert: Alert, rule: AlertRule | undefined, now: number): string | null {
  if (alert.indicator === null) return null
  const [, count = '1', unit = 'h'] = /^(\d+)([smhd])$/.exec(rule?.window ?? '') ?? []
  const window = Number(count) * (LENGTHS[unit] ?? LENGTHS['h'] ?? 0)
  const from = Math.floor((Date.parse(alert.since) - Math.max(6 * window, 60 * MINUTE)) / STEP) * STEP
  const end = alert.ended === null ? now : Date.parse(alert.ended) + STEP
  const to = Math.max(from + STEP, Math.min(Math.ceil(end / STEP) * STEP, Math.floor(now / STEP) * STEP))
  const query = new URLSearchParams({ from: new Date(from).toISOString(), to: new Date(to).toISOString() })
  for (const [dimension, value] of segmentOf(alert, rule))
    query.append('filter', `${dimension}:${encodeURIComponent(value)}`)
  return `/indicators/${encodeURIComponent(alert.indicator)}?${query}`
}

/** What of an alert's text somebody may look for. */
export const isFound = (alert: Alert, text: string): boolean =>
  text === '' ||
  [alert.alert, alert.indicator ?? '', ...Object.values(alert.annotations), ...Object.values(alert.labels)].some(part =>
    part.toLowerCase().includes(text),
  )

/** Why nothing that is shown can be relied on, the most important first; null: all is well. */
export type Doubt =
  | { readonly what: 'no_rules' | 'no_leader' }
  | { readonly what: 'unheard' | 'old_log'; readonly ms: number }

export function doubtOf({ rules, leader, as_of: asOf }: Alerts, now: number): Doubt | null {
  if (rules.length === 0) return { what: 'no_rules' }
  if (now - Date.parse(asOf) > OLD_MS) return { what: 'old_log', ms: now - Date.parse(asOf) }
  if (leader === null) return { what: 'no_leader' }
  // both by the service's clocks
  const unheard = Date.parse(asOf) - Date.parse(leader.heard)
  return unheard > UNHEARD_MS ? { what: 'unheard', ms: unheard } : null
}
