/** Entities made by hand, with a plain fold that says what their rows must be. */
import type { Entity, EntityField, Expression } from '@kivi/domain'
import type { WorldEvent } from './derived-world.ts'

const condition = (sql: string): Expression => ({
  source: sql,
  type: 'boolean',
  fields: [],
  evaluate: () => null,
  toColumns: () => '',
  toSql: () => sql,
})
const number = (sql: string): Expression => ({ ...condition(sql), type: 'number' })

const field = (name: string, changes: Partial<EntityField> & Pick<EntityField, 'from'>): EntityField => ({
  name,
  value: { kind: 'none' },
  agg: 'list',
  keep: [],
  type: 'number',
  ...changes,
})

const entity = (
  name: string,
  key: readonly string[],
  fields: readonly EntityField[],
  changes: Partial<Entity> = {},
): Entity => ({
  name,
  label: { en: name },
  description: { en: '' },
  key,
  split: null,
  fields: new Map(fields.map(each => [each.name, each])),
  peers: new Map(),
  version: '0123456789ab',
  ...changes,
})

const AMOUNT = number("if(mapContains(numbers, 'amount'), numbers['amount'], NULL)")
const RETURNED = condition("strings['kind'] = 'return'")

export const ORDERS = entity(
  'order',
  ['order_id'],
  [
    field('ordered', {
      from: [{ events: ['purchase'], filter: null }],
      value: { kind: 'time' },
      agg: 'min',
      type: 'time',
    }),
    field('amount', {
      from: [{ events: ['purchase'], filter: null }],
      value: { kind: 'number', expr: AMOUNT },
      agg: 'sum',
    }),
    field('returned', { from: [{ events: ['refund'], filter: RETURNED }], value: { kind: 'number', expr: AMOUNT } }),
    field('person', {
      from: [{ events: ['purchase'], filter: null }],
      value: { kind: 'person' },
      agg: 'first',
      type: 'person',
    }),
    field('channel', {
      from: [{ events: ['purchase'], filter: null }],
      value: { kind: 'text', field: 'channel' },
      agg: 'first',
      type: 'text',
    }),
  ],
)

export const PERSONS = entity(
  'person',
  ['person'],
  [
    field('active', {
      from: [
        { events: ['purchase', 'click'], filter: null },
        { events: ['refund'], filter: RETURNED },
      ],
    }),
    field('clicks', { from: [{ events: ['click'], filter: null }], keep: ['channel', 'order_id'] }),
  ],
)

export const SESSIONS = entity('session', ['person'], [field('own', { from: [{ events: [], filter: null }] })], {
  split: { gapMs: 1_800_000, own: 'own' },
})

type Observation = [time: number, value: number | string, kept: string[]]

/** What a row must hold: by key, day and field. Persons are told by name (`u:anna`), the hash is ClickHouse's. */
export type ExpectedRows = Record<string, { readonly events: number } & Record<string, unknown>>

const text = (event: WorldEvent, name: string): string => {
  if (name === 'channel') return event.channel ?? ''
  return name === 'session_id' ? (event.session ?? '') : (event.strings?.[name] ?? '')
}

export const personOf = (event: WorldEvent): string | null => {
  if (event.user !== undefined) return `u:${event.user}`
  return event.anonymous === undefined ? null : `a:${event.anonymous}`
}

export function expectedRows(
  entity: Entity,
  events: readonly WorldEvent[],
  hash: (person: string) => string,
): ExpectedRows {
  const rows: ExpectedRows = {}
  for (const event of events) {
    const person = personOf(event)
    const parts = entity.key.map(part => (part === 'person' ? person : text(event, part)))
    if (parts.some(part => part === null || part === '')) continue
    const seen = [...entity.fields.values()].flatMap(each => {
      const observation = observe(each, event, hash)
      return observation === null ? [] : [[each.name, observation] as const]
    })
    if (seen.length === 0) continue
    const session = text(event, 'session_id')
    // what was done under a session_id is a row of its own
    const named = entity.split !== null && session !== '' ? [session] : []
    const texts = [...parts.filter((_, i) => entity.key[i] !== 'person'), ...named]
    const id = JSON.stringify([
      entity.key.includes('person') ? hash(person!) : '0',
      texts.length === 0 ? '' : JSON.stringify(texts),
      new Date(event.time).toISOString().slice(0, 10),
    ])
    rows[id] ??= { events: 0, ...Object.fromEntries([...entity.fields.keys()].map(name => [name, []])) }
    const row = rows[id] as { events: number } & Record<string, Observation[]>
    row.events++
    for (const [name, observation] of seen) row[name]!.push(observation)
  }
  for (const row of Object.values(rows))
    for (const name of entity.fields.keys()) (row[name] as Observation[]).sort(compare)
  return rows
}

function observe(field: EntityField, event: WorldEvent, hash: (person: string) => string): Observation | null {
  const selected = field.from.some(
    ({ events, filter }) =>
      (events.length === 0 || events.includes(event.type)) && (filter === null || event.strings?.['kind'] === 'return'),
  )
  if (!selected) return null
  const kept = field.keep.map(name => text(event, name))
  const of = (value: number | string | undefined): Observation | null =>
    value === undefined || value === '' ? null : [event.time, value, kept]
  switch (field.value.kind) {
    case 'none':
      return of(1)
    case 'time':
      return of(event.time)
    case 'number':
      return of(event.numbers?.['amount'])
    case 'text':
      return of(text(event, field.value.field))
    case 'person':
      return of(personOf(event) === null ? undefined : hash(personOf(event)!))
  }
}

/** As ClickHouse orders tuples: texts by their bytes, hashes as numbers. */
function compare(a: Observation, b: Observation): number {
  return a[0] - b[0] || values(a[1], b[1]) || values(a[2].join('\0'), b[2].join('\0'))
}

function values(a: number | string, b: number | string): number {
  if (typeof a === 'string' && typeof b === 'string' && /^\d{15,}$/.test(a) && /^\d{15,}$/.test(b))
    return BigInt(a) < BigInt(b) ? -1 : Number(BigInt(a) > BigInt(b))
  return a < b ? -1 : Number(a > b)
}
