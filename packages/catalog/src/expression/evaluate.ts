import type { ConditionNode, NumberNode } from './syntax.ts'

/** A named value; numbers and booleans null where missing, texts '' */
export type Lookup = (name: string) => number | boolean | string | null

/**
 * The reference of the dialect: null is no data. x/0 and whatever is not a number is null, and anything with
 * null is null, except where one side of && or || decides alone (as in CEL and in SQL).
 */
export function evaluateNumber(node: NumberNode, of: Lookup): number | null {
  switch (node.op) {
    case 'number':
      return node.value
    case 'field': {
      const value = of(node.name)
      return typeof value === 'number' && !Number.isNaN(value) ? value : null
    }
    case 'negate': {
      const value = evaluateNumber(node.of, of)
      return value === null ? null : -value
    }
    case 'if': {
      const condition = evaluateCondition(node.condition, of)
      if (condition === null) return null
      return evaluateNumber(condition ? node.whenTrue : node.whenFalse, of)
    }
    default: {
      const left = evaluateNumber(node.left, of)
      const right = evaluateNumber(node.right, of)
      if (left === null || right === null) return null
      const value = apply(node.op, left, right)
      return Number.isNaN(value) ? null : value
    }
  }
}

function apply(op: '+' | '-' | '*' | '/' | 'min' | 'max', left: number, right: number): number {
  switch (op) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return right === 0 ? Number.NaN : left / right
    case 'min':
      return Math.min(left, right)
    case 'max':
      return Math.max(left, right)
  }
}

export function evaluateCondition(node: ConditionNode, of: Lookup): boolean | null {
  switch (node.op) {
    case 'boolean':
      return node.value
    case 'flag': {
      const value = of(node.name)
      return typeof value === 'boolean' ? value : null
    }
    case 'is': {
      const value = of(node.name)
      return node.values.includes(typeof value === 'string' ? value : '')
    }
    case 'has': {
      const value = of(node.name)
      return value !== null && value !== '' && !Number.isNaN(value)
    }
    case 'not': {
      const value = evaluateCondition(node.of, of)
      return value === null ? null : !value
    }
    case 'and':
    case 'or': {
      const decides = node.op === 'or'
      const left = evaluateCondition(node.left, of)
      const right = evaluateCondition(node.right, of)
      if (left === decides || right === decides) return decides
      return left === null || right === null ? null : !decides
    }
    default: {
      const left = evaluateNumber(node.left, of)
      const right = evaluateNumber(node.right, of)
      return left === null || right === null ? null : compare(node.op, left, right)
    }
  }
}

function compare(op: '<' | '<=' | '>' | '>=' | '==', left: number, right: number): boolean {
  switch (op) {
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
    case '==':
      return left === right
  }
}
