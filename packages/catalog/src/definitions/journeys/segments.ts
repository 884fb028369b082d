import type { ValueSegments } from '@kivi/domain'
import type { Keys, Mapping } from '../../mapping.ts'
import type { CompiledEntity, EntityWorld } from '../entities/compiled.ts'
import { readEntityExpression } from '../entities/expressions.ts'
import { scopeOfEntity } from '../entities/scope.ts'
import { findNamed, type Named } from '../named.ts'

export const SEGMENTS_KEYS: Keys = { known: ['entity', 'value', 'measured', 'limits', 'shares'] }

/** Reads one division of persons by value; what is wrong is reported, and null returned where nothing usable is left. */
export function readSegments(
  name: string,
  mapping: Mapping,
  entities: Named<CompiledEntity>,
  world: EntityWorld,
): ValueSegments | null {
  if (!mapping.require('entity', 'value', 'measured', 'limits', 'shares')) return null
  const limits = readNumbers(mapping, 'limits')
  const shares = readNumbers(mapping, 'shares')
  checkLimits(mapping, limits)
  checkShares(
    mapping,
    shares,
    limits.map(([segment]) => segment),
  )
  const entity = findNamed(mapping, 'entity', entities)
  if (entity === null) return null
  if (entity.key.length !== 1 || entity.key[0] !== 'person' || entity.split !== null) {
    mapping.source.report(
      mapping.at('entity'),
      'wrong_value',
      `${mapping.what} divides persons, and the rows of ${entity.name} are something else.`,
      'Name an entity with key: person, not split into sessions.',
    )
    return null
  }
  // membership is frozen: what decides it must not know the window
  const value = readEntityExpression(mapping, 'value', scopeOfEntity(entity, world, {}), ['number'])
  const measured = readEntityExpression(
    mapping,
    'measured',
    scopeOfEntity(entity, world, { window: true, known: true }),
    ['number'],
  )
  if (value === null || measured === null) return null
  return {
    name,
    entity: entity.name,
    value,
    measured,
    limits: limits.map(([segment, from]) => ({ segment, from })),
    shares: shares.map(([segment, share]) => ({ segment, share })),
  }
}

function readNumbers(mapping: Mapping, key: string): [segment: string, value: number][] {
  const numbers = mapping.mapping(key, `${key} of ${mapping.what}`, null)
  return (numbers?.names ?? []).flatMap(segment => {
    const value = numbers!.number(segment)
    return value === undefined ? [] : [[segment, value] as [string, number]]
  })
}

function checkLimits(mapping: Mapping, limits: readonly [string, number][]): void {
  if (limits.length < 2 && mapping.mapping('limits', 'limits', null)?.names.length !== limits.length) return
  if (limits.length < 2)
    mapping.source.report(mapping.at('limits'), 'wrong_value', `${mapping.what} needs at least two segments.`)
  limits.forEach(([segment, from], i) => {
    const [above, limit] = limits[i - 1] ?? ['', Number.POSITIVE_INFINITY]
    if (from >= limit)
      mapping.source.report(
        mapping.at('limits'),
        'wrong_value',
        `limits of ${mapping.what}: ${segment} begins at ${from}, which is not below ${above}.`,
        'Write the highest segment first.',
      )
  })
}

function checkShares(mapping: Mapping, shares: readonly [string, number][], segments: readonly string[]): void {
  const names = shares.map(([segment]) => segment)
  if (names.join() !== segments.join())
    mapping.source.report(
      mapping.at('shares'),
      'wrong_value',
      `shares of ${mapping.what} name ${names.join(', ')}, its limits ${segments.join(', ')}.`,
      'Both have the same segments, the highest first.',
    )
  const sum = shares.reduce((total, [, share]) => total + share, 0)
  if (shares.some(([, share]) => share <= 0 || share >= 1) || Math.abs(sum - 1) > 1e-9)
    mapping.source.report(
      mapping.at('shares'),
      'wrong_value',
      `shares of ${mapping.what} must lie between 0 and 1 and add up to 1, not ${Number(sum.toFixed(6))}.`,
    )
}
