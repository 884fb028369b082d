import type { AnyMeasure, Catalog, Indicator } from '../definitions/index.ts'
import type { MergedParts } from '../ports/slice-source.ts'
import type { AskedRange, DimensionFilter, TimeRange } from '../ranges.ts'
import { correlateDays } from '../statistics/index.ts'
import type { Calendar } from '../windows/index.ts'
import { settleDerived } from './decimals.ts'
import { idOf, measureOf, named } from './graph.ts'
import { measureOutcome, type Outcome } from './measures.ts'
import {
  cumulativeWindow,
  offsetWindow,
  openingAndClosings,
  wholePeriods,
  windowDays,
  windowMonths,
} from './offsets.ts'
import { difference, growth, meanOfLevels, meanOfPeriods, quotient, type Weighed, weightedMean } from './outcomes.ts'
import type { Window } from './window.ts'

/** Which part of the whole: dimensions that are told apart, and filters. */
export interface Scope {
  readonly by: readonly string[]
  readonly filters: readonly DimensionFilter[]
}

/**
 * Where the numbers of measures come from. The first time an indicator is evaluated nothing is known and every
 * question is only noted; then all are read at once, and it is evaluated again. So what an indicator asks for must not
 * depend on what it is told.
 */
export interface CellSource {
  cell(measure: AnyMeasure, range: AskedRange, scope: Scope, group: readonly string[]): MergedParts | undefined
  /** groups of the scope of which anything is known in the range */
  groups(measure: AnyMeasure, range: AskedRange, scope: Scope): ReadonlyArray<readonly string[]>
  /**
   * The window as it is stored, of an earlier one perhaps with coarser bounds, with the windows before it where the
   * measure looks at them; null: nothing is left of it
   */
  stored(measure: AnyMeasure, window: Window): AskedRange | null
  /** has the range begun for what is known? */
  begun(range: TimeRange): boolean
}

export interface Evaluator {
  readonly catalog: Catalog
  readonly calendar: Calendar
  readonly cells: CellSource
}

/** The number of an id, named within an indicator, in a window and group. */
export function outcomeOf(
  evaluator: Evaluator,
  within: Indicator,
  id: string,
  window: Window,
  scope: Scope,
  group: readonly string[],
): Outcome {
  const found = named(evaluator.catalog, id, within)
  return found.kind === 'measure'
    ? ofMeasure(evaluator, found.measure, window, scope, group)
    : evaluate(evaluator, found.indicator, window, scope, group)
}

function ofMeasure(
  { cells }: Evaluator,
  measure: AnyMeasure,
  window: Window,
  scope: Scope,
  group: readonly string[],
): Outcome {
  const range = cells.stored(measure, window)
  if (range === null) return { value: null, reason: 'no_data', n: 0 }
  return measureOutcome(measure, cells.cell(measure, range, scope, group), cells.begun(range))
}

/**
 * The number of an indicator in a window and group. Ratios divide sums of the whole window and group, so they are
 * never averages of ratios.
 */
export function evaluate(
  evaluator: Evaluator,
  indicator: Indicator,
  window: Window,
  scope: Scope,
  group: readonly string[],
): Outcome {
  const { catalog, calendar } = evaluator
  const of = (id: string, over: Window = window): Outcome => outcomeOf(evaluator, indicator, id, over, scope, group)
  switch (indicator.type) {
    case 'simple': {
      // an indicator of the measure's name may stand before it
      const measure = measureOf(catalog, indicator.measure)
      if (measure === undefined) throw new Error(`the catalog has no measure ${indicator.measure}`)
      return ofMeasure(evaluator, measure, window, scope, group)
    }
    case 'ratio':
      return quotient(of(indicator.numerator), of(indicator.denominator))
    case 'derived':
      return ofExpression(evaluator, indicator, window, of)
    case 'cumulative':
      return of(indicator.of, cumulativeWindow(window, indicator.over, calendar))
    case 'growth': {
      const now = of(indicator.of)
      const before = of(indicator.of, offsetWindow(window, indicator.against, calendar))
      return indicator.as === 'ratio' ? growth(now, before) : difference(catalog, indicator, now, before)
    }
    case 'share':
      return quotient(of(indicator.of), ofAllGroups(evaluator, indicator, window, scope, group))
    case 'mean':
      return indicator.opening
        ? meanOfLevels(openingAndClosings(window, indicator.per, calendar).map(part => of(indicator.of, part)))
        : meanOfPeriods(wholePeriods(window, indicator.per, calendar).map(part => of(indicator.of, part)))
    case 'weighted':
      return weightedMean(groupOutcomes(evaluator, indicator, window, scope, group))
    case 'correlation': {
      const days = wholePeriods(window, 'day', calendar)
      const values = (id: string) => days.map(day => of(id, day).value)
      const [first] = days
      // 1970-01-01 was a Thursday
      const weekday = first === undefined ? 0 : (((calendar.zone.day(first.from).date + 4) % 7) + 7) % 7
      const found = correlateDays(values(indicator.x), values(indicator.y), indicator.lags, weekday)
      if (found.best === null)
        return { value: null, reason: found.lags.length === 0 ? 'too_few' : 'no_data', n: found.days }
      return { value: found.best.r, reason: null, n: found.best.n }
    }
  }
}

