import { type Expression, LARGEST_NUMBER } from '@kivi/domain'
import { checkExpression } from './check.ts'
import { evaluateCondition, evaluateNumber, type Lookup } from './evaluate.ts'
import { type Checked, type ConditionNode, ExpressionError, fieldsOf, type NumberNode, type Scope } from './syntax.ts'
import { toColumns } from './to-columns.ts'
import { toSql } from './to-sql.ts'

/** An expression with its tree, from which the layout takes its constants. */
export interface CompiledExpression extends Expression {
  readonly type: 'number' | 'boolean'
  readonly checked: Checked
}

/** Compiles an expression over the fields of events. Throws ExpressionError. */
export function compileExpression(source: string, scope: Scope): CompiledExpression {
  return compiledOf(source, checkExpression(source, scope))
}

/** Where both conditions hold. Throws ExpressionError where the two together are too large. */
export function bothOf(a: CompiledExpression, b: CompiledExpression): CompiledExpression {
  const [left, right] = [a.checked.node as ConditionNode, b.checked.node as ConditionNode]
  return compiledOf(`(${a.source}) && (${b.source})`, { type: 'boolean', node: { op: 'and', left, right } })
}

/** An expression of a tree that was checked. Throws ExpressionError where it is too large. */
export function compiledOf(source: string, checked: Checked): CompiledExpression {
  // both are made once here, so that one too large is found by the check and not by the worker
  const sql = toSql(checked)
  return {
    source,
    type: checked.type,
    checked,
    fields: fieldsOf(checked),
    evaluate(event) {
      const of = lookup(event)
      return checked.type === 'number' ? within(evaluateNumber(checked.node, of)) : evaluateCondition(checked.node, of)
    },
    toColumns: layout => toColumns(checked, layout),
    toSql: () => sql,
  }
}

/** Values of an event as an object: own fields at the top, properties in their map. */
function lookup(event: Readonly<Record<string, unknown>>): Lookup {
  return name => {
    const value = name.startsWith('properties.')
      ? property(event['properties'], name.slice('properties.'.length))
      : Object.hasOwn(event, name)
        ? event[name]
        : null
    return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string' ? value : null
  }
}

function property(properties: unknown, name: string): unknown {
  if (properties instanceof Map) return properties.get(name) ?? null
  if (typeof properties !== 'object' || properties === null || !Object.hasOwn(properties, name)) return null
  return (properties as Record<string, unknown>)[name]
}

const within = (value: number | null): number | null =>
  value !== null && Math.abs(value) <= LARGEST_NUMBER ? value : null

/** Compiles an expression over ids of measures and indicators. Throws ExpressionError. */
export function compileDerived(
  source: string,
  scope: Scope,
): { inputs: string[]; node: NumberNode; compute(inputs: Readonly<Record<string, number | null>>): number | null } {
  const checked = checkExpression(source, scope)
  if (checked.type !== 'number')
    throw new ExpressionError(
      0,
      'type_error',
      'the expression is a condition; a number is needed.',
      'Choose between numbers: condition ? 1 : 0.',
    )
  const { node } = checked
  return {
    inputs: fieldsOf(checked),
    node,
    compute(inputs) {
      const value = evaluateNumber(node, name => inputs[name] ?? null)
      return value !== null && Number.isFinite(value) ? value : null
    },
  }
}
