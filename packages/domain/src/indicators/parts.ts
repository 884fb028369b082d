import type { AnyMeasure, Indicator } from '../definitions/index.ts'
import { type Evaluator, outcomeOf, type Scope } from './evaluate.ts'
import { idOf, inputsOf, measureOf, named } from './graph.ts'
import { meanParts, measureOutcome, type PartValue } from './measures.ts'
import { cumulativeWindow, offsetWindow } from './offsets.ts'
import type { Window } from './window.ts'

/** What a value was made of. */
export interface Parts {
  /** the measures in the window itself; and what growth is measured against, what a share is a part of */
  readonly parts: Readonly<Record<string, PartValue>>
  /** events that came after their slice was complete */
  readonly late: number
  /** the beginning of the earliest window of a measure: before that of the window asked where it is cumulative */
  readonly from: number
}

/** The measures that an indicator rests on, with their numbers in the window and group. */
export function partsOf(
  evaluator: Evaluator,
  indicator: Indicator,
  window: Window,
  scope: Scope,
  group: readonly string[],
): Parts {
  const { catalog, calendar, cells } = evaluator
  const parts: Record<string, PartValue> = {}
  let late = 0
  let from = window.from

  const take = (measure: AnyMeasure, over: Window): void => {
    if (measure.id in parts) return
    const range = cells.stored(measure, over)
    const cell = range === null ? undefined : cells.cell(measure, range, scope, group)
    const begun = range !== null && cells.begun(range)
    late += cell?.late ?? 0
    from = Math.min(from, over.from)
    if (indicator.type === 'simple' && measure.agg === 'mean') Object.assign(parts, meanParts(cell, begun))
    else parts[measure.id] = measureOutcome(measure, cell, begun).value
  }
  const visit = (within: Indicator, id: string, over: Window): void => {
    const found = named(catalog, id, within)
    if (found.kind === 'measure') take(found.measure, over)
    else visitAll(found.indicator, over)
  }
  const visitAll = (of: Indicator, over: Window): void => {
    switch (of.type) {
      case 'simple': {
        const measure = measureOf(catalog, of.measure)
        if (measure !== undefined) take(measure, over)
        return
      }
      case 'cumulative':
        return visit(of, of.of, cumulativeWindow(over, of.over, calendar))
      case 'derived':
        for (const name of of.inputs) {
          const id = idOf(of, name)
          if (id !== null && !of.offsets.has(name)) visit(of, id, over)
        }
        return
      default:
        for (const id of inputsOf(of)) visit(of, id, over)
    }
  }
  visitAll(indicator, window)

  const other = (name: string, id: string, over: Window, within: Scope, part: readonly string[]): void => {
    // a measure of that name goes before
    if (!(name in parts)) parts[name] = outcomeOf(evaluator, indicator, id, over, within, part).value
  }
  if (indicator.type === 'growth')
    other('previous', indicator.of, offsetWindow(window, indicator.against, calendar), scope, group)
  if (indicator.type === 'derived')
    for (const [name, { of, offset }] of indicator.offsets)
      other(name, of, offsetWindow(window, offset, calendar), scope, group)
  return { parts, late, from }
}
