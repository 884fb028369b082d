import { type PeerField, parseWindow } from '@kivi/domain'
import { versionOf } from '../../hash.ts'
import type { Keys, Mapping } from '../../mapping.ts'
import { didYouMean } from '../../suggest.ts'
import { type EventNames, readEventNames, scopeOfSelections } from '../event-selections.ts'
import { readTraffic } from '../invalid-traffic.ts'
import { labelOf, readText } from '../text.ts'
import type { CompiledEntity, CompiledField, EntityWorld } from './compiled.ts'
import { FIELD_KEYS, readField } from './fields.ts'

export const ENTITY_KEYS: Keys = {
  known: ['label', 'description', 'key', 'event', 'fields', 'peers', 'split', 'traffic'],
}
export const PEER_KEYS: Keys = { known: ['of', 'same', 'earlier'] }
export const SPLIT_KEYS: Keys = { known: ['gap', 'own'] }

/** each is a column of the entity's table */
const MOST_FIELDS = 60

const NAME = /^[a-z][a-z0-9_]{0,63}$/
/** what expressions understand differently where a field's name would stand */
const RESERVED: readonly string[] = [
  ...['each_t', 'each_v', 'window_start', 'window_end', 'previous_start', 'before_previous_start', 'known_until'],
  ...['true', 'false', 'null', 'in', 'properties'],
  // words of CEL's grammar
  ...['as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import', 'let', 'loop', 'package'],
  ...['namespace', 'return', 'var', 'void', 'while'],
]

/** Reads one entity; what is wrong is reported, and null returned where nothing usable is left. */
export function readEntity(name: string, mapping: Mapping, all: EntityWorld): CompiledEntity | null {
  if (!mapping.require('key', 'fields')) return null
  const world = { ...all, counted: readTraffic(mapping, all.traffic) }
  const events = mapping.has('event') ? readEventNames(mapping, world) : null
  const { fields, unread } = readFields(name, mapping, events, world)
  const key = readKey(mapping, fields, world)
  const split = readSplit(mapping, fields, unread)
  const peers = readPeers(mapping, fields, unread)
  if (key === null || unread.size > 0 || (split === null && mapping.has('split'))) return null
  return {
    name,
    label: readText(mapping, 'label') ?? labelOf(name),
    description: readText(mapping, 'description') ?? { en: '' },
    key,
    split,
    fields,
    peers,
    mapping,
    version: versionOf({
      // sessions of an id are rows of their own
      key: split === null ? key : [...key, 'session_id'],
      split,
      zone: world.timezone,
      // how a list becomes one value is decided when it is read
      fields: [...fields.values()].map(contentOf).sort((a, b) => (a.name < b.name ? -1 : 1)),
    }),
  }
}

/** what of a field decides what its column holds */
function contentOf({ name, from, value, keep }: CompiledField) {
  return {
    name,
    from: from.map(({ events, filter }) => ({ events, filter: filter?.toSql() ?? null })),
    value: value.kind === 'number' ? { number: value.expr.toSql() } : value,
    keep,
  }
}

interface Fields {
  readonly fields: Map<string, CompiledField>
  /** those that could not be read, which is told: nothing that refers to them is wrong for that */
  readonly unread: ReadonlySet<string>
}

function readFields(entity: string, mapping: Mapping, events: EventNames | null, world: EntityWorld): Fields {
  const fields = new Map<string, CompiledField>()
  const unread = new Set<string>()
  const all = mapping.mapping('fields', `fields of ${mapping.what}`, null)
  if (all === undefined) return { fields, unread: new Set(['']) }
  if (all.names.length === 0) all.source.report(all.keyOf(), 'missing_key', `${mapping.what} needs a field.`)
  if (all.names.length > MOST_FIELDS)
    all.source.report(
      all.keyOf(),
      'wrong_value',
      `${mapping.what} has ${all.names.length} fields; ${MOST_FIELDS} are allowed.`,
      'Make two entities of it.',
    )
  for (const [name, field] of all.entries(id => `field ${id} of ${entity}`, FIELD_KEYS)) {
    checkFieldName(all, name)
    // the entity's events may be wrong, and told so
    const lacksEvents = events === null && mapping.has('event') && !field.has('event') && !field.has('from')
    const read = lacksEvents ? null : readField(name, field, events, world)
    if (read !== null) fields.set(name, read)
    else unread.add(name)
  }
  return { fields, unread }
}

function checkFieldName(mapping: Mapping, name: string): void {
  if (!NAME.test(name))
    mapping.source.report(
      mapping.keyAt(name),
      'bad_id',
      `${name} cannot name a field: small letters, digits and _ only, a letter first, at most 64.`,
    )
  else if (RESERVED.includes(name))
    mapping.source.report(
      mapping.keyAt(name),
      'bad_id',
      `${name} means something else in expressions.`,
      `Name it ${name}_value, for example.`,
    )
}

