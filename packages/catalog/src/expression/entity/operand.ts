import type { EntityValueType } from '@kivi/domain'
import type { ASTNode } from '@marcbachmann/cel-js'
import { shown } from '../parse.ts'
import { ExpressionError } from '../syntax.ts'
import type { ConditionNode, EntityScope, Meaning, ValueNode } from './syntax.ts'

/** A typed value; of a text also what it can be, and of a literal its value. */
export interface Operand {
  readonly type: EntityValueType
  readonly node: ValueNode | ConditionNode
  readonly values?: readonly string[] | undefined
  readonly literal?: string | number
}

/** What checks the parts of an expression: operators and functions call it for what stands in them. */
export interface Checker {
  readonly scope: EntityScope
  check(node: ASTNode): Operand
}

const WORDS: Readonly<Record<EntityValueType, { one: string; plural: string }>> = {
  number: { one: 'a number', plural: 'numbers' },
  boolean: { one: 'a condition', plural: 'conditions' },
  time: { one: 'a time', plural: 'times' },
  duration: { one: 'a duration', plural: 'durations' },
  text: { one: 'a text', plural: 'texts' },
  person: { one: 'a person', plural: 'persons' },
}

export const describe = (type: EntityValueType, form: 'one' | 'plural' = 'one'): string => WORDS[type][form]

/** `topic`, and `properties.policy` where an observation carries that along */
export function meaningOf(node: ASTNode, scope: EntityScope): { readonly name: string; readonly meaning: Meaning } {
  const name = dotted(node)
  const meaning = scope.resolve(name)
  if ('error' in meaning) throw new ExpressionError(node.start, 'unknown_name', meaning.error, meaning.suggestion)
  return { name, meaning }
}

function dotted(node: ASTNode): string {
  if (node.op === 'id') return node.args
  const part =
    node.op === '.' ? node.args[1] : node.op === '[]' && node.args[1].op === 'value' ? node.args[1].args : undefined
  if ((node.op === '.' || node.op === '[]') && typeof part === 'string' && node.args[0].op === 'id')
    return `${node.args[0].args}.${part}`
  throw new ExpressionError(node.start, 'bad_expression', 'names of fields have no parts.')
}

/** a value of one of the types; `needed` says so */
export function typed(
  node: ASTNode,
  { check }: Checker,
  types: readonly EntityValueType[],
  needed: string,
): Operand & { readonly node: ValueNode } {
  const operand = check(node)
  if (types.includes(operand.type)) return operand as Operand & { readonly node: ValueNode }
  throw mismatch(node, operand, needed)
}

export function mismatch(node: ASTNode, operand: Operand, needed: string, advice?: string): ExpressionError {
  const message = `${shown(node)} is ${describe(operand.type)}; ${needed}`
  return new ExpressionError(node.start, 'type_error', message, advice)
}
