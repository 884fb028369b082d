import { type LinkRule, linksTableName, PERSON_SQL } from '../derived/names.ts'

/** SQL that tells who a person hash stands for: the user to whom an anonymous id was linked first, else itself. */
export type Resolve = (person: string) => string

/**
 * Links are read with the question and nothing is rewritten, so that a link counts for what happened before it too.
 * `transform` holds them as a hash table: quicker than a join (measured), and it resolves inside of arrays.
 * @param before SQL of an instant (epoch ms): only links known before it; null: all
 */
export function resolvePersons(catalog: LinkRule, before: string | null): Resolve {
  const table = linksTableName(catalog)
  if (table === null) return person => person
  const known = before === null ? '' : ` HAVING toFloat64(bitShiftRight(min(first), 64)) < ${before}`
  const links = `FROM (SELECT anonymous, toUInt64(min(first)) AS user FROM ${table} GROUP BY anonymous${known} ORDER BY anonymous)`
  // a table with one pair at least: transform refuses empty ones
  const pairs = `SELECT arrayConcat([toUInt64(0)], groupArray(anonymous)) ${links}`
  const users = `SELECT arrayConcat([toUInt64(0)], groupArray(user)) ${links}`
  return person => `transform(${person}, (${pairs}), (${users}), ${person})`
}

/** The resolved person of a row of `events`; 0: nobody. */
export const eventPerson = (resolve: Resolve): string => resolve(PERSON_SQL)
