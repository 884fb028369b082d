import {
  type DimensionFilter,
  type Evaluation,
  type Indicator,
  judge,
  measuresOf,
  type PartValue,
  type Reason,
  type Status,
  type Table,
  type TimeRange,
  type Trend,
  tableOf,
  targetFor,
  trendOf,
  type Window,
} from '@kivi/domain'
import { type Comparison, comparedWindow } from '../questions/compare.ts'
import { segmentOf } from '../questions/segments.ts'
import { sparkRanges } from '../questions/steps.ts'
import { formatTime } from '../questions/times.ts'
import { type Desk, evaluateAt, freshnessOf, isComplete } from './desk.ts'

const ORDERS = ['value', 'change', 'volume'] as const
export type Order = (typeof ORDERS)[number]

export interface ValueQuestion {
  readonly indicator: Indicator
  readonly window: Window
  readonly by: readonly string[]
  readonly filters: readonly DimensionFilter[]
  readonly compare: Comparison | null
  readonly order: Order
  readonly limit: number
}

interface PreviousValue {
  readonly from: string
  readonly to: string
  readonly value: number | null
  /** (value − previous) ÷ previous; null where the previous is ≤ 0 or either is missing */
  readonly change: number | null
}

interface GroupValue {
  readonly by: Readonly<Record<string, string>>
  readonly value: number | null
  readonly reason?: Reason
  readonly parts: Readonly<Record<string, PartValue>>
  readonly n: number
  readonly target: number | null
  readonly attainment: number | null
  readonly status: Status
  readonly previous?: { readonly value: number | null; readonly change: number | null }
}

export interface ValueAnswer {
  readonly indicator: string
  readonly from: string
  readonly to: string
  readonly unit: string
  readonly value: number | null
  readonly reason?: Reason
  readonly parts: Readonly<Record<string, PartValue>>
  readonly n: number
  /** not computed yet for any kind of indicator */
  readonly interval: null
  readonly target: number | null
  readonly attainment: number | null
  readonly status: Status
  readonly trend: Trend | null
  readonly complete: boolean
  /** no indicator of slices waits for a follow-up window */
  readonly provisional_until: null
  readonly watermark: string | null
  /** however long ago: a window after it is empty for want of events */
  readonly newest_event: string | null
  readonly revised: boolean
  readonly previous?: PreviousValue
  readonly groups?: readonly GroupValue[]
  readonly truncated?: boolean
}

/** The value of one window, with its target, trend, comparison and groups, from one statement. */
export async function answerValue(desk: Desk, question: ValueQuestion): Promise<ValueAnswer> {
  const { indicator, window, by, filters } = question
  const measures = measuresOf(desk.catalog, indicator)
  const compared = question.compare === null ? null : comparedWindow(window, question.compare, desk.moment)
  const spark = sparkRanges(window, desk.moment)
  const windows: TimeRange[] = compared === null ? [window] : [window, compared]
  const questions = [{ measures, ranges: [...windows, ...spark], by: [], filters }]
  if (by.length > 0) questions.push({ measures, ranges: windows, by: [...by] as never[], filters })
  const [totals, grouped] = (await desk.source.read(questions)).map(tableOf) as [Table, Table?]

  const total = evaluateAt(desk, indicator, totals.at(0), window)
  const segment = segmentOf(filters)
  const target = targetFor(indicator.targets, window, segment, desk.moment.calendar)
  const complete = isComplete(desk, window)
  return {
    indicator: indicator.id,
    from: formatTime(window.from),
    to: formatTime(window.to),
    unit: indicator.unit,
    value: total.value,
    ...(total.reason === null ? {} : { reason: total.reason }),
    parts: total.parts,
    n: total.n,
    interval: null,
    ...judge(indicator, total.value, target, window),
    trend: trendOf(sparkOf(desk, indicator, spark, totals, windows.length), indicator.better),
    complete,
    provisional_until: null,
    ...freshnessOf(desk),
    revised: complete && total.late > 0,
    ...(compared === null ? {} : { previous: previousOf(desk, indicator, total, totals, compared) }),
    ...(grouped === undefined ? {} : groupsOf(desk, question, grouped, compared, segment)),
  }
}

/** Values of the steps of a spark line; its ranges are those of the question from `first` on. */
export function sparkOf(
  desk: Desk,
  indicator: Indicator,
  ranges: readonly TimeRange[],
  table: Table,
  first: number,
): Array<number | null> {
  return ranges.map((range, index) => evaluateAt(desk, indicator, table.at(first + index), range).value)
}

function previousOf(
  desk: Desk,
  indicator: Indicator,
  total: Evaluation,
  table: Table,
  compared: TimeRange,
): PreviousValue {
  const { value } = evaluateAt(desk, indicator, table.at(1), compared)
  return {
    from: formatTime(compared.from),
    to: formatTime(compared.to),
    value,
    change: changeOf(total.value, value),
  }
}

/** Growth from a value ≤ 0 means nothing. */
function changeOf(value: number | null, previous: number | null): number | null {
  return value === null || previous === null || previous <= 0 ? null : (value - previous) / previous
}

function groupsOf(
  desk: Desk,
  question: ValueQuestion,
  table: Table,
  compared: TimeRange | null,
  segment: Readonly<Record<string, string>>,
): Pick<ValueAnswer, 'groups' | 'truncated'> {
  const { indicator, window, by, order, limit } = question
  const groups = table.groups(0).map((group): GroupValue => {
    const result = evaluateAt(desk, indicator, table.at(0, group), window)
    const labels = Object.fromEntries(by.map((field, index) => [field, group[index] as string]))
    const target = targetFor(indicator.targets, window, { ...segment, ...labels }, desk.moment.calendar)
    const previous = compared === null ? null : evaluateAt(desk, indicator, table.at(1, group), compared).value
    return {
      by: labels,
      value: result.value,
      ...(result.reason === null ? {} : { reason: result.reason }),
      parts: result.parts,
      n: result.n,
      ...judge(indicator, result.value, target, window),
      ...(compared === null ? {} : { previous: { value: previous, change: changeOf(result.value, previous) } }),
    }
  })
  groups.sort(largestFirst(order))
  return { groups: groups.slice(0, limit), truncated: groups.length > limit }
}

/** Groups without a number come last; equals stand in the order of their names, so that pages do not jump. */
function largestFirst(order: Order): (a: GroupValue, b: GroupValue) => number {
  const key = (group: GroupValue): number => {
    const value = order === 'volume' ? group.n : order === 'value' ? group.value : (group.previous?.change ?? null)
    return value ?? Number.NEGATIVE_INFINITY
  }
  const name = (group: GroupValue) => Object.values(group.by).join('\u0000')
  return (a, b) => {
    const [x, y] = [key(a), key(b)]
    return x === y ? (name(a) < name(b) ? -1 : 1) : y > x ? 1 : -1
  }
}
