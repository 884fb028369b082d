import type { SyntaxNode } from '@lezer/common'
import { bind, type Operand, type Operator } from './operators.ts'
import { isRanged, readLabels } from './selectors.ts'
import { childAt, meaningful, type Source } from './source.ts'
import {
  ARITHMETIC,
  type Binary,
  type BinaryOp,
  COMPARISONS,
  type Expr,
  isScalar,
  type Labels,
  type Selector,
} from './syntax.ts'

const MOST_OPERATORS = 200
const OPERATORS: ReadonlySet<string> = new Set([...ARITHMETIC, ...COMPARISONS])

/**
 * Numbers, signs, operators and offsets. The grammar gives signs and offsets to all that stands to their left or right;
 * here they go to the operand that they stand at, and operators take theirs by their own order.
 * @param read reads an operand of any other kind
 */
export function readOperation(source: Source, node: SyntaxNode, read: (node: SyntaxNode) => Expr): Expr {
  const operands: Operand[] = []
  const operators: Operator[] = []
  const collect = (part: SyntaxNode, level: number): void => {
    if (level > MOST_OPERATORS || operators.length > MOST_OPERATORS)
      throw source.error(part, `an expression has at most ${MOST_OPERATORS} operators in a row`)
    const children = meaningful(part)
    switch (part.name) {
      case 'NumberDurationLiteral':
        operands.push({
          expr: { kind: 'number', value: Math.abs(source.number(part)) },
          negative: source.text(part).startsWith('-'),
        })
        break
      case 'UnaryExpr': {
        const place = operands.length
        collect(childAt(children, 1), level + 1)
        const { expr, negative } = operands[place] as Operand
        operands[place] = { expr, negative: negative !== (source.text(childAt(children, 0)) === '-') }
        break
      }
      case 'BinaryExpr':
        collect(childAt(children, 0), level + 1)
        operators.push(readOperator(source, part, children))
        collect(childAt(children, children.length - 1), level + 1)
        break
      case 'OffsetExpr': {
        collect(childAt(children, 0), level + 1)
        const { expr, negative } = operands.pop() as Operand
        operands.push({ expr: moved(source, part, expr, childAt(children, 2)), negative })
        break
      }
      default:
        operands.push({ expr: read(part), negative: false })
    }
  }
  collect(node, 0)
  return bind(operands, operators)
}

function moved(source: Source, node: SyntaxNode, expr: Expr, offset: SyntaxNode): Selector {
  if (expr.kind !== 'selector') throw source.error(node, 'offset stands after a selector')
  return { ...expr, offsetMs: source.duration(offset) }
}

function readOperator(source: Source, node: SyntaxNode, children: readonly SyntaxNode[]): Operator {
  const sign = children.slice(1).find(child => OPERATORS.has(source.text(child)))
  if (sign === undefined) throw source.unsupported(node, source.text(childAt(children, 1)))
  const op = source.text(sign) as BinaryOp
  const bool = children.some(child => child.name === 'BoolModifier')
  const compares = COMPARISONS.some(known => known === op)
  if (bool && !compares) throw source.error(sign, 'bool stands after a comparison')
  const clause = children.find(child => child.name === 'MatchingModifierClause')
  const matching = clause === undefined ? { names: [], only: false } : readMatching(source, clause)
  const combine = (left: Expr, right: Expr): Binary => {
    for (const side of [left, right])
      if (isRanged(side)) throw source.error(sign, `${op} is between series at an instant`)
    if (compares && !bool && isScalar(left) && isScalar(right))
      throw source.error(sign, 'a comparison of two numbers needs bool')
    if (clause !== undefined && (isScalar(left) || isScalar(right)))
      throw source.error(clause, 'on and ignoring stand between two sets of series')
    return { kind: 'binary', op, bool, matching, left, right }
  }
  return { op, combine }
}

function readMatching(source: Source, clause: SyntaxNode): Labels {
  const children = meaningful(clause)
  for (const child of children)
    if (child.name === 'GroupLeft' || child.name === 'GroupRight') throw source.unsupported(child, source.text(child))
  return readLabels(source, children)
}
