import type { ConditionNode, ValueNode } from './syntax.ts'

/** The smallest parts of a value that make it null when they are */
export function nullParts(node: ValueNode): ValueNode[] {
  switch (node.op) {
    case '+':
    case '-':
    case '*':
    case 'min':
    case 'max':
    case 'business_time':
      return [node.left, node.right].flatMap(nullParts)
    case 'negate':
    case 'day':
    case 'day_start':
    case 'month_start':
      return nullParts(node.of)
    default:
      return canBeNull(node) ? [node] : []
  }
}

/** Whether a value can be missing: of what was not observed, and all that is computed from it. */
export function canBeNull(node: ValueNode): boolean {
  switch (node.op) {
    case 'number':
    case 'text':
    case 'kept':
    case 'name':
      return false
    case 'scalar':
      return node.agg !== 'count' && node.agg !== 'sum'
    case 'count':
    case 'sum':
      return [node.from, node.to].some(bound => bound !== null && canBeNull(bound))
    case 'negate':
    case 'day':
    case 'day_start':
    case 'month_start':
      return canBeNull(node.of)
    case '+':
    case '-':
    case '*':
    case 'min':
    case 'max':
    case 'business_time':
      return canBeNull(node.left) || canBeNull(node.right)
    default:
      return true
  }
}

/** Whether a condition is always true or false. */
export function isNeverNull(node: ConditionNode): boolean {
  switch (node.op) {
    case 'boolean':
    case 'observed':
    case 'present':
    case 'is':
      return true
    case 'same':
      return node.shape === 'text'
    case 'not':
      return isNeverNull(node.of)
    case 'and':
    case 'or':
      return isNeverNull(node.left) && isNeverNull(node.right)
    default:
      return !canBeNull(node.left) && !canBeNull(node.right)
  }
}

/** Whether a number can become larger than any: sums of what events hold cannot. */
export function canOverflow(node: ValueNode): boolean {
  switch (node.op) {
    case '*':
    case '/':
      return true
    case '+':
    case '-':
    case 'min':
    case 'max':
      return canOverflow(node.left) || canOverflow(node.right)
    case 'negate':
      return canOverflow(node.of)
    case 'if':
      return node.shape === 'number' && (canOverflow(node.whenTrue) || canOverflow(node.whenFalse))
    default:
      return false
  }
}