function readKey(mapping: Mapping, fields: ReadonlyMap<string, CompiledField>, world: EntityWorld): string[] | null {
  const named = mapping.someTexts('key')
  if (named === undefined || named.length === 0) return null
  const key: string[] = []
  for (const { value, node } of named) {
    if (key.includes(value)) {
      mapping.source.report(node, 'duplicate_id', `key of ${mapping.what} names ${value} twice.`)
      return null
    }
    key.push(value)
    if (value === 'person') continue
    // a field whose events lack the key would stay empty without a word
    for (const { name: field, from } of fields.values()) {
      const unknown = scopeOfSelections(from, world).countable(value)
      if (unknown === null) continue
      mapping.source.report(
        node,
        'unknown_name',
        `key of ${mapping.what}: ${unknown.error.replace(/\.$/, '')}, so field ${field} would always be empty.`,
        'Write person, or a text field of the events.',
      )
      return null
    }
  }
  return key
}

function readSplit(mapping: Mapping, fields: Fields['fields'], unread: Fields['unread']): CompiledEntity['split'] {
  const split = mapping.mapping('split', `split of ${mapping.what}`, SPLIT_KEYS)
  if (!split?.require('gap', 'own')) return null
  const keyed = mapping.texts('key') ?? []
  if (keyed.length !== 1 || keyed[0]!.value !== 'person')
    mapping.source.report(
      mapping.keyAt('split'),
      'wrong_value',
      `${mapping.what} is split into sessions, but its key is not the person alone.`,
      'Write key: person.',
    )
  const gap = split.text('gap')
  const own = split.text('own')
  if (gap === undefined || own === undefined) return null
  const length = parseWindow(gap)
  if (!length.ok) {
    split.source.report(split.at('gap'), 'wrong_value', `gap of ${mapping.what}: ${length.reason}`)
    return null
  }
  if (unread.has(own) || !isField(split, 'own', own, fields, 'list')) return null
  return { gapMs: length.ms, own }
}

function readPeers(mapping: Mapping, fields: Fields['fields'], unread: Fields['unread']): Map<string, PeerField> {
  const peers = new Map<string, PeerField>()
  const all = mapping.mapping('peers', `peers of ${mapping.what}`, null)
  for (const [name, peer] of all?.entries(id => `peers ${id} of ${mapping.what}`, PEER_KEYS) ?? []) {
    checkFieldName(all!, name)
    if (fields.has(name)) {
      all!.source.report(all!.keyAt(name), 'duplicate_id', `${mapping.what} has a field ${name} already.`)
      continue
    }
    if (!peer.require('of', 'same')) continue
    const of = peer.text('of')
    const same = peer.someTexts('same') ?? []
    if (of === undefined || unread.has(of) || !isField(peer, 'of', of, fields, 'time')) continue
    const fits = same.map(({ value, node }) => {
      if (unread.has(value)) return false
      const field = fields.get(value)
      if (field !== undefined && field.agg !== 'list' && (field.type === 'text' || field.type === 'person')) return true
      const message =
        field === undefined
          ? `${mapping.what} has no field ${value}.`
          : `${value} is not one text or person, by which rows could be the same.`
      peer.source.report(node, 'unknown_name', message, field ? undefined : didYouMean(value, fields.keys()))
      return false
    })
    const earlier = peer.boolean('earlier') ?? false
    if (fits.length > 0 && fits.every(Boolean))
      peers.set(name, { name, of, same: same.map(s => s.value), ...(earlier ? { earlier } : {}) })
  }
  return peers
}

/** `wanted`: a list of observations, or one time */
function isField(
  mapping: Mapping,
  key: string,
  name: string,
  fields: ReadonlyMap<string, CompiledField>,
  wanted: 'list' | 'time',
): boolean {
  const field = fields.get(name)
  const fits = wanted === 'list' ? field?.agg === 'list' : field?.agg !== 'list' && field?.type === 'time'
  if (field !== undefined && fits) return true
  const message =
    field === undefined
      ? `${key} of ${mapping.what}: there is no field ${name}.`
      : `${key} of ${mapping.what}: ${name} is not ${wanted === 'list' ? 'a list of observations' : 'one time'}.`
  const advice =
    field === undefined
      ? didYouMean(name, fields.keys())
      : wanted === 'list'
        ? 'Give the field agg: list.'
        : 'Name a field such as { agg: min, expr: event_time }.'
  mapping.source.report(mapping.at(key), field === undefined ? 'unknown_name' : 'type_error', message, advice)
  return false
}
