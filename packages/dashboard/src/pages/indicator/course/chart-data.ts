import type { ChartData, ChartLine, ChartMark, ChartPoint } from '../../../parts/chart/model.ts'
import type { Actions, Series } from '../answers.ts'

/** The line of an answered series; of one without groups there is just one. */
export function lineOf(series: Series, label: string): ChartLine {
  const points = series.series[0]?.points ?? []
  return { label, unit: series.unit, points: points.map(pointOf) }
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
    provisional,
    revised,
  }
}

export interface Drawn {
  readonly main: { readonly series: Series; readonly label: string }
  readonly previous: { readonly series: Series; readonly label: string } | null
  readonly second: { readonly series: Series; readonly label: string } | null
}

/** What the chart draws of the answers. */
export function chartData({ main, previous, second }: Drawn): ChartData {
  return {
    main: lineOf(main.series, main.label),
    to: Date.parse(main.series.to),
    previous: previous === null ? null : { label: previous.label, points: lineOf(previous.series, '').points },
    second: second === null ? null : lineOf(second.series, second.label),
  }
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
