import type { EntityValueType } from '@kivi/domain'
import type { ContextName, EntityScope, Meaning } from '../../expression/entity/syntax.ts'
import { didYouMean } from '../../suggest.ts'
import type { CompiledEntity, EntityWorld } from './compiled.ts'

/** Where an expression stands, which decides what it can refer to beside fields. */
export interface Place {
  /** the list whose observations are looked at one by one */
  readonly each?: string | null
  readonly window?: boolean
  /** the windows before it too */
  readonly before?: boolean
  readonly known?: boolean
}

const ONLY: Readonly<Record<ContextName, string>> = {
  each_t: 'only measures with each look at observations one by one.',
  each_v: 'only measures with each look at observations one by one.',
  window_start: 'only measures with as_of: end, and what segments measure, know their window.',
  window_end: 'only measures with as_of: end, and what segments measure, know their window.',
  previous_start: 'only measures with as_of: end know the window before theirs.',
  before_previous_start: 'only measures with as_of: end know the windows before theirs.',
  known_until: 'it is not known here.',
  person: '',
}

/** The names that an expression over an entity's row can use. */
export function scopeOfEntity(entity: CompiledEntity, world: EntityWorld, place: Place): EntityScope {
  const each = place.each ? entity.fields.get(place.each) : undefined
  const names = new Map<ContextName, EntityValueType>()
  if (each !== undefined) {
    names.set('each_t', 'time')
    names.set('each_v', each.value.kind === 'none' ? 'number' : each.type)
  }
  if (place.window) names.set('window_start', 'time').set('window_end', 'time')
  if (place.before) names.set('previous_start', 'time').set('before_previous_start', 'time')
  if (place.known) names.set('known_until', 'time')
  if (entity.key.includes('person')) names.set('person', 'person')
  const kept = each?.keep ?? []

  function resolve(name: string): Meaning | { readonly error: string; readonly suggestion?: string | undefined } {
    if (kept.includes(name)) return { kind: 'kept', index: kept.indexOf(name) }
    const field = entity.fields.get(name)
    if (field !== undefined) {
      const { agg, type, value } = field
      const values = field.values ?? undefined
      if (agg === 'list') return { kind: 'list', type: value.kind === 'none' ? null : type, values }
      // the value of an observed time is its own: the smallest is the first
      const time = value.kind === 'time' && agg !== 'count'
      return { kind: 'scalar', agg: time ? (agg === 'max' || agg === 'last' ? 'last' : 'first') : agg, type, values }
    }
    if (entity.peers.has(name)) return { kind: 'list', type: 'time' }
    const type = names.get(name as ContextName)
    if (type !== undefined) return { kind: 'name', name: name as ContextName, type }
    if (Object.hasOwn(ONLY, name) && name !== 'person')
      return { error: `${name} means nothing here: ${ONLY[name as ContextName]}` }
    const known = [...entity.fields.keys(), ...entity.peers.keys(), ...kept, ...names.keys()]
    return { error: `${entity.name} has no field ${name}.`, suggestion: didYouMean(name, known) }
  }
  return { entity: entity.name, zone: world.timezone, businessHours: world.businessHours, resolve }
}
