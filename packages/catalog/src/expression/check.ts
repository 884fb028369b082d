import type { ASTNode } from '@marcbachmann/cel-js'
import { didYouMean } from '../suggest.ts'
import { parse, shown } from './parse.ts'
import {
  type Checked,
  type ConditionNode,
  ExpressionError,
  type Meaning,
  type NumberNode,
  type Scope,
} from './syntax.ts'

const FUNCTIONS = ['has', 'min', 'max'] as const

type Operand =
  | Checked
  | { readonly type: 'string'; readonly field: string; readonly values?: readonly string[] }
  | { readonly type: 'text'; readonly value: string }

/** Parses and checks an expression. Throws an ExpressionError that points at the first thing wrong. */
export function checkExpression(source: string, scope: Scope): Checked {
  const operand = check(parse(source), scope)
  if (operand.type === 'number' || operand.type === 'boolean') return operand
  throw new ExpressionError(
    0,
    'type_error',
    'the expression is a text; a number or a condition is needed.',
    "Compare it: campaign == 'spring'.",
  )
}

function check(node: ASTNode, scope: Scope): Operand {
  switch (node.op) {
    case 'value':
      return literal(node.args, node.start)
    case 'id':
    case '.':
    case '[]':
      return name(node, scope)
    case '+':
    case '-':
    case '*':
    case '/': {
      const [left, right] = node.args
      return numeric({ op: node.op, left: number(left, scope), right: number(right, scope) })
    }
    case '-_':
      return numeric({ op: 'negate', of: number(node.args, scope) })
    case '!_':
      return conditional({ op: 'not', of: condition(node.args, scope) })
    case '&&':
    case '||': {
      const [left, right] = node.args
      return conditional({
        op: node.op === '&&' ? 'and' : 'or',
        left: condition(left, scope),
        right: condition(right, scope),
      })
    }
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const [left, right] = node.args
      return conditional({ op: node.op, left: number(left, scope), right: number(right, scope) })
    }
    case '==':
      return conditional(equal(node.args[0], node.args[1], node.start, scope))
    case '!=':
      return conditional({ op: 'not', of: equal(node.args[0], node.args[1], node.start, scope) })
    case 'in':
      return conditional(oneOf(node.args[0], node.args[1], scope))
    case '?:': {
      const [test, then, otherwise] = node.args
      return numeric({
        op: 'if',
        condition: condition(test, scope),
        whenTrue: number(then, scope),
        whenFalse: number(otherwise, scope),
      })
    }
    case 'call':
      return call(node.args[0], node.args[1], node.start, scope)
    case 'rcall':
      throw new ExpressionError(
        node.start,
        'bad_expression',
        `the dialect has no method or macro ${node.args[0]}().`,
        `It has the functions ${FUNCTIONS.join(', ')}.`,
      )
    case 'list':
      throw new ExpressionError(node.start, 'bad_expression', 'a list may only stand after in.')
    default:
      throw new ExpressionError(
        node.start,
        'bad_expression',
        `the dialect has no ${node.op === 'map' ? 'mappings' : `operator ${node.op}`}.`,
      )
  }
}

function literal(value: unknown, start: number): Operand {
  if (typeof value === 'number') return numeric({ op: 'number', value })
  // integer literals are doubles, like every number of the dialect
  if (typeof value === 'bigint') return numeric({ op: 'number', value: Number(value) })
  if (typeof value === 'boolean') return conditional({ op: 'boolean', value })
  if (typeof value === 'string') return { type: 'text', value }
  if (value === null)
    throw new ExpressionError(
      start,
      'bad_expression',
      'the dialect has no null.',
      'Ask has(field) whether a value is there.',
    )
  throw new ExpressionError(
    start,
    'bad_expression',
    'the dialect has no bytes and no unsigned numbers.',
    'Leave the b or u out.',
  )
}

/** `campaign`, `properties.policy`, `properties['a b']` */
function dotted(node: ASTNode): string {
  if (node.op === 'id') return node.args
  const path =
    node.op === '.' ? node.args[1] : node.op === '[]' && node.args[1].op === 'value' ? node.args[1].args : undefined
  if ((node.op === '.' || node.op === '[]') && typeof path === 'string' && node.args[0].op === 'id')
    return `${node.args[0].args}.${path}`
  throw new ExpressionError(node.start, 'bad_expression', 'only properties have parts.', 'Write properties.NAME.')
}

function resolve(node: ASTNode, scope: Scope): { name: string; meaning: Meaning } {
  const found = dotted(node)
  const meaning = scope.resolve(found)
  if ('error' in meaning) throw new ExpressionError(node.start, 'unknown_name', meaning.error, meaning.suggestion)
  return { name: found, meaning }
}

function name(node: ASTNode, scope: Scope): Operand {
  const { name: field, meaning } = resolve(node, scope)
  if (meaning.type === 'number') return numeric({ op: 'field', name: field })
  if (meaning.type === 'boolean') return conditional({ op: 'flag', name: field })
  return { type: 'string', field, ...('values' in meaning && meaning.values ? { values: meaning.values } : {}) }
}

