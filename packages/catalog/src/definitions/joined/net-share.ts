import type { NetShare } from '@kivi/domain'
import type { NumberNode } from '../../expression/syntax.ts'

/** Reads the counts off a formula: `100 * (promoters - detractors) / answers` in any order; null: it is another one. */
export function netShareOf(node: NumberNode): NetShare | null {
  const factors = { above: [] as NumberNode[], below: [] as NumberNode[], scale: 1 }
  multiply(node, true, factors)
  const [difference, ...more] = factors.above
  const [all, ...others] = factors.below
  if (difference?.op !== '-' || all?.op !== 'field' || more.length > 0 || others.length > 0) return null
  const { left, right } = difference
  if (left.op !== 'field' || right.op !== 'field' || !(factors.scale > 0)) return null
  return { positive: left.name, negative: right.name, all: all.name, scale: factors.scale }
}

/** Splits a product into what is multiplied, what it is divided by, and its constants. */
function multiply(
  node: NumberNode,
  above: boolean,
  into: { readonly above: NumberNode[]; readonly below: NumberNode[]; scale: number },
): void {
  if (node.op === 'number') into.scale = above ? into.scale * node.value : into.scale / node.value
  else if (node.op === '*' || node.op === '/') {
    multiply(node.left, above, into)
    multiply(node.right, node.op === '*' ? above : !above, into)
  } else (above ? into.above : into.below).push(node)
}
