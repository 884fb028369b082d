import {
  type Catalog,
  type Indicator,
  judge,
  measuresOf,
  type Reason,
  type SliceQuestion,
  type Status,
  type TimeRange,
  type Trend,
  tableOf,
  targetFor,
  trendOf,
  type Window,
} from '@kivi/domain'
import { sparkRanges } from '../questions/steps.ts'
import { formatTime } from '../questions/times.ts'
import { type Desk, evaluateAt, freshnessOf, isComplete } from './desk.ts'
import { sparkOf } from './value.ts'

export interface BoardQuestion {
  /** as asked; null: each indicator's own */
  readonly window: string | null
  readonly entries: ReadonlyArray<{ readonly indicator: Indicator; readonly window: Window; readonly length: string }>
}

interface BoardItem {
  readonly id: string
  readonly label: { readonly en: string; readonly zh: string }
  readonly unit: string
  readonly better: 'higher' | 'lower'
  readonly level: string | null
  readonly owner: string | null
  /** its window: a length such as 1d */
  readonly window: string
  readonly value: number | null
  readonly reason?: Reason
  readonly target: number | null
  readonly attainment: number | null
  readonly status: Status
  readonly trend: Trend | null
  readonly complete: boolean
  readonly revised: boolean
  readonly spark: ReadonlyArray<number | null>
  /** what the steps of the spark line are to reach; null where the target is for a longer span than a step */
  readonly spark_target: number | null
}

export interface BoardAnswer {
  /** the end of the board's windows: what it shows is as of then */
  readonly at: string
  readonly window: string | null
  readonly timezone: string
  readonly currency: string
  readonly watermark: string | null
  /** however long ago: a window after it is empty for want of events */
  readonly newest_event: string | null
  readonly north_star: readonly string[]
  readonly indicators: readonly BoardItem[]
}

/** All indicators of the board from one statement: one question per window, over the measures that need it. */
export async function answerBoard(desk: Desk, question: BoardQuestion): Promise<BoardAnswer> {
  const plans = new Map<
    string,
    { ranges: TimeRange[]; spark: TimeRange[]; entries: BoardQuestion['entries'][number][] }
  >()
  for (const entry of question.entries) {
    const key = `${entry.window.from}/${entry.window.to}`
    const plan = plans.get(key)
    if (plan) plan.entries.push(entry)
    else {
      const spark = sparkRanges(entry.window, desk.moment)
      plans.set(key, { ranges: [entry.window, ...spark], spark, entries: [entry] })
    }
  }
  const list = [...plans.values()]
  const questions: SliceQuestion[] = list.map(plan => ({
    measures: [...new Set(plan.entries.flatMap(entry => measuresOf(desk.catalog, entry.indicator)))],
    ranges: plan.ranges,
    by: [],
    filters: [],
  }))
  const tables = (await desk.source.read(questions)).map(tableOf)
  const items = new Map<string, BoardItem>()
  for (const [index, plan] of list.entries()) {
    const table = tables[index] as (typeof tables)[number]
    for (const { indicator, window, length } of plan.entries) {
      const total = evaluateAt(desk, indicator, table.at(0), window)
      const spark = sparkOf(desk, indicator, plan.spark, table, 1)
      const complete = isComplete(desk, window)
      items.set(indicator.id, {
        id: indicator.id,
        label: { en: indicator.label.en, zh: indicator.label.zh ?? indicator.label.en },
        unit: indicator.unit,
        better: indicator.better,
        level: indicator.level,
        owner: indicator.owner,
        window: length,
        value: total.value,
        ...(total.reason === null ? {} : { reason: total.reason }),
        ...judge(indicator, total.value, targetFor(indicator.targets, window, {}, desk.moment.calendar), window),
        trend: trendOf(spark, indicator.better),
        complete,
        revised: complete && total.late > 0,
        spark,
        spark_target: sparkTarget(desk, indicator, plan.spark),
      })
    }
  }
  const ends = question.entries.map(entry => entry.window.to)
  return {
    at: formatTime(ends.length === 0 ? desk.moment.now - (desk.moment.now % 10_000) : Math.max(...ends)),
    window: question.window,
    timezone: desk.catalog.timezone,
    currency: desk.catalog.currency,
    ...freshnessOf(desk),
    north_star: northStar(desk.catalog, desk.moment.now),
    indicators: question.entries.map(entry => items.get(entry.indicator.id) as BoardItem),
  }
}

function sparkTarget(desk: Desk, indicator: Indicator, spark: readonly TimeRange[]): number | null {
  const step = spark.at(-1)
  if (step === undefined) return null
  const span = { ...step, unit: null, whole: step }
  return targetFor(indicator.targets, span, {}, desk.moment.calendar)?.value ?? null
}

/** Which indicators lead now: the last entry that has begun. */
function northStar(catalog: Catalog, now: number): readonly string[] {
  const begun = catalog.northStar.filter(entry => entry.from <= now).sort((a, b) => a.from - b.from)
  return begun.at(-1)?.indicators ?? []
}
