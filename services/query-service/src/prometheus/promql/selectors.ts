import type { SyntaxNode } from '@lezer/common'
import { unquote } from './literals.ts'
import { matcher } from './matchers.ts'
import { childAt, meaningful, type Source } from './source.ts'
import type { Expr, Labels, Matcher, MatchOp, Selector } from './syntax.ts'

const MOST_MATCHERS = 50
/** It is seen by samples, and they are at most a year apart. */
const LONGEST_RANGE = 50 * 365 * 86_400_000

type Ranged = Selector & { readonly rangeMs: number }

export const isRanged = (expr: Expr): expr is Ranged => expr.kind === 'selector' && expr.rangeMs !== null

/** `kivi_ctr{campaign="spring"}` */
export function readSelector(source: Source, node: SyntaxNode): Selector {
  const matchers: Matcher[] = []
  for (const child of meaningful(node)) {
    if (child.name === 'Identifier') matchers.push(matcher('__name__', '=', source.text(child)))
    else for (const one of meaningful(child)) matchers.push(readMatcher(source, one))
  }
  if (matchers.length > MOST_MATCHERS) throw source.error(node, `a selector has at most ${MOST_MATCHERS} matchers`)
  if (matchers.every(one => one.matches('')))
    throw source.error(node, 'a selector must have at least one matcher that does not match the empty text')
  return { kind: 'selector', matchers, offsetMs: 0, rangeMs: null }
}

function readMatcher(source: Source, node: SyntaxNode): Matcher {
  const [label, op, value] = meaningful(node)
  if (node.name === 'QuotedLabelName') return matcher('__name__', '=', unquote(source.text(node)))
  if (label === undefined || op === undefined || value === undefined) throw source.unsupported(node, source.text(node))
  return matcher(nameOf(source, label), source.text(op) as MatchOp, unquote(source.text(value)))
}

/** `kivi_ctr[1h]` */
export function readRanged(source: Source, node: SyntaxNode): Ranged {
  const children = meaningful(node)
  const of = childAt(children, 0)
  if (of.name !== 'VectorSelector') throw source.error(node, 'a range stands after a selector')
  const rangeMs = source.duration(childAt(children, 1))
  if (rangeMs <= 0 || rangeMs > LONGEST_RANGE) throw source.error(node, 'a range is longer than 0, and at most 50y')
  return { ...readSelector(source, of), rangeMs }
}

/** `by`, `without`, `on` or `ignoring`, and the names that follow it. */
export function readLabels(source: Source, [keyword, names]: readonly SyntaxNode[]): Labels {
  return {
    only: keyword?.name === 'By' || keyword?.name === 'On',
    names: (names === undefined ? [] : meaningful(names)).map(name => nameOf(source, name)),
  }
}

const nameOf = (source: Source, node: SyntaxNode): string =>
  node.name === 'LabelName' ? source.text(node) : unquote(source.text(node))
