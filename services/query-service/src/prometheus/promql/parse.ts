import type { SyntaxNode } from '@lezer/common'
import { parser } from '@prometheus-io/lezer-promql'
import { PrometheusError } from '../errors.ts'
import { durationMs, numberOf, unquote } from './literals.ts'
import { matcher } from './matchers.ts'
import { bind, type Operand, type Operator } from './operators.ts'
import {
  AGGREGATIONS,
  type Aggregate,
  ARITHMETIC,
  type Binary,
  type BinaryOp,
  COMPARISONS,
  type Expr,
  isScalar,
  type Labels,
  type Matcher,
  type MatchOp,
  RANGE_FUNCTIONS,
  type RangeCall,
  type Selector,
} from './syntax.ts'

/** Deeper ones are made by programs that want to see this one fail. */
const MOST_DEPTH = 100
const MOST_MATCHERS = 50
const MOST_OPERATORS = 200
/** It is seen by samples, and they are at most a year apart. */
const LONGEST_RANGE = 50 * 365 * 86_400_000

const SUPPORTED =
  `supported are selectors with =, !=, =~, !~ and offset; ${AGGREGATIONS.join(', ')} with by or without; ` +
  `${RANGE_FUNCTIONS.join(', ')} of a selector with a range; numbers; ${[...ARITHMETIC, ...COMPARISONS].join(' ')} ` +
  'between numbers and series, with on or ignoring between two of them'

/** A query as a tree; throws bad_data, which names the place and what is understood. */
export function parsePromql(query: string): Expr {
  const tree = parser.parse(query)
  tree.iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) throw unexpected(query, from, to)
    },
  })
  const top = meaningful(tree.topNode)[0]
  if (top === undefined) throw unexpected(query, 0, 0)
  return new Reader(query).expr(top, 0)
}

/** A selector as `match[]` has it. */
export function parseSelector(text: string): Selector {
  const expr = parsePromql(text)
  if (expr.kind === 'selector' && expr.rangeMs === null) return expr
  throw new PrometheusError(
    'bad_data',
    `match[] is ${JSON.stringify(text)}: expected a selector such as kivi_ctr{campaign!=""}`,
  )
}

class Reader {
  readonly #query: string
  constructor(query: string) {
    this.#query = query
  }

  expr(node: SyntaxNode, depth: number): Expr {
    if (depth > MOST_DEPTH) throw this.#error(node, `expressions are nested at most ${MOST_DEPTH} deep`)
    const children = meaningful(node)
    switch (node.name) {
      case 'NumberDurationLiteral':
      case 'UnaryExpr':
      case 'BinaryExpr':
      case 'OffsetExpr':
        return this.#operation(node, depth)
      case 'ParenExpr':
        return this.expr(childAt(children, 0), depth + 1)
      case 'VectorSelector':
        return this.#selector(node)
      case 'MatrixSelector':
        return this.#ranged(children, node)
      case 'AggregateExpr':
        return this.#aggregate(node, children, depth)
      case 'FunctionCall':
        return this.#call(node, children, depth)
      case 'StringLiteral':
        throw this.#error(node, 'a text is no value here')
      case 'SubqueryExpr':
        throw this.#unsupported(node, 'a subquery')
      case 'StepInvariantExpr':
        throw this.#unsupported(node, 'the modifier @')
      default:
        throw this.#unsupported(node, this.#text(node))
    }
  }

