/**
 * Events that are no customer's doing: bots, the company's own people, tests. They are stored like all others, and no
 * measure, entity or funnel counts them unless it says so by `traffic`.
 */
import type { EventType } from '@kivi/domain'
import { COMMON_FIELDS, COMMON_IDENTIFIERS } from '../events/common-fields.ts'
import { type CompiledExpression, compiledOf } from '../expression/compile.ts'
import { type ConditionNode, ExpressionError } from '../expression/syntax.ts'
import { Mapping } from '../mapping.ts'
import { didYouMean } from '../suggest.ts'
import { eventScope } from './event-scope.ts'
import { readExpression, reportExpression } from './read-expression.ts'
import type { Settings } from './settings.ts'

export interface InvalidTraffic {
  /** what makes an event invalid, by the name that kivi.yaml gives it */
  readonly conditions: ReadonlyMap<string, CompiledExpression>
  /** names whose condition could not be read, which is told */
  readonly unread: ReadonlySet<string>
  /** any of the conditions; null: there are none */
  readonly invalid: CompiledExpression | null
  /** none of them */
  readonly valid: CompiledExpression | null
}

/** What `traffic` of a definition can be beside the name of a condition. */
const TRAFFIC = ['valid', 'invalid', 'all'] as const

export const NO_INVALID_TRAFFIC: InvalidTraffic = {
  conditions: new Map(),
  unread: new Set(),
  invalid: null,
  valid: null,
}

const NAME = /^[a-z][a-z0-9_]{0,63}$/

/** What every event has, whatever its type: an event is invalid or not for all that read it. */
const ANY_EVENT: EventType = {
  name: 'an event of any type',
  description: { en: '' },
  fields: COMMON_FIELDS,
  required: [],
  defaults: new Map(),
  identifiers: new Set(COMMON_IDENTIFIERS),
}

/** `invalid_traffic` of kivi.yaml. */
export function readInvalidTraffic({ source }: Settings): InvalidTraffic {
  const root = source === null ? undefined : Mapping.read(source, source.root, 'kivi.yaml', null)
  const section = root?.mapping('invalid_traffic', 'invalid_traffic', null)
  if (section === undefined) return NO_INVALID_TRAFFIC
  const conditions = new Map<string, CompiledExpression>()
  const unread = new Set<string>()
  for (const name of section.names) {
    const condition = readCondition(section, name)
    if (condition === null) unread.add(name)
    else conditions.set(name, condition)
  }
  return { conditions, unread, ...combined([...conditions.values()]) }
}

function readCondition(section: Mapping, name: string): CompiledExpression | null {
  if (!NAME.test(name))
    section.source.report(
      section.keyAt(name),
      'bad_id',
      `${name} cannot name a condition: small letters, digits and _ only, a letter first, at most 64.`,
    )
  else if ((TRAFFIC as readonly string[]).includes(name))
    section.source.report(
      section.keyAt(name),
      'bad_id',
      `${name} means something else where a measure says which traffic it counts.`,
      `Name it ${name}_traffic, for example.`,
    )
  const condition = readExpression(section, name, eventScope([ANY_EVENT]), 'boolean')
  if (condition === null) return null
  // every field that all events have is a text: no condition over them is ever without an answer
  if (condition.fields.length > 0 && readsTextsOnly(condition.checked.node as ConditionNode)) return condition
  reportExpression(
    section,
    name,
    new ExpressionError(
      0,
      'type_error',
      'the condition does not depend on the event alone.',
      "Compare a field that every event has, or a property: properties.traffic == 'bot'.",
    ),
  )
  return null
}

function readsTextsOnly(node: ConditionNode): boolean {
  switch (node.op) {
    case 'is':
    case 'has':
      return true
    case 'not':
      return readsTextsOnly(node.of)
    case 'and':
    case 'or':
      return readsTextsOnly(node.left) && readsTextsOnly(node.right)
    default:
      return false
  }
}

function combined(conditions: readonly CompiledExpression[]): Pick<InvalidTraffic, 'invalid' | 'valid'> {
  if (conditions.length === 0) return { invalid: null, valid: null }
  const source = conditions.length === 1 ? conditions[0]!.source : conditions.map(c => `(${c.source})`).join(' || ')
  const node = conditions
    .map(condition => condition.checked.node as ConditionNode)
    .reduce((left, right) => ({ op: 'or', left, right }))
  return {
    invalid: compiledOf(source, { type: 'boolean', node }),
    valid: compiledOf(`!(${source})`, { type: 'boolean', node: { op: 'not', of: node } }),
  }
}

/** What `traffic` of a definition makes its events fulfil beside their own conditions; null: nothing. */
export function readTraffic(mapping: Mapping, traffic: InvalidTraffic): CompiledExpression | null {
  const name = mapping.has('traffic') ? mapping.text('traffic') : 'valid'
  switch (name) {
    case undefined:
    case 'valid':
      return traffic.valid
    case 'all':
      return null
    case 'invalid':
      return traffic.invalid ?? NOTHING
    default: {
      const condition = traffic.conditions.get(name)
      if (condition !== undefined) return condition
      if (!traffic.unread.has(name))
        mapping.source.report(
          mapping.at('traffic'),
          'unknown_name',
          `traffic of ${mapping.what}: kivi.yaml has no invalid_traffic ${name}.`,
          didYouMean(name, [...TRAFFIC, ...traffic.conditions.keys()]) ??
            `Write ${[...TRAFFIC, ...traffic.conditions.keys()].join(', ')}.`,
        )
      return null
    }
  }
}

/** where nothing is invalid */
const NOTHING = compiledOf('false', { type: 'boolean', node: { op: 'boolean', value: false } })
