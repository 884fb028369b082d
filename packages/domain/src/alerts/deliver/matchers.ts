import type { Matcher } from '../types/routing.ts'

export type Labels = Readonly<Record<string, string>>

/** A label that is not there is ''. */
export const matchesAll = (matchers: readonly Matcher[], labels: Labels): boolean =>
  matchers.every(matcher => matches(matcher, labels))

function matches({ label, op, value }: Matcher, labels: Labels): boolean {
  const own = labels[label] ?? ''
  switch (op) {
    case '=':
      return own === value
    case '!=':
      return own !== value
    case '=~':
      return expression(value).test(own)
    case '!~':
      return !expression(value).test(own)
  }
}

/** Of a regular expression as a whole, as Prometheus has it. Throws SyntaxError. */
export const anchored = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`, 'su')

const compiled = new Map<string, RegExp>()
const MOST_COMPILED = 1_000

function expression(pattern: string): RegExp {
  let found = compiled.get(pattern)
  if (found === undefined) {
    found = anchored(pattern)
    if (compiled.size >= MOST_COMPILED) compiled.clear()
    compiled.set(pattern, found)
  }
  return found
}

/** `campaign="spring"`, `severity!=page`, `region=~"eu-.*"`; null: it is none, or its pattern is no regular expression. */
export function parseMatcher(text: string): Matcher | null {
  const match = /^\s*([A-Za-z_][\w.]*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^"\s][^"]*?))?\s*$/s.exec(text)
  if (match === null) return null
  const [, label = '', op = '=', quoted, bare] = match
  const value = quoted !== undefined ? quoted.replace(/\\(["\\])/g, '$1') : (bare ?? '')
  if (op === '=~' || op === '!~')
    try {
      anchored(value)
    } catch {
      return null
    }
  return { label, op: op as Matcher['op'], value }
}

export const formatMatcher = ({ label, op, value }: Matcher): string =>
  `${label}${op}"${value.replace(/["\\]/g, '\\$&')}"`
