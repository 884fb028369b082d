import type { EntityValueType } from '@kivi/domain'
import { type CompiledEntityExpression, compileEntityExpression } from '../../expression/entity/compile.ts'
import { describe } from '../../expression/entity/operand.ts'
import type { EntityScope } from '../../expression/entity/syntax.ts'
import { ExpressionError } from '../../expression/syntax.ts'
import type { Mapping } from '../../mapping.ts'
import { reportExpression } from '../read-expression.ts'

/** The expression of a key, of one of these types; reports what is wrong, and answers null then. */
export function readEntityExpression(
  mapping: Mapping,
  key: string,
  scope: EntityScope,
  types: readonly EntityValueType[],
): CompiledEntityExpression | null {
  const text = mapping.text(key)
  if (text === undefined) return null
  try {
    const compiled = compileEntityExpression(text, scope)
    if (types.includes(compiled.type)) return compiled
    const needed = types.map(type => describe(type)).join(' or ')
    throw new ExpressionError(0, 'type_error', `the expression is ${describe(compiled.type)}; ${key} needs ${needed}.`)
  } catch (error) {
    reportExpression(mapping, key, error)
    return null
  }
}
