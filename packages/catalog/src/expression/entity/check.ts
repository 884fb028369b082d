import type { ASTNode } from '@marcbachmann/cel-js'
import { didYouMean } from '../../suggest.ts'
import { parse, shown } from '../parse.ts'
import { ExpressionError } from '../syntax.ts'
import { callFunction, FUNCTIONS } from './functions.ts'
import { type Checker, describe, meaningOf, mismatch, type Operand, typed } from './operand.ts'
import { combine } from './operators.ts'
import { type Checked, type ConditionNode, type EntityScope, shapeOf, type ValueNode } from './syntax.ts'

/** Parses and checks an expression over an entity's row. Throws an ExpressionError that points at what is wrong. */
export function checkEntityExpression(source: string, scope: EntityScope): Checked {
  const checker: Checker = { scope, check: node => check(node, checker) }
  const { type, node } = checker.check(parse(source))
  return { type, node } as Checked
}

function check(node: ASTNode, checker: Checker): Operand {
  switch (node.op) {
    case 'value':
      return literal(node.args, node.start)
    case 'id':
    case '.':
    case '[]':
      return name(node, checker)
    case '+':
    case '-':
    case '*':
    case '/':
      return combine(node.op, node.args[0], node.args[1], node.start, checker)
    case '-_': {
      const of = checker.check(node.args)
      if (of.type !== 'number' && of.type !== 'duration')
        throw mismatch(node.args, of, 'a number or a duration is needed after -.')
      return { type: of.type, node: { op: 'negate', of: of.node as ValueNode } }
    }
    case '!_':
      return { type: 'boolean', node: { op: 'not', of: condition(node.args, checker) } }
    case '&&':
    case '||': {
      const [left, right] = node.args
      const op = node.op === '&&' ? 'and' : 'or'
      return { type: 'boolean', node: { op, left: condition(left, checker), right: condition(right, checker) } }
    }
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const [left, right] = pair(node.args[0], node.args[1], node.start, checker)
      if (shapeOf(left.type) !== 'number' || left.type === 'boolean')
        throw new ExpressionError(node.start, 'type_error', `${describe(left.type, 'plural')} have no order.`)
      return { type: 'boolean', node: { op: node.op, left: left.node as ValueNode, right: right.node as ValueNode } }
    }
    case '==':
      return { type: 'boolean', node: equal(node.args[0], node.args[1], node.start, checker) }
    case '!=':
      return { type: 'boolean', node: { op: 'not', of: equal(node.args[0], node.args[1], node.start, checker) } }
    case 'in':
      return { type: 'boolean', node: oneOf(node.args[0], node.args[1], checker) }
    case '?:':
      return choose(node.args[0], node.args[1], node.args[2], checker)
    case 'call':
      return callFunction(node.args[0], node.args[1], node, checker)
    case 'rcall':
      throw new ExpressionError(
        node.start,
        'bad_expression',
        `the dialect has no method or macro ${node.args[0]}().`,
        `It has the functions ${FUNCTIONS.join(', ')}.`,
      )
    case 'list':
      throw new ExpressionError(node.start, 'bad_expression', 'a list in brackets may only stand after in.')
    default:
      throw new ExpressionError(
        node.start,
        'bad_expression',
        `the dialect has no ${node.op === 'map' ? 'mappings' : `operator ${node.op}`}.`,
      )
  }
}

function literal(value: unknown, start: number): Operand {
  if (typeof value === 'number' || typeof value === 'bigint') {
    const number = Number(value)
    if (Math.abs(number) > Number.MAX_SAFE_INTEGER)
      throw new ExpressionError(start, 'wrong_value', 'the number is too large to be exact.')
    return { type: 'number', node: { op: 'number', value: number }, literal: number }
  }
  if (typeof value === 'boolean') return { type: 'boolean', node: { op: 'boolean', value } }
  if (typeof value === 'string') return { type: 'text', node: { op: 'text', value }, literal: value }
  const [message, advice] =
    value === null
      ? ['the dialect has no null.', 'Ask has(field) whether a value is there.']
      : ['the dialect has no bytes and no unsigned numbers.', 'Leave the b or u out.']
  throw new ExpressionError(start, 'bad_expression', message, advice)
}

function name(node: ASTNode, { scope }: Checker): Operand {
  const { name: field, meaning } = meaningOf(node, scope)
  switch (meaning.kind) {
    case 'list':
      throw new ExpressionError(
        node.start,
        'type_error',
        `${field} is a list of observations, not one value.`,
        `Write count(${field}), last_time(${field}), ….`,
      )
    case 'kept':
      return { type: 'text', node: { op: 'kept', field, index: meaning.index } }
    case 'name':
      return { type: meaning.type, node: { op: 'name', name: meaning.name } }
    case 'scalar': {
      const { agg, type, values } = meaning
      return { type, node: { op: 'scalar', field, agg, shape: shapeOf(type) }, values }
    }
  }
}

