import type { EntityValueType } from '@kivi/domain'
import type { ASTNode } from '@marcbachmann/cel-js'
import { didYouMean } from '../../suggest.ts'
import { shown } from '../parse.ts'
import { ExpressionError } from '../syntax.ts'
import { type Checker, describe, meaningOf, mismatch, type Operand, typed } from './operand.ts'
import { type Bounded, type Meaning, shapeOf, type ValueNode } from './syntax.ts'

/** Every function of the language, as a person writes it. */
const SIGNATURES = {
  has: 'has(field)',
  min: 'min(a, b)',
  max: 'max(a, b)',
  duration: "duration('7d')",
  count: 'count(list) or count(list, from, to)',
  sum: 'sum(list) or sum(list, from, to)',
  first: 'first(list) or first(list, from, to)',
  last: 'last(list) or last(list, from, to)',
  first_time: 'first_time(list) or first_time(list, from, to)',
  last_time: 'last_time(list) or last_time(list, from, to)',
  day: 'day(time)',
  day_start: 'day_start(number)',
  month_start: 'month_start(time)',
  business_time: 'business_time(time, time)',
} as const

type FunctionName = keyof typeof SIGNATURES
export const FUNCTIONS = Object.keys(SIGNATURES) as readonly FunctionName[]

export function callFunction(called: string, args: readonly ASTNode[], node: ASTNode, checker: Checker): Operand {
  if (!(FUNCTIONS as readonly string[]).includes(called))
    throw new ExpressionError(
      node.start,
      'bad_expression',
      `the dialect has no function ${called}().`,
      didYouMean(called, FUNCTIONS) ?? `Its functions are ${FUNCTIONS.join(', ')}.`,
    )
  const name = called as FunctionName
  switch (name) {
    case 'has':
      return has(counted(name, args, 1, node)[0]!, checker)
    case 'min':
    case 'max':
      return extreme(name, args, node, checker)
    case 'duration':
      return length(counted(name, args, 1, node)[0]!)
    case 'day':
    case 'month_start': {
      const of = time(counted(name, args, 1, node)[0]!, checker)
      return { type: name === 'day' ? 'number' : 'time', node: { op: name, of, zone: checker.scope.zone } }
    }
    case 'day_start': {
      const [day] = counted(name, args, 1, node)
      const { node: of } = typed(day!, checker, ['number'], 'day_start takes the number of a day: day(…) + 1.')
      return { type: 'time', node: { op: name, of, zone: checker.scope.zone } }
    }
    case 'business_time': {
      const [a, b] = counted(name, args, 2, node)
      const clock = { zone: checker.scope.zone, ...checker.scope.businessHours }
      return { type: 'duration', node: { op: name, left: time(a!, checker), right: time(b!, checker), clock } }
    }
    default:
      return overList(name, args, node, checker)
  }
}

function counted(name: FunctionName, args: readonly ASTNode[], count: number, node: ASTNode): readonly ASTNode[] {
  if (args.length === count) return args
  throw new ExpressionError(
    node.start,
    'bad_expression',
    `${name} takes ${count === 1 ? 'one value' : 'two values'}, not ${args.length}.`,
    `Write ${SIGNATURES[name]}.`,
  )
}

function has(of: ASTNode, checker: Checker): Operand {
  if (of.op === 'id' || of.op === '.' || of.op === '[]') {
    const { name, meaning } = meaningOf(of, checker.scope)
    if (meaning.kind === 'list' || meaning.kind === 'scalar')
      return { type: 'boolean', node: { op: 'observed', field: name } }
  }
  const operand = checker.check(of)
  if (operand.type === 'boolean') throw mismatch(of, operand, 'has asks for a value.')
  return {
    type: 'boolean',
    node: { op: 'present', shape: shapeOf(operand.type), of: operand.node as ValueNode },
  }
}

function extreme(name: 'min' | 'max', args: readonly ASTNode[], node: ASTNode, checker: Checker): Operand {
  if (args.length < 2)
    throw new ExpressionError(
      node.start,
      'bad_expression',
      `${name} takes two values or more.`,
      listAdvice(name, args, checker),
    )
  const types: readonly EntityValueType[] = ['number', 'time', 'duration']
  const operands = args.map(arg => typed(arg, checker, types, `${name} takes numbers, times or durations.`))
  const { type } = operands[0]!
  operands.forEach((operand, i) => {
    if (operand.type !== type)
      throw new ExpressionError(
        args[i]!.start,
        'type_error',
        `${name} compares values of one type, and ${shown(args[i]!)} is ${describe(operand.type)}, not ${describe(type)}.`,
      )
  })
  return { type, node: operands.map(o => o.node).reduce((left, right) => ({ op: name, left, right })) }
}

