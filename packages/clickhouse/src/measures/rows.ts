import type { Catalog, Entity, EntityField, PeerField, TimeRange } from '@kivi/domain'
import { entityTableName, fieldColumn } from '../derived/names.ts'
import { daysWithin } from './days.ts'
import { type Resolve, resolvePersons } from './persons.ts'
import { namedSessions, silentSessions } from './sessions.ts'

export interface RowsWanted {
  /** fields and peer fields of which `l_…` is made */
  readonly fields: readonly string[]
  /** SQL of an instant (Float64, epoch ms): only observations before it; null: all */
  readonly before: string | null
  /** SQL conditions over the table's `person`, `key` and `day`: what is read at all */
  readonly where?: readonly string[]
  /** by field: instants outside of which no observation matters; by default all do */
  readonly reads?: ReadonlyMap<string, TimeRange>
  /** the same of sessions that have a session_id; `where` and `reads` are then of those that have none */
  readonly named?: Pick<RowsWanted, 'where' | 'reads'>
  /** fields whose observations' texts are wanted; by default all. Of the others `l_…` has pairs of time and value */
  readonly kept?: ReadonlySet<string>
  /** `first_seen` too: the time of the row's first observation, of whatever field */
  readonly firstSeen?: boolean
}

/**
 * SELECT of an entity's rows as expressions see them: `person` (resolved; 0: none), `key`, and for each field wanted
 * the sorted list of its observations `l_…` (EntityExpression tells the shape).
 */
export function entityRows(catalog: Catalog, entity: Entity, wanted: RowsWanted): string {
  const peers = wanted.fields.flatMap(name => entity.peers.get(name) ?? [])
  const names = new Set(wanted.fields.filter(name => entity.fields.has(name)))
  for (const peer of peers) for (const name of [peer.of, ...peer.same]) names.add(name)
  const fields = [...names].sort()
  const rows =
    entity.split === null ? foldedRows(catalog, entity, fields, wanted) : sessionRows(catalog, entity, fields, wanted)
  return peers.length === 0 ? rows : withPeers(entity, peers, fields, rows, wanted.firstSeen === true)
}

/** Rows of sessions: those of an id as they are stored, and the rest of each person cut by its silence. */
function sessionRows(catalog: Catalog, entity: Entity, fields: readonly string[], wanted: RowsWanted): string {
  const folded = [...new Set([...fields, entity.split!.own])].sort()
  const rows = (key: string, { where = [], reads }: Pick<RowsWanted, 'where' | 'reads'>): string => {
    const { fields, before, kept } = wanted
    const options = { ...{ fields, before }, ...(kept ? { kept } : {}), ...(reads ? { reads } : {}) }
    return foldedRows(catalog, entity, folded, { ...options, where: [key, ...where] })
  }
  return `${silentSessions(entity, fields, catalog.timezone, rows("key = ''", wanted))}
UNION ALL
${namedSessions(entity, fields, rows("key != ''", wanted.named ?? {}))}`
}

/** The field of that name; the catalog has checked that it is there. */
export function fieldOf(entity: Entity, name: string): EntityField {
  const field = entity.fields.get(name)
  if (field === undefined) throw new Error(`entity ${entity.name} has no field ${name}`)
  return field
}

/** Person as stored rows have it, resolved: what conditions on persons are to be compared with. */
export const storedPerson = (entity: Entity, resolve: Resolve): string =>
  entity.key.includes('person') ? resolve('stored.person') : 'stored.person'