function number(node: ASTNode, scope: Scope): NumberNode {
  const operand = check(node, scope)
  if (operand.type === 'number') return operand.node
  throw new ExpressionError(
    node.start,
    'type_error',
    `${shown(node)} is ${described(operand)}; a number is needed here.`,
  )
}

function condition(node: ASTNode, scope: Scope): ConditionNode {
  const operand = check(node, scope)
  if (operand.type === 'boolean') return operand.node
  const advice =
    operand.type === 'string'
      ? `Compare it: ${operand.field} == '…'.`
      : operand.type === 'number'
        ? 'Compare it: … > 0.'
        : undefined
  throw new ExpressionError(
    node.start,
    'type_error',
    `${shown(node)} is ${described(operand)}; a condition is needed here.`,
    advice,
  )
}

function equal(left: ASTNode, right: ASTNode, start: number, scope: Scope): ConditionNode {
  const a = check(left, scope)
  const b = check(right, scope)
  if (a.type === 'number' && b.type === 'number') return { op: '==', left: a.node, right: b.node }
  if (a.type === 'string' && b.type === 'text')
    return { op: 'is', name: a.field, values: [allowed(a, b.value, right.start)] }
  if (a.type === 'text' && b.type === 'string')
    return { op: 'is', name: b.field, values: [allowed(b, a.value, left.start)] }
  if (a.type === 'boolean' && b.type === 'boolean') {
    if (b.node.op === 'boolean') return b.node.value ? a.node : { op: 'not', of: a.node }
    if (a.node.op === 'boolean') return a.node.value ? b.node : { op: 'not', of: b.node }
    throw new ExpressionError(start, 'type_error', 'a condition can only be compared with true or false.')
  }
  if (a.type === 'string' && b.type === 'string')
    throw new ExpressionError(
      start,
      'type_error',
      'two fields of text cannot be compared with each other.',
      `Compare with a text in quotes: ${a.field} == '…'.`,
    )
  if (a.type === 'text' && b.type === 'text')
    throw new ExpressionError(start, 'type_error', 'two texts in quotes are compared; one of them should be a field.')
  throw new ExpressionError(
    start,
    'type_error',
    `${shown(left)} is ${described(a)} and ${shown(right)} is ${described(b)}; they cannot be compared.`,
  )
}

function oneOf(left: ASTNode, right: ASTNode, scope: Scope): ConditionNode {
  if (right.op !== 'list')
    throw new ExpressionError(right.start, 'type_error', 'after in stands a list.', "Write in ['a', 'b'].")
  if (right.args.length === 0)
    throw new ExpressionError(right.start, 'type_error', 'the list after in is empty: the condition would never hold.')
  const operand = check(left, scope)
  if (operand.type === 'string') {
    const values = right.args.map(item => {
      const value = check(item, scope)
      if (value.type !== 'text')
        throw new ExpressionError(
          item.start,
          'type_error',
          `${operand.field} is a text; the list must hold texts in quotes.`,
        )
      return allowed(operand, value.value, item.start)
    })
    return { op: 'is', name: operand.field, values: [...new Set(values)].sort() }
  }
  if (operand.type !== 'number')
    throw new ExpressionError(
      left.start,
      'type_error',
      `before in stands a field of text or a number, not ${described(operand)}.`,
    )
  const equals = right.args.map((item): ConditionNode => ({ op: '==', left: operand.node, right: number(item, scope) }))
  return equals.reduce((a, b) => ({ op: 'or', left: a, right: b }))
}

/** A value that the field can never have is a mistake: the condition would never hold. */
function allowed(
  field: { readonly field: string; readonly values?: readonly string[] },
  value: string,
  start: number,
): string {
  if (field.values === undefined || value === '' || field.values.includes(value)) return value
  throw new ExpressionError(
    start,
    'wrong_value',
    `${field.field} never is '${value}'.`,
    didYouMean(value, field.values),
  )
}

function call(called: string, args: ASTNode[], start: number, scope: Scope): Operand {
  if (called === 'has') {
    if (args.length !== 1) throw new ExpressionError(start, 'bad_expression', 'has takes one field.')
    const { name: field, meaning } = resolve(args[0]!, scope)
    return conditional({ op: 'has', name: field, text: meaning.type === 'string' })
  }
  if (called === 'min' || called === 'max') {
    if (args.length < 2) throw new ExpressionError(start, 'bad_expression', `${called} takes two numbers or more.`)
    return numeric(args.map(arg => number(arg, scope)).reduce((left, right) => ({ op: called, left, right })))
  }
  throw new ExpressionError(
    start,
    'bad_expression',
    `the dialect has no function ${called}().`,
    didYouMean(called, FUNCTIONS),
  )
}

const numeric = (node: NumberNode): Checked => ({ type: 'number', node })
const conditional = (node: ConditionNode): Checked => ({ type: 'boolean', node })

function described(operand: Operand): string {
  if (operand.type === 'number') return 'a number'
  return operand.type === 'boolean' ? 'a condition' : 'a text'
}
