import type { EventSelection, EventType, Expression } from '@kivi/domain'
import type { Mapping } from '../mapping.ts'
import type { ProblemCode } from '../problems.ts'
import type { Node } from '../source.ts'
import { didYouMean } from '../suggest.ts'
import { type EventScope, eventScope } from './event-scope.ts'
import type { InvalidTraffic } from './invalid-traffic.ts'
import { readExpression } from './read-expression.ts'

/** What definitions over events share. */
export interface EventWorld {
  readonly eventTypes: ReadonlyMap<string, EventType>
  /** what `event: active` stands for, invalid traffic included; null: kivi.yaml does not say */
  readonly active: readonly EventSelection[] | null
  /** which events are nobody's doing */
  readonly traffic: InvalidTraffic
  /** what events fulfil that are read at all; null: nothing */
  readonly counted: Expression | null
}

/** the fields of all types that the selections name */
export function scopeOfSelections(selections: readonly EventSelection[], { eventTypes }: EventWorld): EventScope {
  const all = selections.some(({ events }) => events.length === 0)
  const names = all ? eventTypes.keys() : new Set(selections.flatMap(selection => selection.events))
  return eventScope([...names].sort().map(name => eventTypes.get(name)!))
}

/** Event types by name, none for all, or what makes a person active. */
export type EventNames = readonly string[] | 'active'

/** `event` of a mapping: a type, several, `'*'` for all, or `active`. Reports what is wrong, and answers null then. */
export function readEventNames(mapping: Mapping, { eventTypes, active }: EventWorld): EventNames | null {
  const named = mapping.someTexts('event')
  if (named === undefined || named.length === 0) return null
  if (named.length === 1 && named[0]!.value === '*') return []
  let known = true
  const refuse = (node: Node, ...[code, message, advice]: [ProblemCode, string, string | undefined]): void => {
    known = false
    mapping.source.report(node, code, message, advice)
  }
  for (const { value, node } of named) {
    if (eventTypes.has(value)) continue
    if (value !== 'active')
      refuse(
        node,
        'unknown_name',
        `there is no event type ${value}.`,
        didYouMean(value, [...eventTypes.keys(), 'active']) ?? `Add events/${value}.avsc to declare it.`,
      )
    else if (active === null || active.length === 0)
      refuse(
        node,
        'unknown_name',
        'kivi.yaml does not say which events make a person active.',
        'Add active: { events: […] } to it.',
      )
    else if (named.length > 1)
      refuse(
        node,
        'wrong_value',
        `event of ${mapping.what} names active beside event types.`,
        'List them under from: [{ event: active }, { event: … }].',
      )
  }
  if (!known) return null
  const names = [...new Set(named.map(n => n.value))].sort()
  return names.length === 1 && names[0] === 'active' && !eventTypes.has('active') ? 'active' : names
}

/** The events of these names that fulfil `filter` of the mapping and are counted at all. */
export function selectionsOf(names: EventNames, mapping: Mapping, world: EventWorld): readonly EventSelection[] {
  const selections = names === 'active' ? (world.active ?? []) : [{ events: names, filter: null }]
  const filter = readExpression(mapping, 'filter', scopeOfSelections(selections, world), 'boolean')
  return selections.map(({ events, filter: own }) => ({
    events,
    filter: counted(own === null || filter === null ? (own ?? filter) : both(own, filter), world),
  }))
}

/** What makes a person active, of the events that are counted. */
export const activeOf = ({ active, ...world }: Pick<EventWorld, 'active' | 'traffic' | 'counted'>): EventSelection[] =>
  (active ?? []).map(({ events, filter }) => ({ events, filter: counted(filter, world) }))

function counted(own: Expression | null, world: Pick<EventWorld, 'traffic' | 'counted'>): Expression | null {
  const shared = world.counted
  if (shared === null) return own
  const all = own === null ? shared : both(own, shared)
  return shared === world.traffic.valid ? { ...all, parts: { own, shared } } : all
}

function both(a: Expression, b: Expression): Expression {
  return {
    source: `(${a.source}) && (${b.source})`,
    type: 'boolean',
    fields: [...new Set([...a.fields, ...b.fields])].sort(),
    evaluate(event) {
      const [x, y] = [a.evaluate(event), b.evaluate(event)]
      if (x === false || y === false) return false
      return x === true && y === true ? true : null
    },
    toColumns: layout => `(${a.toColumns(layout)} && ${b.toColumns(layout)})`,
    toSql: () => `(${a.toSql()} AND ${b.toSql()})`,
  }
}
