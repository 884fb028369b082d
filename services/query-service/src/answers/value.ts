import {
  type Asked,
  type DimensionFilter,
  type Evaluation,
  type Indicator,
  type Interval,
  judgeIn,
  offsetWindow,
  type PartValue,
  type Reason,
  type Status,
  storedRange,
  type TimeRange,
  type Trend,
  type Window,
} from '@kivi/domain'
import type { Comparison } from '../questions/compare.ts'
import { segmentOf } from '../questions/segments.ts'
import { formatTime } from '../questions/times.ts'
import { type Around, type Desk, freshnessOf, type IntervalTold, isComplete, momentOf } from './desk.ts'
import { type Answers, readAnswers } from './recorded.ts'

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

interface GroupValue extends IntervalTold {
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

export interface ValueAnswer extends IntervalTold {
  readonly indicator: string
  readonly from: string
  readonly to: string
  readonly unit: string
  readonly value: number | null
  readonly reason?: Reason
  readonly parts: Readonly<Record<string, PartValue>>
  readonly n: number
  readonly target: number | null
  readonly attainment: number | null
  readonly status: Status
  readonly trend: Trend | null
  readonly complete: boolean
  /** what happens after the window can still change the value */
  readonly provisional: boolean
  /** when follow-ups will have ended; null: they have, or nobody can say */
  readonly provisional_until: string | null
  readonly watermark: string | null
  /** however long ago: a window after it is empty for want of events */
  readonly newest_event: string | null
  readonly revised: boolean
  /** of a value that was recorded on a schedule: when */
  readonly recorded_at?: string
  readonly previous?: PreviousValue
  readonly groups?: readonly GroupValue[]
  /** of groups that were recorded, which a value beside them need not have been, nor they beside it: when */
  readonly groups_recorded_at?: string
  readonly truncated?: boolean
}

/** The value of one window, with its target, trend, comparison and groups, from one reading. */
export async function answerValue(desk: Desk, question: ValueQuestion): Promise<ValueAnswer> {
  const { indicator, window, by, filters } = question
  const { calendar } = desk.basis
  const compared = question.compare === null ? null : comparedWindow(desk, question, question.compare)
  const asked: Asked[] = [{ indicator, window, by: [], filters }]
  const place = (one: Asked): number => asked.push(one) - 1
  const before = compared === null ? null : place({ indicator, window: compared, ...BARE(filters) })
  const grouped = by.length === 0 ? null : place({ indicator, window, by, filters })
  const groupedBefore =
    grouped === null || compared === null ? null : place({ indicator, window: compared, by, filters, bare: true })
  const [answers, trends, around, aroundGroups] = await Promise.all([
    readAnswers(desk, asked),
    desk.trends.of(desk, [indicator], filters),
    desk.clustered.around(desk, indicator, window, [], filters),
    grouped === null ? null : desk.clustered.around(desk, indicator, window, by, filters),
  ])
  const total = answers.at(0)
  const segment = segmentOf(filters)
  const watermark = answers.watermark(0)
  const complete = isComplete(watermark, window)
  const recordedAt = answers.recordedAt(0)
  return {
    indicator: indicator.id,
    from: formatTime(window.from),
    to: formatTime(window.to),
    unit: indicator.unit,
    value: total.value,
    ...(total.reason === null ? {} : { reason: total.reason }),
    parts: total.parts,
    n: total.n,
    ...intervalTold(indicator, total.value, answers.interval(0), value => around(value, [])),
    ...judgeIn(desk.catalog, indicator, total, window, segment, calendar),
    trend: trends.get(indicator.id) ?? null,
    complete,
    provisional: total.provisional,
    provisional_until: total.provisionalUntil === null ? null : formatTime(total.provisionalUntil),
    ...freshnessOf(desk, watermark),
    revised: complete && total.late > 0,
    ...(recordedAt === null ? {} : { recorded_at: formatTime(recordedAt) }),
    ...(compared === null || before === null ? {} : { previous: previousOf(total, answers.at(before), compared) }),
    ...(grouped === null || aroundGroups === null
      ? {}
      : groupsOf(desk, question, answers, { index: grouped, before: groupedBefore, around: aroundGroups }, segment)),
  }
}

/** A value that is missing says why itself; a recorded one may have been recorded with its interval. */
function intervalTold(
  indicator: Indicator,
  value: number | null,
  own: Interval | null,
  clustered: (value: number) => IntervalTold,
): IntervalTold {
  if (value === null || own !== null) return { interval: own }
  // of a share there is one, unless it is none
  if (indicator.interval === 'wilson') return { interval: null, interval_reason: 'not_a_share' }
  return clustered(value)
}

const BARE = (filters: readonly DimensionFilter[]) => ({ by: [], filters, bare: true }) as const

/** The window to compare with; null where nothing is left of it. */
function comparedWindow(desk: Desk, { indicator, window }: ValueQuestion, comparison: Comparison): Window | null {
  const shifted = offsetWindow(window, { kind: comparison }, desk.basis.calendar)
  // where nothing so fine is stored at that age its bounds move down to those that are
  const stored = storedRange(shifted, momentOf(desk, indicator))
  return stored === null ? null : { ...shifted, ...stored }
}

function previousOf(total: Evaluation, { value }: Evaluation, compared: TimeRange): PreviousValue {
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
  { indicator, window, by, order, limit }: ValueQuestion,
  answers: Answers,
  { index, before, around }: { readonly index: number; readonly before: number | null; readonly around: Around },
  segment: Readonly<Record<string, string>>,
): Pick<ValueAnswer, 'groups' | 'groups_recorded_at' | 'truncated'> {
  const groups = answers.groups(index).map((group): GroupValue => {
    const result = answers.at(index, group)
    const labels = Object.fromEntries(by.map((field, place) => [field, group[place] as string]))
    const previous = before === null ? null : answers.at(before, group).value
    return {
      by: labels,
      value: result.value,
      ...(result.reason === null ? {} : { reason: result.reason }),
      parts: result.parts,
      n: result.n,
      ...intervalTold(indicator, result.value, answers.interval(index, group), value => around(value, group)),
      ...judgeIn(desk.catalog, indicator, result, window, { ...segment, ...labels }, desk.basis.calendar),
      ...(before === null ? {} : { previous: { value: previous, change: changeOf(result.value, previous) } }),
    }
  })
  groups.sort(largestFirst(order))
  const recordedAt = answers.recordedAt(index)
  return {
    groups: groups.slice(0, limit),
    ...(recordedAt === null ? {} : { groups_recorded_at: formatTime(recordedAt) }),
    truncated: groups.length > limit,
  }
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
