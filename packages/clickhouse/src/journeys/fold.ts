/** Rows of an entity from its stored (key, day) rows. */
import type { Catalog, Entity, EntityField } from '@kivi/domain'
import { entityTableName, fieldColumn } from '../derived/names.ts'
import { withPersons } from './persons.ts'

export interface Folded {
  /** fields (no peers) whose lists are wanted */
  readonly fields: readonly string[]
  /** links are taken as known before this instant; null: all */
  readonly until: number | null
}

/** A subquery with one row per key: `person` (resolved; 0: nobody), `key`, and per field the list `l_…`. */
export function foldRows(catalog: Catalog, entity: Entity, { fields, until }: Folded): string {
  const columns = fields.map(field => fieldColumn(field))
  const stored = `(SELECT person AS whose, key${columns.map(column => `, ${column}`).join('')} FROM ${entityTableName(entity)} FINAL)`
  const resolved = entity.key.includes('person')
    ? withPersons(catalog, stored, ['key', ...columns], until)
    : `(SELECT whose AS person, * FROM ${stored})`
  const lists = fields.map(
    field => `, arraySort(o -> (o.1, o.2), groupArrayArray(${fieldColumn(field)})) AS l_${field}`,
  )
  return `(SELECT person, key${lists.join('')} FROM ${resolved} GROUP BY person, key)`
}

/** SQL of the one value of a field of a folded row: Float64, String or UInt64. */
export function scalarSql(field: EntityField, until: number | null): string {
  const list = until === null ? `l_${field.name}` : `arrayFilter(o -> o.1 < toFloat64(${until}), l_${field.name})`
  const values = `arrayMap(o -> o.2, ${list})`
  switch (field.agg) {
    case 'first':
      return `tupleElement(arrayElement(${list}, 1), 2)`
    case 'last':
      return `tupleElement(arrayElement(${list}, -1), 2)`
    case 'min':
      return `if(empty(${list}), nan, arrayMin(${values}))`
    case 'max':
      return `if(empty(${list}), nan, arrayMax(${values}))`
    case 'sum':
      return `arraySum(${values})`
    case 'count':
      return `toFloat64(length(${list}))`
    case 'list':
      throw new Error(`${field.name} is a list and has no one value`)
  }
}
