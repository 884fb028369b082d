import { compileDerived } from '../../expression/compile.ts'
import type { Scope } from '../../expression/syntax.ts'
import type { Mapping } from '../../mapping.ts'
import { didYouMean } from '../../suggest.ts'
import { reportExpression } from '../read-expression.ts'
import { PERIODS, readWindowMs } from '../targets.ts'
import { type Formula, WINDOW_NAMES } from './formula.ts'
import { type IndicatorType, KEYS_OF_TYPES, keysOfType } from './keys.ts'
import { readName } from './names.ts'
import { wholeNumber } from './numbers.ts'
import { readAgainst, readOffsets } from './offsets.ts'

/** Types whose formula the file says; the others are written out as ratios (written-out.ts). */
type PlainType = Exclude<IndicatorType, 'conversion' | 'retention' | 'funnel'>

type Read = (mapping: Mapping, ids: ReadonlySet<string>, id: string) => Formula | null

/** `ids`: every measure and indicator there is. Its required keys are there. Null where one of them is wrong, which is then reported. */
export function readFormula(id: string, type: PlainType, mapping: Mapping, ids: ReadonlySet<string>): Formula | null {
  return READ[type](mapping, ids, id)
}

/** Reports keys that belong to other types. */
export function refuseKeysOfOtherTypes(type: IndicatorType, mapping: Mapping): void {
  const own = keysOfType(type)
  for (const key of KEYS_OF_TYPES) {
    if (!mapping.has(key) || own.includes(key)) continue
    mapping.source.report(
      mapping.keyAt(key),
      'unknown_key',
      `${mapping.what} is of type ${type}, which has no ${key}.`,
      `It has ${listed(own)}.`,
    )
  }
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

const READ: Readonly<Record<PlainType, Read>> = {
  simple(mapping, ids, id) {
    const measure = mapping.has('measure') ? readName(mapping, 'measure', ids) : ownMeasure(id, mapping, ids)
    return measure === undefined ? null : { type: 'simple', measure }
  },
  ratio(mapping, ids) {
    const numerator = readName(mapping, 'numerator', ids)
    const denominator = readName(mapping, 'denominator', ids)
    return numerator === undefined || denominator === undefined ? null : { type: 'ratio', numerator, denominator }
  },
  derived(mapping, ids) {
    const expr = mapping.text('expr')
    const offsets = readOffsets(mapping, ids)
    if (expr === undefined || offsets === null) return null
    try {
      const compiled = compileDerived(expr, scopeOf(ids, offsets))
      refuseUnused(mapping, [...offsets.keys()], compiled.inputs)
      return { type: 'derived', expr, offsets, ...compiled }
    } catch (error) {
      reportExpression(mapping, 'expr', error)
      return null
    }
  },
  cumulative(mapping, ids) {
    const of = readName(mapping, 'of', ids)
    const over = readOver(mapping)
    return of === undefined || over === undefined ? null : { type: 'cumulative', of, over }
  },
  growth(mapping, ids) {
    const of = readName(mapping, 'of', ids)
    const against = mapping.has('against') ? readAgainst(mapping) : ({ kind: 'previous' } as const)
    const as = mapping.oneOf('as', GROWTH_AS) ?? 'ratio'
    return of === undefined || against === undefined ? null : { type: 'growth', of, against, as }
  },
  share(mapping, ids) {
    const of = readName(mapping, 'of', ids)
    const by = mapping.text('by')
    return of === undefined || by === undefined ? null : { type: 'share', of, by }
  },
  mean(mapping, ids) {
    const of = readName(mapping, 'of', ids)
    const per = mapping.oneOf('per', PERIODS)
    const opening = mapping.boolean('opening') ?? false
    return of === undefined || per === undefined ? null : { type: 'mean', of, per, opening }
  },
  weighted(mapping, ids) {
    const of = readName(mapping, 'of', ids)
    const by = mapping.text('by')
    const weights = readWeights(mapping)
    return of === undefined || by === undefined || weights === null ? null : { type: 'weighted', of, by, weights }
  },
  correlation(mapping, ids) {
    const x = readName(mapping, 'x', ids)
    const y = readName(mapping, 'y', ids)
    const lags = readLags(mapping)
    return x === undefined || y === undefined || lags === undefined ? null : { type: 'correlation', x, y, lags }
  },
}

export const GROWTH_AS = ['ratio', 'difference'] as const

/** More lags than a quarter find a correlation by chance too easily to be told. */
export const MOST_LAGS = 90

/** `measure` left out: the indicator presents the measure of its own id */
function ownMeasure(id: string, mapping: Mapping, ids: ReadonlySet<string>): string | undefined {
  if (ids.has(id)) return id
  mapping.require('measure')
  return undefined
}

function scopeOf(ids: ReadonlySet<string>, offsets: ReadonlyMap<string, unknown>): Scope {
  const known = new Set([...ids, ...offsets.keys(), ...WINDOW_NAMES])
  return {
    noun: 'measure or indicator',
    resolve: name =>
      known.has(name)
        ? { type: 'number' }
        : { error: `there is no measure or indicator ${name}.`, suggestion: didYouMean(name, known) },
  }
}

function refuseUnused(mapping: Mapping, names: readonly string[], used: readonly string[]): void {
  const offsets = mapping.mapping('offsets', '', null)
  for (const name of names)
    if (!used.includes(name))
      mapping.source.report(
        offsets!.keyAt(name),
        'unknown_name',
        `${mapping.what} does not use its offset ${name} in expr.`,
        'Remove it, or name it in expr.',
      )
}

type Over = Extract<Formula, { type: 'cumulative' }>['over']

const LENGTHS = ['window', 'days', 'grain_to_date', 'ever'] as const

/** Exactly one of the keys that say over what is cumulated. */
function readOver(mapping: Mapping): Over | undefined {
  const [key, other] = LENGTHS.filter(name => mapping.has(name))
  if (key === undefined) {
    mapping.source.report(
      mapping.keyOf(),
      'missing_key',
      `${mapping.what} does not say over what it is cumulated.`,
      'Add days: 30, window: 30d, grain_to_date: month, or ever: true.',
    )
    return undefined
  }
  if (other !== undefined) {
    mapping.source.report(
      mapping.keyAt(other),
      'ambiguous_window',
      `${mapping.what} is cumulated over both ${key} and ${other}.`,
      'Keep one of them.',
    )
    return undefined
  }
  if (key === 'window') {
    const ms = readWindowMs(mapping)
    return ms === undefined ? undefined : { ms }
  }
  if (key === 'days') {
    const days = wholeNumber(mapping, 'days', 1, 3_660)
    return days === undefined ? undefined : { days }
  }
  if (key === 'grain_to_date') {
    const grain = mapping.oneOf('grain_to_date', PERIODS)
    return grain === undefined ? undefined : { grain }
  }
  const ever = mapping.boolean('ever')
  if (ever === false)
    mapping.source.report(mapping.at('ever'), 'wrong_value', `ever of ${mapping.what} can only be true.`)
  return ever ? 'ever' : undefined
}

function readLags(mapping: Mapping): number | undefined {
  return mapping.has('lags') ? wholeNumber(mapping, 'lags', 0, MOST_LAGS) : 0
}

/** `weights: { price: 2 }`; null where one of them is none. */
function readWeights(mapping: Mapping): Record<string, number> | null {
  const section = mapping.mapping('weights', `weights of ${mapping.what}`, null)
  if (section === undefined) return mapping.has('weights') ? null : {}
  const weights: [string, number][] = []
  for (const name of section.names) {
    const weight = section.number(name)
    if (weight !== undefined && weight >= 0) weights.push([name, weight])
    else if (weight !== undefined)
      section.source.report(section.at(name), 'wrong_value', `${name} in ${section.what} is below zero.`)
  }
  return weights.length === section.names.length ? Object.fromEntries(weights) : null
}