/** The (key, day) rows of the table as one row per resolved person and key. */
function foldedRows(catalog: Catalog, entity: Entity, names: readonly string[], wanted: RowsWanted): string {
  const fields = names.map(name => fieldOf(entity, name))
  const resolve = resolvePersons(catalog, wanted.before)
  const texts = (name: string) => wanted.kept?.has(name) ?? true
  // number by number: a list of tuples costs several times as much to put together (measured)
  const parts = fields.flatMap(field => {
    const { name } = field
    const days = daysWithin('day', wanted.reads?.get(name) ?? {})
    const gathered = (part: number) => {
      const column = `${fieldColumn(name)}.${part}`
      return days === null ? `groupArrayArray(${column})` : `groupArrayArrayIf(${column}, ${days})`
    }
    const wantedParts = texts(name) ? [1, 2, 3] : isTold(field) ? [1] : [1, 2]
    return wantedParts.map(part => `${gathered(part)} AS g${part}_${name}`)
  })
  const times = [...entity.fields.keys()].map(name => `${fieldColumn(name)}.1`)
  if (wanted.firstSeen === true) parts.push(`min(arrayMin(arrayConcat(${times.join(', ')}))) AS first_seen`)
  const where = wanted.where === undefined || wanted.where.length === 0 ? '' : `\nWHERE ${wanted.where.join(' AND ')}`
  const lists = fields.map(field => `${listSql(field, wanted.before, resolve, texts(field.name))} AS l_${field.name}`)
  return `SELECT person, key${wanted.firstSeen === true ? ', first_seen' : ''}${lists.map(list => `,\n  ${list}`).join('')}
FROM (SELECT ${storedPerson(entity, resolve)} AS person, key${parts.map(part => `, ${part}`).join('')}
FROM ${entityTableName(entity)} AS stored FINAL${where}
GROUP BY person, key)`
}

function listSql(field: EntityField, before: string | null, resolve: Resolve, texts: boolean): string {
  const { name, type } = field
  if (!texts && isTold(field)) {
    const times = before === null ? `g1_${name}` : `arrayFilter(t -> t < ${before}, g1_${name})`
    return `arrayMap(t -> (t, ${field.value.kind === 'time' ? 't' : 'toFloat64(1)'}), arraySort(${times}))`
  }
  const values = type === 'person' ? `arrayMap(v -> ${resolve('v')}, g2_${name})` : `g2_${name}`
  const list = `arrayZip(g1_${name}, ${values}${texts ? `, g3_${name}` : ''})`
  return `arraySort(${before === null ? list : `arrayFilter(x -> x.1 < ${before}, ${list})`})`
}

/** The value follows from the time: times alone are quicker to sort (measured). */
const isTold = ({ value }: EntityField): boolean => value.kind === 'none' || value.kind === 'time'

/** What a field tells as of an instant: NaN, '' or 0 where it has nothing. */
export function scalarSql({ name, agg, type }: EntityField, until: string | null): string {
  const list = until === null ? `l_${name}` : `arrayFilter(x -> x.1 < ${until}, l_${name})`
  if (agg === 'min' || agg === 'max') {
    const values = `(${list}).2`
    return `if(empty(${values}), nan, ${agg === 'min' ? 'arrayMin' : 'arrayMax'}(${values}))`
  }
  const place = agg === 'last' ? -1 : 1
  if (type === 'text' || type === 'person') return `(${list})[${place}].2`
  return `if(empty(${list}), nan, (${list})[${place}].2)`
}

/** Adds the lists of times at which the other rows of the same values were observed. */
function withPeers(
  entity: Entity,
  peers: readonly PeerField[],
  fields: readonly string[],
  rows: string,
  firstSeen: boolean,
): string {
  const columns = ['person', 'key', ...(firstSeen ? ['first_seen'] : []), ...fields.map(name => `l_${name}`)].join(', ')
  const own = peers.flatMap(({ name, of, same }) => {
    const shared = same.map(field => fieldOf(entity, field))
    // nobody and nothing have no peers, and no list as long as all of theirs
    const matches = shared.map(field => `${scalarSql(field, null)} != ${field.type === 'person' ? '0' : "''"}`)
    const value = scalarSql(fieldOf(entity, of), null)
    return [
      `arrayMap(v -> (v, person, key), arrayFilter(v -> isFinite(v) AND ${matches.join(' AND ')}, [${value}])) AS own_${name}`,
      `tuple(${shared.map(field => scalarSql(field, null)).join(', ')}) AS same_${name}`,
    ]
  })
  const gathered = peers.map(({ name, earlier }) => {
    const isPeer = earlier === true ? `notEmpty(own_${name}) AND x < own_${name}[1]` : 'x.2 != person OR x.3 != key'
    return `arraySort(arrayMap(x -> (x.1, x.1, emptyArrayString()),
    arrayFilter(x -> ${isPeer}, groupArrayArray(own_${name}) OVER (PARTITION BY same_${name})))) AS l_${name}`
  })
  return `SELECT ${columns},\n  ${gathered.join(',\n  ')}
FROM (SELECT ${columns}, ${own.join(', ')}
FROM (${rows}))`
}
