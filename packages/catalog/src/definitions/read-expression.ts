import { type CompiledExpression, compileExpression } from '../expression/compile.ts'
import { ExpressionError, type Scope } from '../expression/syntax.ts'
import type { Mapping } from '../mapping.ts'

/** A condition or a number over events; reports what is wrong, and answers null then. */
export function readExpression(
  mapping: Mapping,
  key: string,
  scope: Scope,
  type: 'boolean' | 'number',
): CompiledExpression | null {
  const text = mapping.text(key)
  if (text === undefined) return null
  try {
    const compiled = compileExpression(text, scope)
    if (compiled.type === type) return compiled
    throw new ExpressionError(
      0,
      'type_error',
      type === 'boolean'
        ? `the expression is a number; ${key} needs a condition.`
        : `the expression is a condition; ${key} needs a number.`,
    )
  } catch (error) {
    reportExpression(mapping, key, error)
    return null
  }
}

/** Reports what is wrong in an expression at its place in the file. */
export function reportExpression(mapping: Mapping, key: string, error: unknown): void {
  if (!(error instanceof ExpressionError)) throw error
  mapping.source.report(
    mapping.source.textStart(mapping.at(key)) + error.start,
    error.code,
    `in ${key} of ${mapping.what}: ${error.message}`,
    error.suggestion,
  )
}
