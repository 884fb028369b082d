import type { EntityExpression } from '@kivi/domain'
import { checkEntityExpression } from './check.ts'
import { needsOf, readsOf, timesOf } from './reach.ts'
import { type Checked, type EntityScope, fieldsOf, usesOf } from './syntax.ts'
import { toEntitySql } from './to-sql.ts'

/** An expression with its tree, which decides the version of what uses it. */
export interface CompiledEntityExpression extends EntityExpression {
  readonly checked: Checked
}

/** Compiles an expression over the row of an entity. Throws ExpressionError. */
export function compileEntityExpression(source: string, scope: EntityScope): CompiledEntityExpression {
  const checked = checkEntityExpression(source, scope)
  // made once here, so that one too large is found by the check and not by the reader
  const whole = toEntitySql(checked, null)
  toEntitySql(checked, 'known_until')
  return {
    source,
    type: checked.type,
    checked,
    fields: fieldsOf(checked),
    uses: usesOf(checked),
    toSql: until => (until === null ? whole : toEntitySql(checked, until)),
    reads: at => readsOf(checked, at),
    needs: at => needsOf(checked, at),
    times: timesOf(checked.node),
  }
}
