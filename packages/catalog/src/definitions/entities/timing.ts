import { type EntityMeasure, type FollowUp, parseWindow } from '@kivi/domain'
import type { Mapping } from '../../mapping.ts'
import { didYouMean } from '../../suggest.ts'
import type { CompiledEntity, EntityWorld } from './compiled.ts'
import { readEntityExpression } from './expressions.ts'
import { scopeOfEntity } from './scope.ts'

type Timing = EntityMeasure['timing']

export const TIMING_KEYS = ['at', 'each', 'as_of'] as const

/** a wait longer than this is a mistake: an answer would stay provisional for years */
const LONGEST_FOLLOW_UP_DAYS = 400
const DAY = 86_400_000

/** By which time rows or observations count; exactly one key says so. */
export function readTiming(mapping: Mapping, entity: CompiledEntity, world: EntityWorld): Timing | null {
  const given = TIMING_KEYS.filter(key => mapping.has(key))
  if (given.length !== 1) {
    mapping.source.report(
      given.length === 0 ? mapping.keyOf() : mapping.keyAt(given[1]!),
      given.length === 0 ? 'missing_key' : 'unknown_key',
      given.length === 0
        ? `${mapping.what} does not say by which time it counts.`
        : `${mapping.what} has ${given.join(' and ')}; it can count by one time only.`,
      'Write at: a time of the row, each: a list, or as_of: end.',
    )
    return null
  }
  const [kind] = given
  for (const key of ['per', 'time'])
    if (kind !== 'each' && mapping.has(key))
      mapping.source.report(
        mapping.keyAt(key),
        'unknown_key',
        `${mapping.what} has ${key}, which only goes with each.`,
        kind === 'at' && key === 'time' ? 'at is its time.' : 'Leave it out.',
      )
  if (kind === 'as_of') return mapping.oneOf('as_of', ['end']) === undefined ? null : { kind: 'end' }
  if (kind === 'at') {
    const time = readEntityExpression(mapping, 'at', scopeOfEntity(entity, world, { known: true }), ['time'])
    return time && { kind: 'at', time }
  }
  const list = mapping.text('each')
  if (list === undefined || !isList(mapping, 'each', list, entity)) return null
  const per = mapping.oneOf('per', ['day']) ?? null
  if (per === 'day' && !canBeAdded(entity, list)) {
    mapping.source.report(
      mapping.at('per'),
      'type_error',
      `per: day of ${mapping.what} adds up the values of ${list}, which are no numbers.`,
    )
    return null
  }
  const scope = scopeOfEntity(entity, world, { each: list, known: true })
  const time = readEntityExpression(mapping, 'time', scope, ['time'])
  if (time === null && mapping.has('time')) return null
  return { kind: 'each', list, per, time }
}

const canBeAdded = (entity: CompiledEntity, list: string): boolean => {
  const kind = entity.fields.get(list)?.value.kind
  return kind === 'none' || kind === 'number'
}

/** a field of the entity with agg: list; reports another one */
export function isList(mapping: Mapping, key: string, name: string, entity: CompiledEntity): boolean {
  const field = entity.fields.get(name)
  if (field?.agg === 'list') return true
  const lists = [...entity.fields.values()].filter(f => f.agg === 'list').map(f => f.name)
  if (field === undefined)
    mapping.source.report(
      mapping.at(key),
      'unknown_name',
      `${key} of ${mapping.what}: ${entity.name} has no list ${name}.`,
      didYouMean(name, lists),
    )
  else
    mapping.source.report(
      mapping.at(key),
      'type_error',
      `${key} of ${mapping.what}: ${name} is one value, not a list of observations.`,
      'Give the field agg: list.',
    )
  return false
}

/** How long after its time what is counted can still change. */
export function readFollowUp(mapping: Mapping, timing: Timing): FollowUp | null {
  const given = ['follow_up', 'follow_up_days'].filter(key => mapping.has(key))
  if (given.length === 2) {
    mapping.source.report(
      mapping.keyAt('follow_up_days'),
      'unknown_key',
      `${mapping.what} has both follow_up and follow_up_days.`,
      'Keep one of them: a length such as 7d, or calendar days after the local day of its time.',
    )
    return null
  }
  if (given.length === 1 && timing.kind === 'end') {
    mapping.source.report(
      mapping.keyAt(given[0]!),
      'unknown_key',
      `${mapping.what} is as of the window's end; what follows cannot change it.`,
      `Leave ${given[0]} out.`,
    )
    return null
  }
  if (mapping.has('follow_up')) {
    const text = mapping.text('follow_up')
    if (text === undefined) return null
    const length = parseWindow(text)
    if (length.ok && length.ms <= LONGEST_FOLLOW_UP_DAYS * DAY) return { ms: length.ms }
    const why = length.ok ? `${text} is longer than ${LONGEST_FOLLOW_UP_DAYS}d.` : length.reason
    mapping.source.report(mapping.at('follow_up'), 'wrong_value', `follow_up of ${mapping.what}: ${why}`)
    return null
  }
  const days = mapping.number('follow_up_days')
  if (days === undefined) return null
  if (Number.isInteger(days) && days >= 1 && days <= LONGEST_FOLLOW_UP_DAYS) return { days }
  mapping.source.report(
    mapping.at('follow_up_days'),
    'wrong_value',
    `follow_up_days of ${mapping.what} must be a whole number of days from 1 to ${LONGEST_FOLLOW_UP_DAYS}.`,
  )
  return null
}
