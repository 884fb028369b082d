import type { EntityValueType } from '@kivi/domain'
import type { ASTNode } from '@marcbachmann/cel-js'
import { shown } from '../parse.ts'
import { ExpressionError } from '../syntax.ts'
import { type Checker, describe, type Operand } from './operand.ts'
import type { ValueNode } from './syntax.ts'

type Arithmetic = '+' | '-' | '*' | '/'

/** Which types + - * / combine, and into what; anything else is a mistake. */
const RESULTS: Readonly<Record<Arithmetic, Readonly<Record<string, EntityValueType>>>> = {
  '+': {
    'number,number': 'number',
    'duration,duration': 'duration',
    'time,duration': 'time',
    'duration,time': 'time',
  },
  '-': {
    'number,number': 'number',
    'duration,duration': 'duration',
    'time,duration': 'time',
    'time,time': 'duration',
  },
  '*': { 'number,number': 'number', 'duration,number': 'duration', 'number,duration': 'duration' },
  '/': { 'number,number': 'number', 'duration,number': 'duration', 'duration,duration': 'number' },
}

export function combine(op: Arithmetic, a: ASTNode, b: ASTNode, start: number, { check }: Checker): Operand {
  const left = check(a)
  const right = check(b)
  const type = RESULTS[op][`${left.type},${right.type}`]
  if (type !== undefined) return { type, node: { op, left: left.node as ValueNode, right: right.node as ValueNode } }
  const types = [left.type, right.type]
  const advice =
    types.includes('number') && types.some(t => t === 'time' || t === 'duration') && (op === '+' || op === '-')
      ? "Write a length of time as duration('7d')."
      : types.every(t => t === 'time') && op === '+'
        ? 'The time between two times is their difference.'
        : undefined
  throw new ExpressionError(
    start,
    'type_error',
    `${shown(a)} is ${describe(left.type)} and ${shown(b)} ${describe(right.type)}; they cannot stand on both sides of ${op}.`,
    advice,
  )
}
