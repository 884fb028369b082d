/**
 * Which days and rows of an entity a question can depend on. A year of everybody is folded only where it matters:
 * most questions are about what happened lately.
 */
import {
  type AskedRange,
  DAY,
  type Entity,
  type EntityExpression,
  type EntityMeasure,
  type ReadingAt,
  type TimeRange,
} from '@kivi/domain'
import { type Asked, fieldsOf, groupFieldsOf } from './asked.ts'
import { span } from './ranges.ts'
import { fieldOf } from './rows.ts'
import { SESSION_REACH } from './sessions.ts'

/** Instants [from, to) by field; infinite where there is no bound. */
type Instants = ReadonlyMap<string, TimeRange>

export interface Reach {
  /** by field: no observation outside of it changes an answer */
  readonly reads: Instants
  /** a row counts only if one of these fields was observed then; null: it may count without */
  readonly needs: Instants | null
}

const ALWAYS: TimeRange = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }

/** The reach of all measures that are asked of an entity at once. */
export function reachOf(entity: Entity, measures: readonly Asked[], known: number): Reach {
  const each = measures.map(asked => measureReach(entity, asked, known))
  const needs = each.map(reach => reach.needs)
  return {
    reads: union(each.map(reach => reach.reads)),
    needs: needs.includes(null) ? null : union(needs.filter(one => one !== null)),
  }
}

/** Of one measure; whose rows are looked at by others, no row can be left out. */
function measureReach(entity: Entity, asked: Asked, known: number): Reach {
  const peers = fieldsOf(asked).flatMap(name => entity.peers.get(name) ?? [])
  const always = [...groupFieldsOf(asked), ...peers.flatMap(peer => [peer.of, ...peer.same])]
  const told = timedReach(entity, asked.measure, asked.ranges, known)
  const own = [...told.reads].filter(([name]) => entity.fields.has(name))
  return {
    reads: union([new Map(own), new Map(always.map(name => [name, ALWAYS]))]),
    needs: peers.length > 0 ? null : told.needs,
  }
}

function timedReach(entity: Entity, measure: EntityMeasure, ranges: readonly AskedRange[], known: number): Reach {
  const all = span(ranges)
  const at = (rest: Partial<ReadingAt>): ReadingAt => ({ window: null, each: null, known, ...rest })
  const expressions = [measure.filter, measure.expr, measure.distinct].filter(expression => expression !== null)
  const reads = (reading: ReadingAt) => expressions.map(expression => expression.reads(reading))
  const { timing } = measure
  switch (timing.kind) {
    case 'at':
      return {
        reads: union([timing.time.reads(at({})), ...reads(at({}))]),
        needs: narrower(observedAt(entity, timing.time, all), measure.filter?.needs(at({})) ?? null),
      }
    case 'each': {
      // an observation of a day is told with all of its local day
      const near = timing.per === 'day' ? { from: all.from - 2 * DAY, to: all.to + 2 * DAY } : all
      const seen: Instants = new Map([[timing.list, timing.time === null ? near : ALWAYS]])
      const reading = at({ each: timing.time === null ? near : null })
      return {
        reads: union([seen, ...(timing.time === null ? [] : [timing.time.reads(reading)]), ...reads(reading)]),
        needs: narrower(timing.time === null ? seen : null, measure.filter?.needs(reading) ?? null),
      }
    }
    case 'end': {
      const needs = ranges.map(range => measure.filter?.needs(at({ window: range })) ?? null)
      return {
        reads: union(ranges.flatMap(range => reads(at({ window: range })).map(one => before(one, range.to)))),
        needs: needs.includes(null) ? null : union(needs.filter(one => one !== null)),
      }
    }
  }
}

/** Fields of which an observation lies in the range where the time does. */
function observedAt(entity: Entity, { times }: EntityExpression, range: TimeRange): Instants | null {
  if (times === null || !times.every(name => entity.fields.has(name))) return null
  // a list's observations are told by their own times; one value has to be that of an event's time
  const told = times.every(name => {
    const field = fieldOf(entity, name)
    return field.agg === 'list' || field.value.kind === 'time'
  })
  return told ? new Map(times.map(name => [name, range])) : null
}

const before = (reads: Instants, end: number): Instants =>
  new Map([...reads].map(([name, { from, to }]) => [name, { from, to: Math.min(to, end) }]))

const narrower = (a: Instants | null, b: Instants | null): Instants | null => {
  if (a === null || b === null) return a ?? b
  const length = (instants: Instants) => {
    const { from, to } = span([...instants.values()])
    return to - from
  }
  return length(a) <= length(b) ? a : b
}

function union(all: readonly Instants[]): Instants {
  const found = new Map<string, TimeRange>()
  for (const instants of all)
    for (const [name, range] of instants) {
      const known = found.get(name)
      found.set(name, known === undefined ? range : span([known, range]))
    }
  return found
}

/** Sessions that hold something of the range, and what decides about them, lie within it. */
export const aroundSessions = ({ from, to }: TimeRange): TimeRange => ({
  // local days have up to 25 hours
  from: from - (SESSION_REACH.before + 2) * DAY,
  to: to + (SESSION_REACH.after + 2) * DAY,
})
