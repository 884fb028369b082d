import {
  type Action,
  type Catalog,
  type DimensionFilter,
  dragOf,
  evaluateAll,
  type Indicator,
  judgeIn,
  type Period,
  periodAfter,
  periodsBetween,
  previousWindow,
  type TimeRange,
  type Window,
} from '@kivi/domain'
import type { Desk } from '../answers/desk.ts'
import { momentOf } from '../answers/desk.ts'
import { ProblemError } from '../http/problems.ts'
import { assertDimension } from '../http/unknown.ts'
import { parseFilters, segmentOf } from '../questions/segments.ts'
import { formatTime } from '../questions/times.ts'
import { correlateByDay, correlateBySegment } from './correlations.ts'
import { childrenOf, driversBy } from './drivers.ts'
import { EFFECT_NOTE, effectOn } from './effect.ts'
import { groupsFrom, valuesFrom } from './read.ts'

/** What followed an action, on each of its indicators or on one. */
export async function answerEffect(
  desk: Desk,
  action: Action,
  indicators: readonly Indicator[],
  control: string | undefined,
) {
  const read = valuesFrom(desk)
  const effects = []
  for (const indicator of indicators) {
    const [filter = null] = control === undefined ? [] : parseFilters([control], indicator)
    const { watermark } = momentOf(desk, indicator)
    effects.push(
      await effectOn(read, indicator, action, filter, { calendar: desk.basis.calendar, known: watermark ?? -1 }),
    )
  }
  return { action: action.id, at: formatTime(action.at), effects, note: EFFECT_NOTE }
}

/** Why an indicator moved between a window and the one before: its segments, and its children of the hierarchy. */
export async function answerDrivers(
  desk: Desk,
  indicator: Indicator,
  window: Window,
  dimensions: readonly string[],
  filter: readonly string[],
) {
  const { catalog, listed, basis, source } = desk
  const filters = parseFilters(filter, indicator)
  const before = previousWindow(window, basis.calendar)
  const children = childrenOf(listed, indicator.id)
  const asked = [indicator, ...children].flatMap(one => {
    // a child without the dimension is told as a whole
    const own = filters.filter(({ field }) => one.dimensions.includes(field))
    return [window, before].map(range => ({ indicator: one, window: range, by: [], filters: own }))
  })
  const answers = await evaluateAll(source, catalog, asked, basis)
  const valueAt = (index: number): number | null => answers[index]?.[0]?.evaluation.value ?? null
  const judged = children.map((child, index) => {
    const value = valueAt(2 + 2 * index)
    const provisional = answers[2 + 2 * index]?.[0]?.evaluation.provisional ?? false
    const judgement = judgeIn(catalog, child, { value, provisional }, window, {}, basis.calendar)
    return { child, value, previous: valueAt(3 + 2 * index), ...judgement }
  })
  const segments = []
  for (const dimension of dimensions)
    segments.push(await driversBy(groupsFrom(desk), catalog, indicator, dimension, { now: window, before }, filters))
  const [value, previous] = [valueAt(0), valueAt(1)]
  return {
    indicator: indicator.id,
    from: formatTime(window.from),
    to: formatTime(window.to),
    value,
    previous: { from: formatTime(before.from), to: formatTime(before.to), value: previous },
    change: value === null || previous === null ? null : value - previous,
    segments,
    children: judged.map(({ child, value, previous, target, attainment, status }) => ({
      id: child.id,
      value,
      previous,
      target,
      attainment,
      status,
    })),
    drag: dragOf(
      judged.map(({ child, value, previous, target }) => ({
        id: child.id,
        better: child.better,
        value,
        previous,
        target,
      })),
    ),
  }
}

const DAY_OF_1970 = 4

/** Two indicators, by day at several lags, or across the segments of a dimension they share. */
export async function answerCorrelation(
  desk: Desk,
  x: Indicator,
  y: Indicator,
  window: TimeRange,
  options: { readonly lags: number; readonly by?: string },
) {
  const head = { x: x.id, y: y.id, from: formatTime(window.from), to: formatTime(window.to) }
  const { by } = options
  if (by !== undefined) {
    for (const one of [x, y])
      assertDimension(by, { ...one, dimensions: x.dimensions.filter(field => y.dimensions.includes(field)) }, 'by')
    return { ...head, ...(await correlateBySegment(groupsFrom(desk), x, y, window, by)) }
  }
  const { calendar } = desk.basis
  // days that are cut say less than whole ones
  const days = periodsBetween(calendar, 'day', window).filter(day => day.from >= window.from && day.to <= window.to)
  const first = days[0]
  const weekday = first === undefined ? 0 : (calendar.zone.day(first.from).date + DAY_OF_1970) % 7
  return { ...head, ...(await correlateByDay(valuesFrom(desk), x, y, days, options.lags, weekday)) }
}

/**
 * How many of the last whole periods attained the target that was in force at their end. Of a segment that filters pin
 * down it is the target of that segment.
 */
export async function answerAttainment(
  desk: Desk,
  indicator: Indicator,
  per: Period,
  count: number,
  filters: readonly DimensionFilter[],
) {
  const { calendar } = desk.basis
  const known = momentOf(desk, indicator).watermark ?? -1
  const periods = Array.from({ length: count }, (_, index) => periodAfter(calendar, per, known, index - count)).filter(
    period => period.from >= 0,
  )
  const windows = periods.map((whole): Window => ({ ...whole, kind: 'period', unit: per, whole }))
  const answers = await evaluateAll(
    desk.source,
    desk.catalog,
    windows.map(window => ({ indicator, window, by: [], filters })),
    desk.basis,
  )
  const segment = segmentOf(filters)
  const items = windows.map((window, index) => {
    const value = answers[index]?.[0]?.evaluation.value ?? null
    const provisional = answers[index]?.[0]?.evaluation.provisional ?? false
    const judgement = judgeIn(desk.catalog, indicator, { value, provisional }, window, segment, calendar)
    const judged = ['on_track', 'at_risk', 'off_track'].includes(judgement.status)
    return {
      from: formatTime(window.from),
      to: formatTime(window.to),
      value,
      target: judgement.target,
      attained: judged ? judgement.status === 'on_track' : null,
    }
  })
  const judged = items.filter(item => item.attained !== null)
  const attained = judged.filter(item => item.attained).length
  return { per, periods: judged.length, attained, share: judged.length === 0 ? null : attained / judged.length, items }
}

/** The period by which an indicator's targets are told; a month where none says. */
export const periodOf = (indicator: Indicator): Period =>
  indicator.targets.find(target => target.per !== null)?.per ?? 'month'

export function actionOf(actions: readonly Action[], id: string): Action {
  const action = actions.find(one => one.id === id)
  if (action !== undefined) return action
  throw new ProblemError('not_found', `There is no action ${JSON.stringify(id)}; GET /v1/actions lists them all.`, {
    parameter: 'id',
  })
}

/** Indicators of an action that the catalog still has, or the one that is asked for. */
export function movedBy(catalog: Catalog, action: Action, asked: string | undefined): Indicator[] {
  if (asked !== undefined && !action.indicators.includes(asked))
    throw new ProblemError(
      'invalid_parameter',
      `The action is meant to move ${action.indicators.join(', ')}, not ${JSON.stringify(asked)}.`,
      { parameter: 'indicator', allowed: action.indicators },
    )
  return (asked === undefined ? action.indicators : [asked]).flatMap(id => catalog.indicators.get(id) ?? [])
}
