/** What a rule is about: one of the keys that say so. */
import {
  CONDITION_NAMES,
  type Condition,
  type ConditionExpression,
  type ConditionName,
  type ConditionValues,
} from '@kivi/domain'
import { checkExpression } from '../../expression/check.ts'
import { evaluateCondition, evaluateNumber } from '../../expression/evaluate.ts'
import { type ConditionNode, ExpressionError, fieldsOf, type NumberNode, type Scope } from '../../expression/syntax.ts'
import type { Keys, Mapping } from '../../mapping.ts'
import { didYouMean } from '../../suggest.ts'
import { reportExpression } from '../read-expression.ts'
import { PERIODS } from '../targets.ts'
import { readLength } from './lengths.ts'

/** Exactly one of them stands in a rule. */
export const CONDITION_KEYS = [
  ...(['condition', 'anomaly', 'absent', 'pace', 'stalled', 'dead_letters', 'undelivered'] as const),
]
export const ANOMALY_KEYS: Keys = { known: ['baseline', 'history', 'score', 'recovery', 'direction'] }
export const PACE_KEYS: Keys = { known: ['per', 'after', 'tolerance'] }
export const BASELINES = ['weekly', 'recent'] as const
export const DIRECTIONS = ['any', 'up', 'down'] as const

/** Weeks of a weekly baseline, windows of a recent one. */
const HISTORY = { weekly: { fewest: 4, most: 26, usual: 8 }, recent: { fewest: 8, most: 200, usual: 30 } } as const
const SCORE = 4.5
/** A tenth of a period says little about its end. */
const PACE_AFTER = 0.2
const PACE_TOLERANCE = 0.05

export function readCondition(mapping: Mapping): Condition | null {
  const given = CONDITION_KEYS.filter(key => mapping.has(key))
  const [kind] = given
  if (kind === undefined || given.length > 1) {
    mapping.source.report(
      kind === undefined ? mapping.node : mapping.keyAt(given[1] as string),
      kind === undefined ? 'missing_key' : 'unknown_key',
      kind === undefined
        ? `${mapping.what} does not say when it fires.`
        : `${mapping.what} says twice when it fires: ${given.join(', ')}.`,
      kind === undefined ? `Give it one of ${CONDITION_KEYS.join(', ')}.` : 'Make two alerts of it.',
    )
    return null
  }
  if (kind !== 'condition')
    for (const key of ['recovery', 'certain'])
      if (mapping.has(key))
        mapping.source.report(mapping.keyAt(key), 'unknown_key', `${mapping.what} has ${key} without a condition.`)
  return READ[kind](mapping)
}

const READ: Readonly<Record<(typeof CONDITION_KEYS)[number], (mapping: Mapping) => Condition | null>> = {
  condition(mapping) {
    const fires = readHolds(mapping, 'condition')
    const recovers = mapping.has('recovery') ? readHolds(mapping, 'recovery') : null
    const certain = mapping.boolean('certain') ?? true
    if (fires === null || (mapping.has('recovery') && recovers === null)) return null
    return { kind: 'expression', fires, recovers, certain }
  },
  anomaly(mapping) {
    const anomaly = mapping.mapping('anomaly', `anomaly of ${mapping.what}`, ANOMALY_KEYS)
    if (anomaly === undefined) return null
    const baseline = anomaly.oneOf('baseline', BASELINES) ?? 'weekly'
    const { fewest, most, usual } = HISTORY[baseline]
    const history = inRange(anomaly, 'history', fewest, most) ?? usual
    const score = inRange(anomaly, 'score', 1, 100) ?? SCORE
    const recovery = inRange(anomaly, 'recovery', 0, score) ?? score
    return {
      kind: 'anomaly',
      baseline,
      history,
      score,
      recovery,
      direction: anomaly.oneOf('direction', DIRECTIONS) ?? 'any',
    }
  },
  absent(mapping) {
    const sinceMs = readLength(mapping, 'absent', 60_000)
    return sinceMs === undefined ? null : { kind: 'absent', sinceMs }
  },
  pace(mapping) {
    const pace = mapping.mapping('pace', `pace of ${mapping.what}`, PACE_KEYS)
    if (!pace?.require('per')) return null
    const per = pace.oneOf('per', PERIODS)
    const after = inRange(pace, 'after', 0, 1) ?? PACE_AFTER
    const tolerance = inRange(pace, 'tolerance', 0, 1) ?? PACE_TOLERANCE
    return per === undefined ? null : { kind: 'pace', per, after, tolerance }
  },
  stalled(mapping) {
    const behindMs = readLength(mapping, 'stalled', 60_000)
    return behindMs === undefined ? null : { kind: 'stalled', behindMs }
  },
  dead_letters(mapping) {
    const share = inRange(mapping, 'dead_letters', 0, 1)
    return share === undefined ? null : { kind: 'dead_letters', share }
  },
  undelivered(mapping) {
    const forMs = readLength(mapping, 'undelivered', 60_000)
    return forMs === undefined ? null : { kind: 'undelivered', forMs }
  },
}

export function inRange(mapping: Mapping, key: string, least: number, most: number): number | undefined {
  const value = mapping.number(key)
  if (value === undefined || (value >= least && value <= most)) return value
  mapping.source.report(
    mapping.at(key),
    'wrong_value',
    `${key} of ${mapping.what} is ${value}; it lies between ${least} and ${most}.`,
  )
  return undefined
}

const SCOPE: Scope = {
  noun: 'value',
  resolve: name =>
    (CONDITION_NAMES as readonly string[]).includes(name)
      ? { type: 'number' }
      : { error: `a condition knows no ${name}.`, suggestion: didYouMean(name, CONDITION_NAMES) },
}

/** The other side of a comparison of the value alone; null: it is another condition. */
function limitOf(node: ConditionNode): NumberNode | null {
  if (node.op !== '<' && node.op !== '<=' && node.op !== '>' && node.op !== '>=') return null
  const isValue = (side: NumberNode): boolean => side.op === 'field' && side.name === 'value'
  const limit = isValue(node.left) ? node.right : isValue(node.right) ? node.left : null
  return limit === null || fieldsOf({ type: 'number', node: limit }).includes('value') ? null : limit
}

function readHolds(mapping: Mapping, key: 'condition' | 'recovery'): ConditionExpression | null {
  const source = mapping.text(key)
  if (source === undefined) return null
  try {
    const checked = checkExpression(source, SCOPE)
    if (checked.type !== 'boolean')
      throw new ExpressionError(0, 'type_error', 'it is a number; a condition is needed.', 'Compare it: value < 10.')
    const { node } = checked
    const names = fieldsOf(checked) as ConditionName[]
    if (names.length === 0)
      throw new ExpressionError(0, 'type_error', 'it names no value: it would always be the same.')
    const lookup = (values: ConditionValues) => (name: string) => values[name as ConditionName] ?? null
    const limit = limitOf(node)
    return {
      ...{ source, names },
      holds: values => evaluateCondition(node, lookup(values)),
      threshold: values => (limit === null ? null : evaluateNumber(limit, lookup(values))),
    }
  } catch (error) {
    reportExpression(mapping, key, error)
    return null
  }
}
