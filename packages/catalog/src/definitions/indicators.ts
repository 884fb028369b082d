import type { Indicator, Zone } from '@kivi/domain'
import { isScalar } from 'yaml'
import { compileDerived } from '../expression/compile.ts'
import type { NumberNode, Scope } from '../expression/syntax.ts'
import type { Keys, Mapping } from '../mapping.ts'
import { didYouMean } from '../suggest.ts'
import { readKnownUnit, reportExpression } from './measures.ts'
import { PLANNED_INDICATOR_KEYS, PLANNED_INDICATOR_TYPES } from './planned.ts'
import { type PlacedTarget, readTargets, readWindow } from './targets.ts'
import { readText } from './text.ts'

export const LEVELS = ['company', 'department', 'team', 'project', 'individual'] as const
export const KINDS = ['strategic', 'operational', 'functional'] as const
export const TIMINGS = ['leading', 'lagging'] as const
export const INDICATOR_TYPES = ['simple', 'ratio', 'derived'] as const

export const INDICATOR_KEYS: Keys = {
  known: [
    'label',
    'description',
    'type',
    'measure',
    'numerator',
    'denominator',
    'expr',
    'unit',
    'better',
    'level',
    'kind',
    'timing',
    'owner',
    'strategy',
    'parent',
    'window',
    'board',
    'targets',
    'at_risk_within',
    'minimum_volume',
  ],
  planned: PLANNED_INDICATOR_KEYS,
}

const KEYS_OF_TYPE = { simple: ['measure'], ratio: ['numerator', 'denominator'], derived: ['expr'] } as const

/** How an indicator's value is made of others. */
export type Formula =
  | { readonly type: 'simple'; readonly measure: string }
  | { readonly type: 'ratio'; readonly numerator: string; readonly denominator: string }
  | {
      readonly type: 'derived'
      readonly expr: string
      readonly inputs: readonly string[]
      readonly node: NumberNode
      readonly compute: Extract<Indicator, { type: 'derived' }>['compute']
    }

/** What the file says of an indicator, before it is joined with what it refers to. */
export interface DeclaredIndicator {
  readonly id: string
  readonly mapping: Mapping
  readonly formula: Formula
  readonly label: Indicator['label'] | undefined
  readonly description: Indicator['description'] | undefined
  readonly unit: string | undefined
  readonly better: 'higher' | 'lower' | undefined
  readonly level: Indicator['level']
  readonly kind: Indicator['kind']
  readonly timing: Indicator['timing']
  readonly owner: string | null
  readonly strategy: string | null
  readonly parent: string | null
  readonly window: string
  readonly board: boolean
  readonly targets: readonly PlacedTarget[]
  readonly at_risk_within: number
  readonly minimum_volume: number | null
}

/** a type that this version refuses; only what says so is then worth telling */
export function isPlannedType(mapping: Mapping): boolean {
  const node = mapping.value('type')
  return isScalar(node) && typeof node.value === 'string' && Object.hasOwn(PLANNED_INDICATOR_TYPES, node.value)
}

/** `ids`: every measure and indicator there is. */
export function readIndicator(
  id: string,
  mapping: Mapping,
  ids: ReadonlySet<string>,
  zone: Zone,
): DeclaredIndicator | null {
  const formula = readFormula(id, mapping, ids)
  if (isPlannedType(mapping)) return null
  const label = readText(mapping, 'label')
  if (formula?.type !== 'simple') mapping.require('label')
  const owner = mapping.text('owner') ?? null
  const declared = {
    id,
    mapping,
    label,
    description: readText(mapping, 'description'),
    unit: readKnownUnit(mapping),
    better: mapping.oneOf('better', ['higher', 'lower']),
    level: mapping.oneOf('level', LEVELS) ?? null,
    kind: mapping.oneOf('kind', KINDS) ?? null,
    timing: mapping.oneOf('timing', TIMINGS) ?? null,
    owner,
    strategy: mapping.text('strategy') ?? null,
    parent: readName(mapping, 'parent', ids) ?? null,
    window: readWindow(mapping) ?? '1d',
    board: mapping.boolean('board') ?? false,
    targets: readTargets(mapping, owner, zone),
    at_risk_within: notNegative(mapping, 'at_risk_within') ?? 0.1,
    minimum_volume: notNegative(mapping, 'minimum_volume') ?? null,
  }
  return formula && { ...declared, formula }
}

function readFormula(id: string, mapping: Mapping, ids: ReadonlySet<string>): Formula | null {
  if (!mapping.require('type')) return null
  const type = mapping.oneOf('type', INDICATOR_TYPES, PLANNED_INDICATOR_TYPES)
  if (type === undefined) return null
  for (const key of ['measure', 'numerator', 'denominator', 'expr']) {
    if (mapping.has(key) && !(KEYS_OF_TYPE[type] as readonly string[]).includes(key)) {
      mapping.source.report(
        mapping.keyAt(key),
        'unknown_key',
        `${mapping.what} is of type ${type}, which has no ${key}.`,
        `It has ${KEYS_OF_TYPE[type].join(' and ')}.`,
      )
    }
  }
  if (type === 'simple') {
    const measure = mapping.has('measure') ? readName(mapping, 'measure', ids) : readOwnMeasure(id, mapping, ids)
    return measure === undefined ? null : { type, measure }
  }
  if (!mapping.require(...KEYS_OF_TYPE[type])) return null
  if (type === 'ratio') {
    const numerator = readName(mapping, 'numerator', ids)
    const denominator = readName(mapping, 'denominator', ids)
    return numerator === undefined || denominator === undefined ? null : { type, numerator, denominator }
  }
  const expr = mapping.text('expr')
  if (expr === undefined) return null
  try {
    return { type, expr, ...compileDerived(expr, scopeOf(ids)) }
  } catch (error) {
    reportExpression(mapping, 'expr', error)
    return null
  }
}

function readName(mapping: Mapping, key: string, ids: ReadonlySet<string>): string | undefined {
  const name = mapping.text(key)
  if (name === undefined || ids.has(name)) return name
  mapping.source.report(
    mapping.at(key),
    'unknown_name',
    `${key} of ${mapping.what}: there is no measure or indicator ${name}.`,
    didYouMean(name, ids),
  )
  return undefined
}

/** `measure` left out: the indicator presents the measure of its own id */
function readOwnMeasure(id: string, mapping: Mapping, ids: ReadonlySet<string>): string | undefined {
  if (ids.has(id)) return id
  mapping.require('measure')
  return undefined
}

function scopeOf(ids: ReadonlySet<string>): Scope {
  return {
    noun: 'measure or indicator',
    resolve: name =>
      ids.has(name)
        ? { type: 'number' }
        : { error: `there is no measure or indicator ${name}.`, suggestion: didYouMean(name, ids) },
  }
}

function notNegative(mapping: Mapping, key: string): number | undefined {
  const value = mapping.number(key)
  if (value === undefined || value >= 0) return value
  mapping.source.report(mapping.at(key), 'wrong_value', `${key} of ${mapping.what} is below zero.`)
  return undefined
}
