import type { SyntaxNode } from '@lezer/common'
import { PrometheusError } from '../errors.ts'
import { durationMs, numberOf } from './literals.ts'
import { AGGREGATIONS, ARITHMETIC, COMPARISONS, RANGE_FUNCTIONS } from './syntax.ts'

const SUPPORTED =
  `supported are selectors with =, !=, =~, !~ and offset; ${AGGREGATIONS.join(', ')} with by or without; ` +
  `${RANGE_FUNCTIONS.join(', ')} of a selector with a range; numbers; ${[...ARITHMETIC, ...COMPARISONS].join(' ')} ` +
  'between numbers and series, with on or ignoring between two of them'

/** The text of a query: what its nodes say, and refusals that name the place. */
export interface Source {
  text(node: SyntaxNode): string
  number(node: SyntaxNode): number
  /** ms; below zero with a sign */
  duration(node: SyntaxNode): number
  error(node: SyntaxNode, message: string): PrometheusError
  /** PromQL, and not over indicators; says what is */
  unsupported(node: SyntaxNode, what: string): PrometheusError
  /** no PromQL */
  unexpected(from: number, to: number): PrometheusError
}

export function createSource(query: string): Source {
  const text = (node: SyntaxNode): string => query.slice(node.from, node.to)
  const refuse = (at: number, message: string) =>
    new PrometheusError('bad_data', `${placeOf(query, at)}: parse error: ${message}`)
  const error = (node: SyntaxNode, message: string) => refuse(node.from, message)
  return {
    text,
    error,
    number(node) {
      const value = numberOf(text(node))
      if (value === null) throw error(node, `${text(node)} is no finite number`)
      return value
    },
    duration(node) {
      const written = text(node)
      const sign = written.startsWith('-') ? -1 : 1
      const length = durationMs(written.replace(/^[+-]\s*/, ''))
      if (length === null) throw error(node, `${written} is no duration such as 5m or 1h30m`)
      return sign * length
    },
    unsupported: (node, what) => error(node, `${what} is not supported over indicators; ${SUPPORTED}`),
    unexpected(from, to) {
      const found = query.slice(from, to).trim()
      const what =
        found !== ''
          ? `unexpected ${JSON.stringify(found)}`
          : from >= query.trimEnd().length
            ? 'unexpected end of input'
            : 'something is missing here'
      const call = /^([a-zA-Z_]\w*)\s*\(/.exec(query)
      return refuse(from, `${what}${call === null ? '' : ` (is ${call[1]} a function?)`}; ${SUPPORTED}`)
    },
  }
}

/** Line and column, counted from 1. */
function placeOf(query: string, at: number): string {
  const lines = query.slice(0, at).split('\n')
  return `${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`
}

/** The children of a node but for comments. */
export function meaningful(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = []
  for (let child = node.firstChild; child !== null; child = child.nextSibling)
    if (child.name !== 'LineComment') children.push(child)
  return children
}

/** What the grammar promises to be there. */
export const childAt = (children: readonly SyntaxNode[], index: number): SyntaxNode => children[index] as SyntaxNode
