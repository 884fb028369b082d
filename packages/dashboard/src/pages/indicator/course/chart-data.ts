import type { ChartData, ChartLine, ChartMark, ChartPoint } from '../../../parts/chart/model.ts'
import type { Actions, Series } from '../answers.ts'
import { endOfStep } from './stretch.ts'

/** The line of an answered series; of one without groups there is just one. */
export function lineOf(series: Series, label: string, timezone: string): ChartLine {
  const points = (series.series[0]?.points ?? []).map(pointOf)
  const last = points.at(-1)
  // a window that ends with its step moves on with it
  if (last !== undefined) {
    const end = endOfStep(series.step, last.t, timezone)
    if (end !== null && end > Date.parse(series.to)) points[points.length - 1] = { ...last, partial: true }
  }
  return { label, unit: series.unit, points }
}

function pointOf({
  t,
  value,
  target,
  interval,
  complete,
  provisional,
  revised,
}: Series['series'][number]['points'][number]): ChartPoint {
  const [low, high] = interval ?? []
  return {
    t: Date.parse(t),
    value,
    target,
    interval: low === undefined || high === undefined ? null : [low, high],
    complete,
    partial: false,
    provisional,
    revised,
  }
}

export interface Drawn {
  readonly timezone: string
  /** what lies before the first event of a history is no history */
  readonly isHistory: boolean
  readonly main: { readonly series: Series; readonly label: string }
  readonly previous: { readonly series: Series; readonly label: string } | null
  readonly second: { readonly series: Series; readonly label: string } | null
}

/** Fewer points than this are no picture of a course. */
const LEAST_POINTS = 8

/** What the chart draws of the answers. */
export function chartData({ main, previous, second, timezone, isHistory }: Drawn): ChartData {
  const line = lineOf(main.series, main.label, timezone)
  const before = previous === null ? [] : lineOf(previous.series, '', timezone).points
  const other = second === null ? null : lineOf(second.series, second.label, timezone)
  const begun = isHistory ? beginning(main.series, before) : 0
  const from = line.points[begun]?.t ?? Number.NEGATIVE_INFINITY
  const known = before.slice(begun)
  return {
    main: { ...line, points: line.points.slice(begun) },
    to: Date.parse(main.series.to),
    previous:
      previous === null || known.every(point => point.value === null) ? null : { label: previous.label, points: known },
    second: other === null ? null : { ...other, points: other.points.filter(point => point.t >= from) },
  }
}

/** How many points come before there was anything, now or in what lies below. */
function beginning(series: Series, before: ChartLine['points']): number {
  const points = series.series[0]?.points ?? []
  const first = points.findIndex((point, index) => point.n > 0 || (before[index]?.value ?? 0) !== 0)
  return Math.max(0, Math.min(first, points.length - LEAST_POINTS))
}

const marked = new WeakMap<Actions, readonly ChartMark[]>()
const NO_MARKS: readonly ChartMark[] = []

/** Actions as marks; the same marks for the same answer, so that nothing is drawn again for them. */
export function marksOf(actions: Actions | null): readonly ChartMark[] {
  if (actions === null) return NO_MARKS
  let marks = marked.get(actions)
  if (marks === undefined) {
    marks = actions.items
      .filter(action => action.status !== 'cancelled')
      .map(({ id, label, at, until, status }) => ({
        id,
        label,
        at: Date.parse(at),
        until: until === null ? null : Date.parse(until),
        planned: status === 'planned',
      }))
    marked.set(actions, marks)
  }
  return marks
}
