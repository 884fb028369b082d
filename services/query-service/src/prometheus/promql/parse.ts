import type { SyntaxNode } from '@lezer/common'
import { parser } from '@prometheus-io/lezer-promql'
import { PrometheusError } from '../errors.ts'
import { readOperation } from './operations.ts'
import { isRanged, readLabels, readRanged, readSelector } from './selectors.ts'
import { childAt, createSource, meaningful, type Source } from './source.ts'
import {
  AGGREGATIONS,
  type Aggregate,
  type Expr,
  isScalar,
  RANGE_FUNCTIONS,
  type RangeCall,
  type Selector,
} from './syntax.ts'

/** Deeper ones are made by programs that want to see this one fail. */
const MOST_DEPTH = 100

/** A query as a tree; throws bad_data, which names the place and what is understood. */
export function parsePromql(query: string): Expr {
  const source = createSource(query)
  const tree = parser.parse(query)
  tree.iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) throw source.unexpected(from, to)
    },
  })
  const top = meaningful(tree.topNode)[0]
  if (top === undefined) throw source.unexpected(0, 0)
  return readExpr(source, top, 0)
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

function readExpr(source: Source, node: SyntaxNode, depth: number): Expr {
  if (depth > MOST_DEPTH) throw source.error(node, `expressions are nested at most ${MOST_DEPTH} deep`)
  const deeper = (inner: SyntaxNode): Expr => readExpr(source, inner, depth + 1)
  switch (node.name) {
    case 'NumberDurationLiteral':
    case 'UnaryExpr':
    case 'BinaryExpr':
    case 'OffsetExpr':
      return readOperation(source, node, deeper)
    case 'ParenExpr':
      return deeper(childAt(meaningful(node), 0))
    case 'VectorSelector':
      return readSelector(source, node)
    case 'MatrixSelector':
      return readRanged(source, node)
    case 'AggregateExpr':
      return readAggregate(source, node, deeper)
    case 'FunctionCall':
      return readCall(source, node, deeper)
    case 'StringLiteral':
      throw source.error(node, 'a text is no value here')
    case 'SubqueryExpr':
      throw source.unsupported(node, 'a subquery')
    case 'StepInvariantExpr':
      throw source.unsupported(node, 'the modifier @')
    default:
      throw source.unsupported(node, source.text(node))
  }
}

function readAggregate(source: Source, node: SyntaxNode, read: (node: SyntaxNode) => Expr): Aggregate {
  const children = meaningful(node)
  const name = source.text(childAt(children, 0))
  const op = AGGREGATIONS.find(known => known === name.toLowerCase())
  if (op === undefined) throw source.unsupported(node, name)
  const [argument, ...more] = meaningful(children.find(child => child.name === 'FunctionCallBody') ?? node)
  if (argument === undefined || more.length > 0) throw source.error(node, `${op} takes one argument`)
  const of = read(argument)
  if (isScalar(of) || isRanged(of)) throw source.error(node, `${op} is of series at an instant`)
  const modifier = children.find(child => child.name === 'AggregateModifier')
  const grouping = modifier === undefined ? { names: [], only: true } : readLabels(source, meaningful(modifier))
  return { kind: 'aggregate', op, grouping, of }
}

function readCall(source: Source, node: SyntaxNode, read: (node: SyntaxNode) => Expr): RangeCall {
  const children = meaningful(node)
  const name = source.text(childAt(children, 0))
  const known = RANGE_FUNCTIONS.find(one => one === name)
  if (known === undefined) throw source.unsupported(node, `${name}()`)
  const [argument, ...more] = meaningful(childAt(children, 1))
  const over = argument === undefined || more.length > 0 ? null : read(argument)
  if (over === null || !isRanged(over))
    throw source.error(node, `${name} takes a selector with a range: ${name}(kivi_ctr[1h])`)
  return { kind: 'call', function: known, over }
}