function condition(node: ASTNode, checker: Checker): ConditionNode {
  const operand = checker.check(node)
  if (operand.type === 'boolean') return operand.node as ConditionNode
  const advice =
    operand.type === 'text'
      ? `Compare it: ${shown(node)} == '…'.`
      : operand.type === 'time'
        ? `Ask has(${shown(node)}), or compare it.`
        : operand.type === 'person'
          ? undefined
          : 'Compare it: … > 0.'
  throw mismatch(node, operand, 'a condition is needed here.', advice)
}

/** two values of one type, for comparing and choosing; 0 may stand for a time or a duration */
function pair(
  a: ASTNode,
  b: ASTNode,
  start: number,
  checker: Checker,
  needed = 'they cannot be compared.',
): [Operand, Operand] {
  const left = checker.check(a)
  const right = checker.check(b)
  if (left.type === right.type) return [left, right]
  const zero = (operand: Operand, other: Operand): boolean =>
    operand.literal === 0 && (other.type === 'time' || other.type === 'duration')
  if (zero(left, right)) return [{ ...left, type: right.type }, right]
  if (zero(right, left)) return [left, { ...right, type: left.type }]
  const lengths = [left.type, right.type].sort().join()
  throw new ExpressionError(
    start,
    'type_error',
    `${shown(a)} is ${describe(left.type)} and ${shown(b)} is ${describe(right.type)}; ${needed}`,
    lengths === 'duration,number' ? "Write a length of time as duration('7d')." : undefined,
  )
}

function equal(a: ASTNode, b: ASTNode, start: number, checker: Checker): ConditionNode {
  const [left, right] = pair(a, b, start, checker)
  if (left.type === 'boolean') {
    const [x, y] = [left.node as ConditionNode, right.node as ConditionNode]
    if (y.op === 'boolean') return y.value ? x : { op: 'not', of: x }
    if (x.op === 'boolean') return x.value ? y : { op: 'not', of: y }
    throw new ExpressionError(start, 'type_error', 'a condition can only be compared with true or false.')
  }
  const nodes = { left: left.node as ValueNode, right: right.node as ValueNode }
  if (left.type === 'person') return { op: 'same', shape: 'person', ...nodes }
  if (left.type !== 'text') return { op: '==', ...nodes }
  if (typeof left.literal === 'string' && typeof right.literal === 'string')
    throw new ExpressionError(start, 'type_error', 'two texts in quotes are compared; one of them should be a field.')
  if (typeof right.literal === 'string')
    return { op: 'is', text: nodes.left, values: [allowed(a, left, right.literal, b.start)] }
  if (typeof left.literal === 'string')
    return { op: 'is', text: nodes.right, values: [allowed(b, right, left.literal, a.start)] }
  return { op: 'same', shape: 'text', ...nodes }
}

function oneOf(a: ASTNode, list: ASTNode, checker: Checker): ConditionNode {
  if (list.op !== 'list')
    throw new ExpressionError(list.start, 'type_error', 'after in stands a list.', "Write in ['a', 'b'].")
  if (list.args.length === 0)
    throw new ExpressionError(list.start, 'type_error', 'the list after in is empty: the condition would never hold.')
  const operand = checker.check(a)
  if (operand.type === 'text') {
    const values = list.args.map(item => {
      const value = checker.check(item)
      if (typeof value.literal !== 'string') throw mismatch(item, value, 'the list must hold texts in quotes.')
      return allowed(a, operand, value.literal, item.start)
    })
    return { op: 'is', text: operand.node as ValueNode, values: [...new Set(values)].sort() }
  }
  if (operand.type !== 'number') throw mismatch(a, operand, 'before in stands a text or a number.')
  const left = operand.node as ValueNode
  const equals = list.args.map((item): ConditionNode => {
    const { node } = typed(item, checker, ['number'], 'the list must hold numbers.')
    return { op: '==', left, right: node }
  })
  return equals.reduce((x, y) => ({ op: 'or', left: x, right: y }))
}

/** A value that the field can never have is a mistake: the condition would never hold. */
function allowed(field: ASTNode, { values }: Operand, value: string, start: number): string {
  if (values === undefined || value === '' || values.includes(value)) return value
  throw new ExpressionError(start, 'wrong_value', `${shown(field)} never is '${value}'.`, didYouMean(value, values))
}

function choose(test: ASTNode, a: ASTNode, b: ASTNode, checker: Checker): Operand {
  const when = condition(test, checker)
  const [whenTrue, whenFalse] = pair(a, b, a.start, checker, 'both sides of : are of one type.')
  if (whenTrue.type === 'boolean')
    throw new ExpressionError(a.start, 'type_error', '?: chooses between values, not conditions.', 'Use && and ||.')
  return {
    type: whenTrue.type,
    node: {
      op: 'if',
      shape: shapeOf(whenTrue.type),
      condition: when,
      whenTrue: whenTrue.node as ValueNode,
      whenFalse: whenFalse.node as ValueNode,
    },
  }
}
