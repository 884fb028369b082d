import type { DimensionFilter, Measure, TimeRange } from '@kivi/domain'
import { textColumn } from '../derived/names.ts'
import type { Bind } from './statement.ts'

/** SQL over raw `events`: the event counts for the measure. */
export function countsSql({ events, filter, expr }: Measure, bind: Bind): string {
  const conditions = [
    ...(events.length === 0 ? [] : [`event_type IN ${bind(events, 'Array(String)')}`]),
    ...(filter === null ? [] : [`(${filter.toSql()})`]),
    ...(expr === null ? [] : [`(${expr.toSql()}) IS NOT NULL`, `isFinite(assumeNotNull(${expr.toSql()}))`]),
  ]
  return conditions.length === 0 ? '1' : conditions.join(' AND ')
}

/** SQL over raw `events`: what lies in the range, of these types at least. */
export function inRange({ from, to }: TimeRange, measures: readonly Measure[], bind: Bind): string {
  const instant = (ms: number) => `fromUnixTimestamp64Milli(${bind(ms, 'Int64')}, 'UTC')`
  const types = [...new Set(measures.flatMap(measure => measure.events))]
  // what the table is sorted by
  const known = measures.every(measure => measure.events.length > 0)
  return [
    ...(known ? [`event_type IN ${bind(types, 'Array(String)')}`] : []),
    `event_time >= ${instant(from)} AND event_time < ${instant(to)}`,
  ].join(' AND ')
}

export const filtersSql = (filters: readonly DimensionFilter[], bind: Bind): string[] =>
  filters.map(filter => `has(${bind(filter.values, 'Array(String)')}, ${dimensionSql(filter.field)})`)

export const dimensionSql = (field: string): string => `toString(${textColumn(field)})`

/** How long raw events are kept, and the clock that tells which ones still are. */
export interface RawEvents {
  /** ms; 0: they are not kept */
  readonly keptMs: number
  readonly now: () => number
}

/** All events of the range are still there. */
export const isKept = ({ keptMs, now }: RawEvents, { from }: TimeRange): boolean => keptMs > 0 && from >= now() - keptMs