/** min(list): the extreme of a list is a field's business */
function listAdvice(name: 'min' | 'max', args: readonly ASTNode[], checker: Checker): string | undefined {
  const [only] = args
  if (only?.op !== 'id') return undefined
  const meaning = checker.scope.resolve(only.args)
  return 'kind' in meaning && meaning.kind === 'list' ? `Declare a field with agg: ${name} instead.` : undefined
}

/** 30m, 7d: exact, whole seconds and more */
function length(of: ASTNode): Operand {
  const text = of.op === 'value' && typeof of.args === 'string' ? of.args : null
  const match = text === null ? null : /^([1-9]\d{0,8})(s|m|h|d)$/.exec(text)
  if (match === null)
    throw new ExpressionError(
      of.start,
      'wrong_value',
      `${shown(of)} is no length of time.`,
      "Write duration('90s'), duration('30m'), duration('24h') or duration('7d').",
    )
  const ms = Number(match[1]) * { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[match[2] as 's' | 'm' | 'h' | 'd']
  return { type: 'duration', node: { op: 'number', value: ms } }
}

const time = (node: ASTNode, checker: Checker): ValueNode => {
  const operand = typed(node, checker, ['time', 'number'], 'a time is needed here.')
  // 0, the beginning of all time, is the one number that is also a time
  if (operand.type === 'time' || operand.literal === 0) return operand.node
  const advice = operand.literal === undefined ? undefined : 'Only 0, before everything, is a number and a time.'
  throw mismatch(node, operand, 'a time is needed here.', advice)
}

function overList(
  name: 'count' | 'sum' | 'first' | 'last' | 'first_time' | 'last_time',
  args: readonly ASTNode[],
  node: ASTNode,
  checker: Checker,
): Operand {
  if (args.length !== 1 && args.length !== 3)
    throw new ExpressionError(
      node.start,
      'bad_expression',
      `${name} takes a list, or a list and two times.`,
      `Write ${SIGNATURES[name]}.`,
    )
  const { list, meaning } = listOf(name, args[0]!, checker)
  const bounded: Bounded = {
    list,
    from: args.length === 3 ? time(args[1]!, checker) : null,
    to: args.length === 3 ? time(args[2]!, checker) : null,
  }
  if (name === 'count') return { type: 'number', node: { op: name, ...bounded } }
  if (name === 'first_time' || name === 'last_time') return { type: 'time', node: { op: name, ...bounded } }
  if (meaning.type === null)
    throw new ExpressionError(
      args[0]!.start,
      'type_error',
      `the observations of ${list} have no value.`,
      name === 'sum'
        ? `Use count(${list}), or give the field an expr.`
        : `Use ${name}_time(${list}), or give the field an expr.`,
    )
  if (name === 'sum') {
    if (meaning.type !== 'number')
      throw new ExpressionError(
        args[0]!.start,
        'type_error',
        `${list} is a list of ${describe(meaning.type, 'plural')}; they have no sum.`,
      )
    return { type: 'number', node: { op: name, ...bounded } }
  }
  return {
    type: meaning.type,
    node: { op: name, shape: shapeOf(meaning.type), ...bounded },
    values: meaning.values,
  }
}

function listOf(
  name: FunctionName,
  node: ASTNode,
  checker: Checker,
): { list: string; meaning: Meaning & { readonly kind: 'list' } } {
  if (node.op !== 'id') throw new ExpressionError(node.start, 'type_error', `${name} takes the name of a list first.`)
  const { name: list, meaning } = meaningOf(node, checker.scope)
  if (meaning.kind === 'list') return { list, meaning }
  const scalar = meaning.kind === 'scalar'
  throw new ExpressionError(
    node.start,
    'type_error',
    `${list} is one value, not a list of observations.`,
    scalar ? `Declare a field with agg: list of the same events.` : undefined,
  )
}
