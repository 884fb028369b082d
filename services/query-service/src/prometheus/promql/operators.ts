/** Which operator takes which operands. */
import type { Binary, BinaryOp, Expr } from './syntax.ts'

export interface Operand {
  readonly expr: Expr
  /** how many minus signs stand before it, odd or even */
  readonly negative: boolean
}

export interface Operator {
  readonly op: BinaryOp
  /** the tree of its two sides; throws where they cannot be combined */
  readonly combine: (left: Expr, right: Expr) => Binary
}

const POWER = 4

const precedenceOf = (op: BinaryOp): number =>
  op === '^' ? POWER : ['*', '/', '%'].includes(op) ? 3 : ['+', '-'].includes(op) ? 2 : 1

/**
 * The tree of operands with operators between them: powers first (the right one first), then signs, products, sums,
 * comparisons.
 */
export function bind(operands: readonly Operand[], operators: readonly Operator[]): Expr {
  let place = 0
  const first = (): Expr => {
    const { expr, negative } = operands[place] as Operand
    return negative ? { kind: 'negated', of: extend(expr, POWER) } : expr
  }
  /** adds what follows with operators that bind at least so strongly */
  const extend = (start: Expr, least: number): Expr => {
    let left = start
    for (let next = operators[place]; next !== undefined; next = operators[place]) {
      const precedence = precedenceOf(next.op)
      if (precedence < least) break
      place++
      left = next.combine(left, extend(first(), precedence === POWER ? POWER : precedence + 1))
    }
    return left
  }
  return extend(first(), 0)
}
