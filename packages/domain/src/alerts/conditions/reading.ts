/** What conditions read: the windows that one needs at an instant, and what was found in them. */
import type { Catalog, Indicator } from '../../definitions/index.ts'
import type { Evaluation } from '../../indicators/sheet.ts'
import type { Window } from '../../indicators/window.ts'
import type { DimensionFilter } from '../../ranges.ts'
import { QUARTER_HOUR } from '../../slices.ts'
import type { Interval } from '../../statistics/index.ts'
import { type Calendar, DAY, floorTo } from '../../windows/index.ts'
import type { AlertRule } from '../types/rules.ts'

export interface Subject {
  readonly rule: AlertRule
  readonly indicator: Indicator
  readonly catalog: Catalog
  readonly calendar: Calendar
}

/** What was found at one instant in the windows that were asked for, by their index. */
export interface Reading {
  readonly windows: readonly Window[]
  at(index: number, group: readonly string[]): Evaluation
  /** 95 % interval of the value in the first window; null: it has none */
  interval(group: readonly string[]): Interval | null
}

/**
 * A window of the past as it is stored however old it is: two evaluations of one instant, hours apart, read the same
 * numbers although the finest slices of then may be gone.
 */
export function settled<W extends Window>(window: W, instant: number): W {
  if (window.to > instant - DAY) return window
  const [from, to] = [floorTo(window.from, QUARTER_HOUR), floorTo(window.to, QUARTER_HOUR)]
  return { ...window, from, to, whole: { from, to } }
}

/** The part of the whole that a group is, for targets. */
export function segmentOf(
  by: readonly string[],
  group: readonly string[],
  filters: readonly DimensionFilter[],
): Readonly<Record<string, string>> {
  const only = filters.flatMap(({ field, values }) => (values.length === 1 ? [[field, values[0] ?? ''] as const] : []))
  return Object.fromEntries([...only, ...by.map((name, i) => [name, group[i] ?? ''] as const)])
}