  #selector(node: SyntaxNode): Selector {
    const matchers: Matcher[] = []
    for (const child of meaningful(node)) {
      if (child.name === 'Identifier') matchers.push(matcher('__name__', '=', this.#text(child)))
      else for (const one of meaningful(child)) matchers.push(this.#matcher(one))
    }
    if (matchers.length > MOST_MATCHERS) throw this.#error(node, `a selector has at most ${MOST_MATCHERS} matchers`)
    if (matchers.every(one => one.matches('')))
      throw this.#error(node, 'a selector must have at least one matcher that does not match the empty text')
    return { kind: 'selector', matchers, offsetMs: 0, rangeMs: null }
  }

  #matcher(node: SyntaxNode): Matcher {
    const [label, op, value] = meaningful(node)
    if (node.name === 'QuotedLabelName') return matcher('__name__', '=', unquote(this.#text(node)))
    if (label === undefined || op === undefined || value === undefined) throw this.#unsupported(node, this.#text(node))
    const name = label.name === 'LabelName' ? this.#text(label) : unquote(this.#text(label))
    return matcher(name, this.#text(op) as MatchOp, unquote(this.#text(value)))
  }

  #ranged(children: readonly SyntaxNode[], node: SyntaxNode): Selector & { readonly rangeMs: number } {
    const of = childAt(children, 0)
    if (of.name !== 'VectorSelector') throw this.#error(node, 'a range stands after a selector')
    const rangeMs = this.#duration(childAt(children, 1))
    if (rangeMs <= 0 || rangeMs > LONGEST_RANGE) throw this.#error(node, 'a range is longer than 0, and at most 50y')
    return { ...this.#selector(of), rangeMs }
  }

  /**
   * The grammar gives signs and offsets to all that stands to their left or right; here they go to the operand that
   * they stand at, and operators take theirs by their own order.
   */
  #operation(node: SyntaxNode, depth: number): Expr {
    const operands: Operand[] = []
    const operators: Operator[] = []
    const collect = (part: SyntaxNode, level: number): void => {
      if (level > MOST_OPERATORS || operators.length > MOST_OPERATORS)
        throw this.#error(part, `an expression has at most ${MOST_OPERATORS} operators in a row`)
      const children = meaningful(part)
      switch (part.name) {
        case 'NumberDurationLiteral': {
          const value = this.#number(part)
          operands.push({
            expr: { kind: 'number', value: Math.abs(value) },
            negative: this.#text(part).startsWith('-'),
          })
          break
        }
        case 'UnaryExpr': {
          const place = operands.length
          collect(childAt(children, 1), level + 1)
          const { expr, negative } = operands[place] as Operand
          operands[place] = { expr, negative: negative !== (this.#text(childAt(children, 0)) === '-') }
          break
        }
        case 'BinaryExpr':
          collect(childAt(children, 0), level + 1)
          operators.push(this.#operator(part, children))
          collect(childAt(children, children.length - 1), level + 1)
          break
        case 'OffsetExpr': {
          collect(childAt(children, 0), level + 1)
          const { expr, negative } = operands.pop() as Operand
          operands.push({ expr: this.#moved(part, expr, childAt(children, 2)), negative })
          break
        }
        default:
          operands.push({ expr: this.expr(part, depth + 1), negative: false })
      }
    }
    collect(node, 0)
    return bind(operands, operators)
  }

  #moved(node: SyntaxNode, expr: Expr, offset: SyntaxNode): Selector {
    if (expr.kind !== 'selector') throw this.#error(node, 'offset stands after a selector')
    return { ...expr, offsetMs: this.#duration(offset) }
  }

  #aggregate(node: SyntaxNode, children: readonly SyntaxNode[], depth: number): Aggregate {
    const name = this.#text(childAt(children, 0))
    const op = AGGREGATIONS.find(known => known === name.toLowerCase())
    if (op === undefined) throw this.#unsupported(node, name)
    const [argument, ...more] = meaningful(children.find(child => child.name === 'FunctionCallBody') ?? node)
    if (argument === undefined || more.length > 0) throw this.#error(node, `${op} takes one argument`)
    const of = this.expr(argument, depth + 1)
    if (isScalar(of) || isRanged(of)) throw this.#error(node, `${op} is of series at an instant`)
    const modifier = children.find(child => child.name === 'AggregateModifier')
    const grouping = modifier === undefined ? { names: [], only: true } : this.#labels(meaningful(modifier))
    return { kind: 'aggregate', op, grouping, of }
  }

  #call(node: SyntaxNode, children: readonly SyntaxNode[], depth: number): RangeCall {
    const name = this.#text(childAt(children, 0))
    const known = RANGE_FUNCTIONS.find(one => one === name)
    if (known === undefined) throw this.#unsupported(node, `${name}()`)
    const [argument, ...more] = meaningful(childAt(children, 1))
    const over = argument === undefined || more.length > 0 ? null : this.expr(argument, depth + 1)
    if (over === null || !isRanged(over))
      throw this.#error(node, `${name} takes a selector with a range: ${name}(kivi_ctr[1h])`)
    return { kind: 'call', function: known, over }
  }

  #operator(node: SyntaxNode, children: readonly SyntaxNode[]): Operator {
    const sign = children.slice(1).find(child => OPERATORS.has(this.#text(child)))
    if (sign === undefined) throw this.#unsupported(node, this.#text(childAt(children, 1)))
    const op = this.#text(sign) as BinaryOp
    const bool = children.some(child => child.name === 'BoolModifier')
    const compares = COMPARISONS.some(known => known === op)
    if (bool && !compares) throw this.#error(sign, 'bool stands after a comparison')
    const clause = children.find(child => child.name === 'MatchingModifierClause')
    const matching = clause === undefined ? { names: [], only: false } : this.#matching(clause)
    const combine = (left: Expr, right: Expr): Binary => {
      for (const side of [left, right])
        if (isRanged(side)) throw this.#error(sign, `${op} is between series at an instant`)
      if (compares && !bool && isScalar(left) && isScalar(right))
        throw this.#error(sign, 'a comparison of two numbers needs bool')
      if (clause !== undefined && (isScalar(left) || isScalar(right)))
        throw this.#error(clause, 'on and ignoring stand between two sets of series')
      return { kind: 'binary', op, bool, matching, left, right }
    }
    return { op, combine }
  }

  #matching(clause: SyntaxNode): Labels {
    const children = meaningful(clause)
    for (const child of children)
      if (child.name === 'GroupLeft' || child.name === 'GroupRight') throw this.#unsupported(child, this.#text(child))
    return this.#labels(children)
  }

  /** `by`, `without`, `on` or `ignoring`, and the names that follow it. */
  #labels([keyword, names]: readonly SyntaxNode[]): Labels {
    return {
      only: keyword?.name === 'By' || keyword?.name === 'On',
      names: (names === undefined ? [] : meaningful(names)).map(name =>
        name.name === 'LabelName' ? this.#text(name) : unquote(this.#text(name)),
      ),
    }
  }

  #number(node: SyntaxNode): number {
    const value = numberOf(this.#text(node))
    if (value === null) throw this.#error(node, `${this.#text(node)} is no finite number`)
    return value
  }

  #duration(node: SyntaxNode): number {
    const text = this.#text(node)
    const sign = text.startsWith('-') ? -1 : 1
    const length = durationMs(text.replace(/^[+-]\s*/, ''))
    if (length === null) throw this.#error(node, `${text} is no duration such as 5m or 1h30m`)
    return sign * length
  }

  #text(node: SyntaxNode): string {
    return this.#query.slice(node.from, node.to)
  }

  #error(node: SyntaxNode, message: string): PrometheusError {
    return new PrometheusError('bad_data', `${placeOf(this.#query, node.from)}: parse error: ${message}`)
  }

  #unsupported(node: SyntaxNode, what: string): PrometheusError {
    return this.#error(node, `${what} is not supported over indicators; ${SUPPORTED}`)
  }
}

const OPERATORS: ReadonlySet<string> = new Set([...ARITHMETIC, ...COMPARISONS])

const isRanged = (expr: Expr): expr is Selector & { readonly rangeMs: number } =>
  expr.kind === 'selector' && expr.rangeMs !== null

function meaningful(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = []
  for (let child = node.firstChild; child !== null; child = child.nextSibling)
    if (child.name !== 'LineComment') children.push(child)
  return children
}

/** What the grammar promises to be there. */
const childAt = (children: readonly SyntaxNode[], index: number): SyntaxNode => children[index] as SyntaxNode

function unexpected(query: string, from: number, to: number): PrometheusError {
  const found = query.slice(from, to).trim()
  const what =
    found !== ''
      ? `unexpected ${JSON.stringify(found)}`
      : from >= query.trimEnd().length
        ? 'unexpected end of input'
        : 'something is missing here'
  const call = /^([a-zA-Z_]\w*)\s*\(/.exec(query)
  return new PrometheusError(
    'bad_data',
    `${placeOf(query, from)}: parse error: ${what}${call === null ? '' : ` (is ${call[1]} a function?)`}; ${SUPPORTED}`,
  )
}

/** Line and column, counted from 1. */
function placeOf(query: string, at: number): string {
  const lines = query.slice(0, at).split('\n')
  return `${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`
}
