/**
 * Persons on their way through a funnel. Each start (an event of the first step) looks for the next step's earliest
 * event strictly after it, from there for the next one, and so on: taking the earliest each time leaves the most time
 * for what follows, so a start gets as far as it can. Strictly after, so that no event is two steps, and events of one
 * ms say nothing about their order. A step counts when it comes less than the funnel's length after the start.
 */
import type { Catalog, Funnel, TimeRange } from '@kivi/domain'
import { textColumn } from '../derived/names.ts'
import { eventPerson, resolvePersons } from '../measures/persons.ts'
import { literal } from '../sql.ts'
import { within } from './ranges.ts'

export interface StartsQuestion {
  readonly funnel: Funnel
  /** texts of the first step's event that are wanted */
  readonly fields: readonly string[]
  /** when starts lie */
  readonly when: readonly TimeRange[]
  /** SQL of an instant (Float64, epoch ms): only what was known before it; null: all */
  readonly before: string | null
}

/**
 * A subquery with one row per start: `person`, `t` (Int64, epoch ms), `dims Array(String)`, `reached` (UInt8: the last
 * step, from 0), `times Array(Int64)`: when each step was reached, the start first.
 */
export function startsSql(catalog: Catalog, question: StartsQuestion): string {
  const { funnel } = question
  const later = funnel.steps.slice(1)
  const joins = later.map((_, index) => {
    const step = index + 1
    const before = step === 1 ? 's.t' : `e${step - 1}.t`
    return `ASOF LEFT JOIN ${stepSql(catalog, question, step)} AS e${step} ON s.whose = e${step}.whose AND ${before} < e${step}.t`
  })
  // where nothing follows, the join gives 0
  const reached = later.map((_, index) => {
    const steps = Array.from({ length: index + 1 }, (_, n) => `e${n + 1}.t > 0`)
    return `(${steps.join(' AND ')} AND e${index + 1}.t - s.t < ${funnel.withinMs})`
  })
  return `(SELECT s.whose AS person, s.t AS t, s.dims AS dims,
    toUInt8(${reached.length === 0 ? '0' : reached.join(' + ')}) AS reached,
    [${['s.t', ...later.map((_, index) => `e${index + 1}.t`)].join(', ')}]::Array(Int64) AS times
  FROM ${stepSql(catalog, question, 0)} AS s
  ${joins.join('\n  ')})`
}

function stepSql(catalog: Catalog, { funnel, fields, when, before }: StartsQuestion, step: number): string {
  const { events, filter } = funnel.steps[step]!
  const first = step === 0
  const reach = first ? when : when.map(({ from, to }) => ({ from, to: to + funnel.withinMs }))
  const conditions = [
    within('t', reach),
    ...(events.length === 0 ? [] : [`event_type IN (${events.map(literal).join(', ')})`]),
    ...(filter === null ? [] : [filter.toSql()]),
    ...(before === null ? [] : [`t < ${before}`]),
    'whose != 0',
  ]
  const dims = first
    ? `, ${fields.length === 0 ? 'emptyArrayString()' : `[${fields.map(field => `toString(${textColumn(field)})`).join(', ')}]`} AS dims`
    : ''
  const person = eventPerson(resolvePersons(catalog, before))
  return `(SELECT ${person} AS whose, toUnixTimestamp64Milli(event_time) AS t${dims} FROM events
    WHERE ${conditions.join(' AND ')})`
}
