/** Persons as they are known: an anonymous one is the user that it was first linked to. */
import type { Catalog } from '@kivi/domain'
import { linksTableName } from '../derived/names.ts'

/**
 * A subquery of whom anonymous ids are: `anonymous`, `user`. Null where the catalog never links.
 * @param until only links that were known before this instant (epoch ms); null: all
 */
export function linkedUsers(catalog: Catalog, until: number | null): string | null {
  const table = linksTableName(catalog)
  if (table === null) return null
  const known = until === null ? '' : ` HAVING link < bitShiftLeft(toUInt128(${Math.max(0, Math.trunc(until))}), 64)`
  // the user's hash is the low half
  return `(SELECT anonymous, min(first) AS link, toUInt64(bitAnd(link, toUInt128(18446744073709551615))) AS user
  FROM ${table} GROUP BY anonymous${known})`
}

/** `columns` of a subquery whose column `whose` is a person as the events say it, and `person` beside them. */
export function withPersons(
  catalog: Catalog,
  source: string,
  columns: readonly string[],
  until: number | null,
): string {
  const links = linkedUsers(catalog, until)
  const kept = columns.map(column => `, s.${column} AS ${column}`).join('')
  if (links === null) return `(SELECT s.whose AS person${kept} FROM ${source} AS s WHERE s.whose != 0)`
  return `(SELECT if(l.user = 0, s.whose, l.user) AS person${kept}
  FROM ${source} AS s LEFT ANY JOIN ${links} AS l ON s.whose = l.anonymous WHERE s.whose != 0)`
}
