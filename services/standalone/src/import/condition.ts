/** `when` of a mapping: the catalog's expression dialect over the columns of a row. */

import { compileExpression, ExpressionError } from '@kivi/catalog'
import { suggest } from '@kivi/domain'
import type { Row } from './row.ts'

type ColumnType = 'number' | 'string'
type Condition = (row: Row) => boolean

/** More columns in one condition are refused. */
const MOST_COLUMNS = 8

/**
 * A column of a CSV has no type, and the dialect has: what a column is compared with decides. `click == 1` reads
 * numbers, `policy == 'bts'` texts. A column whose name is no identifier is written row['unit price'].
 * Throws ExpressionError.
 */
export function compileCondition(source: string, columns: readonly string[] | null): Condition {
  const used: string[] = []
  const attempt = (typeOf: (column: string) => ColumnType) =>
    compileExpression(source, {
      noun: 'column',
      resolve(name) {
        const column = columnName(name)
        if (columns !== null && !columns.includes(column)) {
          const similar = suggest(column, columns)
          return {
            error: `the file has no column ${column}.`,
            suggestion: similar === null ? undefined : `Did you mean ${similar}?`,
          }
        }
        if (!used.includes(column)) used.push(column)
        return { type: typeOf(column) }
      },
    })
  let failure: unknown
  for (let types = 0; types < 1 << Math.min(used.length || 1, MOST_COLUMNS); types++) {
    const typeOf = (column: string): ColumnType => ((types >> used.indexOf(column)) & 1 ? 'string' : 'number')
    try {
      const compiled = attempt(typeOf)
      if (compiled.type !== 'boolean')
        throw new ExpressionError(
          0,
          'type_error',
          'this is a number; a condition is needed.',
          "Compare it: 'click == 1'.",
        )
      const readers = compiled.fields.map(name => [name, reader(columnName(name), typeOf(columnName(name)))] as const)
      return row => {
        const values: Record<string, unknown> = {}
        for (const [name, read] of readers) put(values, name, read(row))
        return compiled.evaluate(values) === true
      }
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error
      failure ??= error
      if (error.code !== 'type_error') throw error
    }
  }
  throw failure
}

const columnName = (name: string): string => (name.startsWith('row.') ? name.slice('row.'.length) : name)

/** The dialect looks up `properties.policy` inside `properties`. */
function put(values: Record<string, unknown>, name: string, value: unknown): void {
  if (!name.startsWith('properties.')) {
    values[name] = value
    return
  }
  values['properties'] ??= {}
  const properties = values['properties'] as Record<string, unknown>
  properties[name.slice('properties.'.length)] = value
}

function reader(column: string, type: ColumnType): (row: Row) => number | string | null {
  if (type === 'string')
    return row => {
      const value = row.value(column)
      return value === undefined || value === null ? '' : String(value)
    }
  return row => {
    const value = row.value(column)
    if (typeof value === 'number') return value
    if (typeof value === 'boolean') return Number(value)
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
    return Number.isFinite(number) ? number : null
  }
}
