import { messageOf } from '@kivi/domain'
import { RE2JS } from 're2js'
import { PrometheusError } from '../errors.ts'
import type { Matcher, MatchOp } from './syntax.ts'

/** Longer ones are lists of values that a variable of a dashboard has grown to. */
const MOST_PATTERN = 16_384

/**
 * A matcher of labels. Patterns are those of RE2, which takes time in proportion to the text: JavaScript's own could
 * be made to run for hours by whoever asks.
 */
export function matcher(label: string, op: MatchOp, value: string): Matcher {
  switch (op) {
    case '=':
      return { label, op, value, matches: text => text === value }
    case '!=':
      return { label, op, value, matches: text => text !== value }
    case '=~':
    case '!~': {
      const pattern = compile(label, value)
      return { label, op, value, matches: text => pattern.testExact(text) === (op === '=~') }
    }
  }
}

function compile(label: string, pattern: string): RE2JS {
  if (pattern.length > MOST_PATTERN)
    throw new PrometheusError('bad_data', `the pattern of ${label} has more than ${MOST_PATTERN} characters`)
  try {
    // a label's value may have line ends in it
    return RE2JS.compile(pattern, RE2JS.DOTALL)
  } catch (cause) {
    const reason = messageOf(cause)
    throw new PrometheusError('bad_data', `parse error: the pattern of ${label} is not RE2: ${reason}`, { cause })
  }
}

/** The values that a matcher lets through where it names them: `=`, and `=~"a|b"`; null: it is a pattern. */
export function namedValues({ op, value }: Matcher): readonly string[] | null {
  if (value === '') return null
  if (op === '=') return [value]
  return op === '=~' && /^[\w \-:/@,]+(?:\|[\w \-:/@,]+)*$/.test(value) ? value.split('|') : null
}

/** Does it hold for series without the label? */
export const matchesNothing = (one: Matcher): boolean => one.matches('')