function ofExpression(
  { catalog, calendar }: Evaluator,
  indicator: Extract<Indicator, { type: 'derived' }>,
  window: Window,
  of: (id: string, over?: Window) => Outcome,
): Outcome {
  const inputs: Record<string, number | null> = {}
  let reason: Outcome['reason'] = null
  let n = Number.POSITIVE_INFINITY
  for (const name of indicator.inputs) {
    const id = idOf(indicator, name)
    if (id === null) {
      inputs[name] = name === 'window_days' ? windowDays(window, calendar) : windowMonths(window, calendar)
      continue
    }
    const offset = indicator.offsets.get(name)?.offset
    const input = of(id, offset === undefined ? window : offsetWindow(window, offset, calendar))
    inputs[name] = input.value
    reason ??= input.reason
    // of a net share such as NPS the answers count, not the few that were against
    if (!indicator.net || id === indicator.net.all) n = Math.min(n, input.n)
  }
  const computed = indicator.compute(inputs)
  const value = computed !== null && Number.isFinite(computed) ? settleDerived(catalog, indicator, computed) : null
  // with every input a number, only a division by zero gives none
  return { value, reason: value === null ? (reason ?? 'zero_denominator') : null, n: Number.isFinite(n) ? n : 0 }
}

/** The total that a share is a part of: the dimension of the share neither told apart nor filtered. */
function ofAllGroups(
  evaluator: Evaluator,
  indicator: Extract<Indicator, { type: 'share' }>,
  window: Window,
  scope: Scope,
  group: readonly string[],
): Outcome {
  const kept = (_: unknown, place: number) => scope.by[place] !== indicator.by
  const all: Scope = {
    by: scope.by.filter(kept),
    filters: scope.filters.filter(filter => filter.field !== indicator.by),
  }
  return outcomeOf(evaluator, indicator, indicator.of, window, all, group.filter(kept))
}

function groupOutcomes(
  evaluator: Evaluator,
  indicator: Extract<Indicator, { type: 'weighted' }>,
  window: Window,
  scope: Scope,
  group: readonly string[],
): Weighed[] {
  const { cells } = evaluator
  const weigh = (name: string, outcome: Outcome): Weighed => ({ ...outcome, weight: indicator.weights[name] ?? 1 })
  const place = scope.by.indexOf(indicator.by)
  if (place >= 0)
    return [weigh(group[place] as string, outcomeOf(evaluator, indicator, indicator.of, window, scope, group))]
  const finer: Scope = { ...scope, by: [...scope.by, indicator.by] }
  const isPart = (candidate: readonly string[]) => group.every((value, index) => candidate[index] === value)
  const found = new Map<string, readonly string[]>()
  const read = readsOf(evaluator, noting => outcomeOf(noting, indicator, indicator.of, window, finer, blank(finer)))
  for (const { measure, range, scope: asked } of read)
    if (asked === finer)
      for (const candidate of cells.groups(measure, range, finer))
        if (isPart(candidate)) found.set(candidate.at(-1) as string, candidate)
  return [...found].map(([name, part]) =>
    weigh(name, outcomeOf(evaluator, indicator, indicator.of, window, finer, part)),
  )
}

/** What an evaluation asks of a measure. */
export interface Read {
  readonly measure: AnyMeasure
  readonly range: AskedRange
  readonly scope: Scope
}

/** Everything that an evaluation asks for, found by evaluating where nothing is known. */
export function readsOf({ catalog, calendar, cells }: Evaluator, run: (noting: Evaluator) => void): readonly Read[] {
  const reads: Read[] = []
  const noting: CellSource = {
    cell(measure, range, scope) {
      reads.push({ measure, range, scope })
      return undefined
    },
    groups(measure, range, scope) {
      reads.push({ measure, range, scope })
      return [blank(scope)]
    },
    stored: (measure, window) => cells.stored(measure, window),
    begun: range => cells.begun(range),
  }
  run({ catalog, calendar, cells: noting })
  return reads
}

/** A group that stands for any. */
export const blank = (scope: Scope): readonly string[] => scope.by.map(() => '')
