import { type Attribution, type CreditModel, type Occurrences, parseWindow } from '@kivi/domain'
import { versionOf } from '../../hash.ts'
import type { Keys, Mapping } from '../../mapping.ts'
import { didYouMean } from '../../suggest.ts'
import type { CompiledEntity, EntityWorld } from '../entities/compiled.ts'
import { readEntityExpression } from '../entities/expressions.ts'
import { scopeOfEntity } from '../entities/scope.ts'
import { isList } from '../entities/timing.ts'
import { findNamed, type Named } from '../named.ts'

export const ATTRIBUTION_KEYS: Keys = { known: ['touches', 'conversions', 'window', 'credit'] }
export const LIST_KEYS: Keys = { known: ['list', 'filter'] }
export const ROW_KEYS: Keys = { known: ['entity', 'at', 'person', 'filter'] }
export const CREDIT_MODELS: readonly CreditModel[] = ['last', 'first', 'any', 'linear', 'position']

export interface CompiledAttribution extends Attribution {
  /** dimensions that all its touches have */
  readonly dimensions: readonly string[]
}

type Entities = Named<CompiledEntity>

/** Reads one attribution; what is wrong is reported, and null returned where nothing usable is left. */
export function readAttribution(
  name: string,
  mapping: Mapping,
  entities: Entities,
  world: EntityWorld,
): CompiledAttribution | null {
  if (!mapping.require('touches', 'conversions', 'window')) return null
  const credit = mapping.has('credit') ? mapping.oneOf('credit', CREDIT_MODELS) : 'last'
  const windowMs = readLength(mapping, 'window')
  const sources = mapping.someMappings('touches', `a source of touches of ${mapping.what}`, null)
  const touches = sources.map(source => readOccurrences(source, entities, world))
  const told = mapping.mapping('conversions', `conversions of ${mapping.what}`, null)
  const conversions = told === undefined ? null : readOccurrences(told, entities, world)
  if (credit === undefined || windowMs === undefined || conversions === null) return null
  if (touches.length === 0 || touches.includes(null)) return null
  const found = touches.flatMap(touch => touch ?? [])
  return {
    name,
    touches: found,
    conversions,
    windowMs,
    credit,
    dimensions: sharedDimensions(found, entities),
    version: versionOf({
      zone: world.timezone,
      touches: found.map(contentOf),
      conversions: contentOf(conversions),
      windowMs,
      credit,
      entities: [...new Set([...found, conversions].map(o => o.entity))].sort().map(e => entities.read.get(e)!.version),
    }),
  }
}

function contentOf(of: Occurrences): object {
  const filter = of.filter?.toSql(null) ?? null
  return of.kind === 'list' ? { ...of, filter } : { ...of, at: of.at.toSql(null), filter }
}

/** `{ list: person.ad_clicks }` or `{ entity: order, at: ordered, person: person }` */
function readOccurrences(mapping: Mapping, entities: Entities, world: EntityWorld): Occurrences | null {
  if (mapping.has('list')) {
    mapping.refuseUnknown(LIST_KEYS)
    return readListed(mapping, entities, world)
  }
  mapping.refuseUnknown({ known: [...ROW_KEYS.known, 'list'] })
  if (!mapping.has('entity')) {
    mapping.source.report(
      mapping.keyOf(),
      'missing_key',
      `${mapping.what} names nothing that happens.`,
      'Write list: person.ad_clicks, or entity: and at:.',
    )
    return null
  }
  return readRows(mapping, entities, world)
}

function readListed(mapping: Mapping, entities: Entities, world: EntityWorld): Occurrences | null {
  const text = mapping.text('list')
  if (text === undefined) return null
  const match = /^([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)$/.exec(text)
  if (match === null) {
    mapping.source.report(
      mapping.at('list'),
      'wrong_value',
      `list of ${mapping.what} is '${text}', which does not say of which entity.`,
      'Write ENTITY.LIST, such as person.ad_clicks.',
    )
    return null
  }
  const [, name, list] = match as unknown as [string, string, string]
  if (!entities.names.has(name))
    mapping.source.report(
      mapping.at('list'),
      'unknown_name',
      `list of ${mapping.what}: there is no entity ${name}.`,
      didYouMean(name, entities.names),
    )
  const entity = entities.read.get(name)
  if (entity === undefined || !isList(mapping, 'list', list, entity)) return null
  if (!entity.key.includes('person')) {
    mapping.source.report(
      mapping.at('list'),
      'wrong_value',
      `${mapping.what}: the rows of ${name} are no persons', so that nobody knows whose ${list} are.`,
      'Take a list of an entity with key: person, or entity: with person: a field that says whose.',
    )
    return null
  }
  const filter = readEntityExpression(mapping, 'filter', scopeOfEntity(entity, world, { each: list, known: true }), [
    'boolean',
  ])
  return { kind: 'list', entity: name, list, filter }
}

function readRows(mapping: Mapping, entities: Entities, world: EntityWorld): Occurrences | null {
  const entity = findNamed(mapping, 'entity', entities)
  if (entity === null || !mapping.require('at')) return null
  const scope = scopeOfEntity(entity, world, { known: true })
  const at = readEntityExpression(mapping, 'at', scope, ['time'])
  const filter = readEntityExpression(mapping, 'filter', scope, ['boolean'])
  const person = mapping.text('person') ?? null
  const field = person === null ? undefined : entity.fields.get(person)
  const persons = [...entity.fields.values()].filter(f => f.agg !== 'list' && f.type === 'person').map(f => f.name)
  if (person === null && !entity.key.includes('person')) {
    mapping.source.report(
      mapping.keyOf(),
      'missing_key',
      `${mapping.what} needs person: the rows of ${entity.name} do not say whose they are.`,
      persons.length > 0
        ? `Write person: ${persons[0]}.`
        : `Give ${entity.name} a field such as person: { agg: first, expr: person }.`,
    )
    return null
  }
  if (person !== null && !persons.includes(person)) {
    mapping.source.report(
      mapping.at('person'),
      field === undefined ? 'unknown_name' : 'type_error',
      field === undefined
        ? `person of ${mapping.what}: ${entity.name} has no field ${person}.`
        : `person of ${mapping.what}: ${person} is not one person.`,
      didYouMean(person, persons),
    )
    return null
  }
  return at && { kind: 'rows', entity: entity.name, at, person, filter }
}

/** texts by which every touch can be grouped: kept with a list, or a field of the row */
function sharedDimensions(touches: readonly Occurrences[], entities: Entities): string[] {
  const [first = [], ...rest] = touches.map(touch => {
    const entity = entities.read.get(touch.entity)!
    const texts = [...entity.fields.values()].filter(f => f.agg !== 'list' && f.type === 'text').map(f => f.name)
    return touch.kind === 'list' ? [...new Set([...entity.fields.get(touch.list)!.keep, ...texts])] : texts
  })
  return first.filter(name => rest.every(names => names.includes(name)))
}

/** a length of time: 7d, 30m */
export function readLength(mapping: Mapping, key: string): number | undefined {
  const text = mapping.text(key)
  if (text === undefined) return undefined
  const length = parseWindow(text)
  if (length.ok) return length.ms
  mapping.source.report(mapping.at(key), 'wrong_value', `${key} of ${mapping.what}: ${length.reason}`)
  return undefined
}
