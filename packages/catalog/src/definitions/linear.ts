import type { NumberNode } from '../expression/syntax.ts'

/** A sum of additive numbers, each multiplied or divided by constants only. */
export function isLinear(node: NumberNode, additive: (name: string) => boolean): boolean {
  const constant = (n: NumberNode): boolean => n.op === 'number' || (n.op === 'negate' && constant(n.of))
  switch (node.op) {
    case 'field':
      return additive(node.name)
    case 'negate':
      return isLinear(node.of, additive)
    case '+':
    case '-':
      return isLinear(node.left, additive) && isLinear(node.right, additive)
    case '*':
      return (
        (constant(node.left) && isLinear(node.right, additive)) ||
        (isLinear(node.left, additive) && constant(node.right))
      )
    case '/':
      return isLinear(node.left, additive) && constant(node.right)
    default:
      return false
  }
}
