import type { Catalog, Entity, TimeRange } from '@kivi/domain'
import { entityTableName, fieldColumn } from '../derived/names.ts'
import { daysWithin } from './days.ts'
import { resolvePersons } from './persons.ts'
import { span } from './ranges.ts'
import { aroundSessions, type Reach } from './reach.ts'
import { type RowsWanted, storedPerson } from './rows.ts'

/**
 * Which stored rows are read: only days that matter; or, where all days of a key do, only keys of which something was
 * observed without which they do not count.
 */
export function selectionOf(
  catalog: Catalog,
  entity: Entity,
  { reads, needs }: Reach,
  before: string | null,
): Pick<RowsWanted, 'where' | 'reads' | 'named'> {
  if (entity.split === null) return keptRows(catalog, entity, { reads, needs }, before)
  // whether a session of an id begins is told by all of its past
  const own = new Map([...reads, [entity.split.own, ALWAYS] as const])
  const named = keptRows(catalog, entity, { reads: own, needs }, before)
  // one without is made of what lies around it, whatever the fields
  return { ...(needs === null ? {} : conditions(daysWithin('day', aroundSessions(hull(needs))))), named }
}

const ALWAYS: TimeRange = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }
const conditions = (...sql: Array<string | null>) => ({ where: sql.filter(each => each !== null) })

/** The same of rows that are read as they are stored. */
function keptRows(
  catalog: Catalog,
  entity: Entity,
  { reads, needs }: Reach,
  before: string | null,
): Pick<RowsWanted, 'where' | 'reads'> {
  const all = hull(reads)
  if (needs === null) return { ...conditions(daysWithin('day', { to: all.to })), reads }
  if (Number.isFinite(all.from)) return conditions(daysWithin('day', all))
  return { ...conditions(daysWithin('day', { to: all.to }), keysWith(catalog, entity, needs, before)), reads }
}

/** An empty map reads nothing, and nothing is all that it needs. */
const hull = (instants: ReadonlyMap<string, TimeRange>): TimeRange =>
  instants.size === 0 ? { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY } : span([...instants.values()])

/** SQL: the key is one of which one of the fields was observed on days of its instants. */
function keysWith(
  catalog: Catalog,
  entity: Entity,
  needs: Reach['needs'] & object,
  before: string | null,
): string | null {
  const named = entity.split === null ? '' : "key != '' AND "
  const arms = [...needs].map(([name, range]) => {
    const days = daysWithin('day', range)
    const observed = `notEmpty(${fieldColumn(name)}.1)`
    return days === null ? null : `(${named}${days} AND ${observed})`
  })
  // a field that may have been observed at any time leaves out hardly any key
  if (arms.includes(null)) return null
  const person = storedPerson(entity, resolvePersons(catalog, before))
  // who else had a session of that id is read along: cheaper than to resolve persons twice (measured)
  const byKey = entity.split !== null || !entity.key.includes('person')
  const key = byKey ? 'key' : entity.key.length > 1 ? `(${person}, key)` : person
  return `${key} IN (SELECT ${key} FROM ${entityTableName(entity)} AS stored WHERE ${arms.join(' OR ')})`
}
