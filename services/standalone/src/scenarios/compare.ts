/** What was expected of an answer, and what it says: pure, with a line per difference. */
import type { SeenAlert } from './alerts.ts'
import type { Expectation, Expected, ExpectedAlert, ExpectedAlerts } from './scenario.ts'

export interface Difference {
  readonly line: number
  /** `value`, `groups.spring.value` */
  readonly what: string
  readonly expected: unknown
  readonly got: unknown
}

/** Answers agree to this share of their size: sums of money are exact, quotients are doubles. */
const RELATIVE = 1e-9

type Answer = Readonly<Record<string, unknown>>

export function differences({ line, expected, groups }: Expectation, answer: Answer): Difference[] {
  const found = compare(line, '', expected, answer)
  if (groups === null) return found
  const given = new Map(
    ((answer['groups'] ?? []) as Answer[]).map(group => [Object.values(group['by'] as object).join(', '), group]),
  )
  for (const [name, group] of groups) {
    const got = given.get(name)
    given.delete(name)
    if (got === undefined)
      found.push({ line: group.line, what: `groups.${name}`, expected: group.expected, got: undefined })
    else found.push(...compare(group.line, `groups.${name}.`, group.expected, got))
  }
  for (const [name, group] of given)
    found.push({ line, what: `groups.${name}`, expected: undefined, got: group['value'] })
  return found
}

function compare(line: number, path: string, expected: Expected, answer: Answer): Difference[] {
  return Object.entries(expected).flatMap(([key, value]) =>
    agrees(value, answer[key]) ? [] : [{ line, what: `${path}${key}`, expected: value, got: answer[key] }],
  )
}

/** of a mapping only what is expected counts: parts may be told in part */
export function agrees(expected: unknown, got: unknown): boolean {
  if (typeof expected === 'number' && typeof got === 'number')
    return Math.abs(expected - got) <= RELATIVE * Math.max(Math.abs(expected), Math.abs(got))
  if (Array.isArray(expected))
    return Array.isArray(got) && got.length === expected.length && expected.every((item, i) => agrees(item, got[i]))
  if (typeof expected !== 'object' || expected === null) return expected === (got ?? null)
  if (typeof got !== 'object' || got === null) return false
  return Object.entries(expected).every(([key, value]) => agrees(value, (got as Answer)[key]))
}

export const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value))

/** A line for each alert that is missing, or is there and should not be. */
export function alertDifferences({ rule, line, alerts }: ExpectedAlerts, seen: readonly SeenAlert[]): Difference[] {
  const left = [...seen]
  const found: Difference[] = []
  for (const expected of alerts) {
    const index = left.findIndex(one => isThat(expected, one))
    if (index >= 0) left.splice(index, 1)
    else found.push({ line: expected.line, what: rule, expected: told(expected), got: seen.map(told) })
  }
  for (const one of left) found.push({ line, what: rule, expected: undefined, got: told(one) })
  return found
}

function isThat(expected: ExpectedAlert, seen: SeenAlert): boolean {
  return (
    expected.state === seen.state &&
    Object.entries(expected.labels).every(([name, value]) => seen.labels[name] === value) &&
    (expected.since === null || expected.since === seen.since) &&
    (expected.until === null || expected.until === seen.until) &&
    (expected.value === undefined || agrees(expected.value, seen.value))
  )
}

const OWN_LABELS = ['alertname', 'severity', 'indicator']

function told({ state, labels, since, until, value }: ExpectedAlert | SeenAlert): object {
  const shownLabels = Object.entries(labels).filter(([name]) => !OWN_LABELS.includes(name))
  const time = (instant: number) => new Date(instant).toISOString().replace('.000Z', 'Z')
  return {
    ...Object.fromEntries(shownLabels),
    state,
    ...(since === null ? {} : { since: time(since) }),
    ...(until === null ? {} : { until: time(until) }),
    ...(value === undefined ? {} : { value }),
  }
}
