import type { Indicator, Zone } from '@kivi/domain'
import type { Keys, Mapping } from '../mapping.ts'
import { type DeclaredInterval, type DeclaredRecording, readBenchmarks, readInterval, readRecording } from './beside.ts'
import type { Formula } from './formulas/formula.ts'
import { INDICATOR_TYPES, type IndicatorType, KEYS_OF_TYPES, TYPE_KEYS } from './formulas/keys.ts'
import { readName } from './formulas/names.ts'
import { readFormula, refuseKeysOfOtherTypes } from './formulas/read.ts'
import { isWrittenOut, writtenOutFormula } from './formulas/written-out.ts'
import { readKnownUnit } from './measures.ts'
import { PLANNED_INDICATOR_KEYS } from './planned.ts'
import { type PlacedTarget, readTargets, readWindow } from './targets.ts'
import { readText } from './text.ts'

export const LEVELS = ['company', 'department', 'team', 'project', 'individual'] as const
export const KINDS = ['strategic', 'operational', 'functional'] as const
export const TIMINGS = ['leading', 'lagging'] as const

/** Keys that indicators of every type may have. */
const COMMON_KEYS = [
  'label',
  'description',
  'type',
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
  'rolling',
  'benchmarks',
  'record',
  'interval',
  'provisional_while',
  'source',
] as const

export const INDICATOR_KEYS: Keys = {
  known: [...COMMON_KEYS, ...KEYS_OF_TYPES],
  planned: PLANNED_INDICATOR_KEYS,
}

/** What the file says of an indicator, before it is joined with what it refers to. */
export interface DeclaredIndicator {
  readonly id: string
  readonly mapping: Mapping
  readonly formula: Formula
  readonly declared: Indicator['declared']
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
  readonly rolling: boolean | undefined
  readonly benchmarks: Indicator['benchmarks']
  readonly record: DeclaredRecording | null
  readonly interval: DeclaredInterval
  readonly provisional_while: string | null
  readonly source: string | null
}

/** `ids`: every measure and indicator there is. */
export function readIndicator(
  id: string,
  mapping: Mapping,
  ids: ReadonlySet<string>,
  zone: Zone,
): DeclaredIndicator | null {
  if (!mapping.require('type')) return null
  const type = mapping.oneOf('type', INDICATOR_TYPES)
  const formula = type === undefined ? null : readAnyFormula(id, type, mapping, ids)
  if (type !== undefined) refuseKeysOfOtherTypes(type, mapping)
  const label = readText(mapping, 'label')
  if (type !== 'simple') mapping.require('label')
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
    // of a cumulative, window is the length that it is cumulated over
    window: (type === 'cumulative' ? undefined : readWindow(mapping)) ?? '1d',
    board: mapping.boolean('board') ?? false,
    targets: readTargets(mapping, owner, zone),
    at_risk_within: notNegative(mapping, 'at_risk_within') ?? 0.1,
    minimum_volume: notNegative(mapping, 'minimum_volume') ?? null,
    rolling: mapping.boolean('rolling'),
    benchmarks: readBenchmarks(mapping),
    record: readRecording(mapping),
    interval: readInterval(mapping),
    provisional_while: readName(mapping, 'provisional_while', ids) ?? null,
    source: mapping.text('source') ?? null,
    declared: isWrittenOut(type) ? type : null,
  }
  return formula && { ...declared, formula }
}

function readAnyFormula(id: string, type: IndicatorType, mapping: Mapping, ids: ReadonlySet<string>): Formula | null {
  if (!mapping.require(...TYPE_KEYS[type].required)) return null
  return isWrittenOut(type) ? writtenOutFormula(id, type, mapping) : readFormula(id, type, mapping, ids)
}

function notNegative(mapping: Mapping, key: string): number | undefined {
  const value = mapping.number(key)
  if (value === undefined || value >= 0) return value
  mapping.source.report(mapping.at(key), 'wrong_value', `${key} of ${mapping.what} is below zero.`)
  return undefined
}
