/** Labels that alerts can have: a matcher that names another one matches nothing, and nobody would ever see why. */
import type { Matcher } from './types/routing.ts'
import { type AlertRule, SEVERITIES } from './types/rules.ts'

export interface KnownLabels {
  readonly names: ReadonlySet<string>
  /** of labels of which all values are known */
  readonly values: ReadonlyMap<string, ReadonlySet<string>>
}

/** Something that no alert has, and what there is instead of it. */
export interface UnknownLabel {
  /** null: the label itself is unknown */
  readonly label: string | null
  readonly wrong: string
  readonly known: readonly string[]
}

/** Labels of the alerts of these rules. */
export function labelsOfRules(rules: Iterable<AlertRule>): KnownLabels {
  const all = [...rules]
  return {
    names: new Set([
      ...['alertname', 'severity', ...(all.some(({ indicator }) => indicator !== null) ? ['indicator'] : [])],
      ...all.flatMap(({ by, labels }) => [...by, ...Object.keys(labels)]),
    ]),
    values: new Map([
      ['alertname', new Set(all.map(({ id }) => id))],
      ['severity', new Set<string>(SEVERITIES)],
      ['indicator', new Set(all.flatMap(({ indicator }) => indicator ?? []))],
    ]),
  }
}

/** What of a matcher can never be; null: all of it can. */
export function unknownIn({ label, op, value }: Matcher, { names, values }: KnownLabels): UnknownLabel | null {
  if (!names.has(label)) return { label: null, wrong: label, known: [...names] }
  const known = values.get(label)
  if (known === undefined || op !== '=' || value === '' || known.has(value)) return null
  return { label, wrong: value, known: [...known] }
}
