/** What an instance is: a rule and a group. */
import { createHasher, hashToBigInt } from '../hash.ts'
import type { AlertRule } from './types/rules.ts'

const hasher = createHasher(0n)

/** 16 hex digits, the same for the same rule and group whatever the order of its dimensions. */
export function instanceId(rule: string, by: readonly string[], group: readonly string[]): string {
  const pairs = by.map((name, i) => [name, group[i] ?? '']).sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
  hasher.ofText(JSON.stringify([rule, pairs]))
  return hashToBigInt(hasher.high, hasher.low).toString(16).padStart(16, '0')
}

/** Labels of an instance; the group's own values win over what the rule says. */
export function labelsOf(rule: AlertRule, group: readonly string[]): Record<string, string> {
  return {
    ...rule.labels,
    ...Object.fromEntries(rule.by.map((name, i) => [name, group[i] ?? ''])),
    ...(rule.indicator === null ? {} : { indicator: rule.indicator }),
    alertname: rule.id,
    severity: rule.severity,
  }
}

/** of one firing and its end */
export const episodeOf = (id: string, startsAt: number): string => `${id}-${startsAt.toString(36)}`
