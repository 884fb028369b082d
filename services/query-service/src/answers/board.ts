import { type Catalog, judgeIn, type Reason, type Status, type Trend, targetIn } from '@kivi/domain'
import { formatTime } from '../questions/times.ts'
import { type BoardEntry, type BoardValues, readBoard } from './board-values.ts'
import { type Desk, freshnessOf, isComplete } from './desk.ts'
import { inBoth } from './in-both.ts'

export interface BoardQuestion {
  /** as asked; null: each indicator's own */
  readonly window: string | null
  readonly entries: readonly BoardEntry[]
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
  readonly provisional: boolean
  readonly revised: boolean
  /** of a value that was recorded on a schedule: when */
  readonly recorded_at?: string
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

/** All indicators of the board from one reading: what several of them rest on is asked for once. */
export async function answerBoard(desk: Desk, question: BoardQuestion): Promise<BoardAnswer> {
  const { calendar } = desk.basis
  const [values, trends] = await Promise.all([
    readBoard(desk, question.entries),
    desk.trends.of(
      desk,
      question.entries.map(entry => entry.indicator),
      [],
    ),
  ])
  const indicators = question.entries.map(({ indicator, window, length }): BoardItem => {
    const { total, spark, last, watermark, recordedAt } = values.get(indicator.id) as BoardValues
    const complete = isComplete(watermark, window)
    return {
      id: indicator.id,
      label: inBoth(indicator.label),
      unit: indicator.unit,
      better: indicator.better,
      level: indicator.level,
      owner: indicator.owner,
      window: length,
      value: total.value,
      ...(total.reason === null ? {} : { reason: total.reason }),
      ...judgeIn(desk.catalog, indicator, total, window, {}, calendar),
      trend: trends.get(indicator.id) ?? null,
      complete,
      provisional: total.provisional,
      revised: complete && total.late > 0,
      ...(recordedAt === null ? {} : { recorded_at: formatTime(recordedAt) }),
      spark,
      spark_target: last === null ? null : (targetIn(indicator, last, {}, calendar)?.target.value ?? null),
    }
  })
  const ends = question.entries.map(entry => entry.window.to)
  const { now } = desk.basis
  return {
    at: formatTime(ends.length === 0 ? now - (now % 10_000) : Math.max(...ends)),
    window: question.window,
    timezone: desk.catalog.timezone,
    currency: desk.catalog.currency,
    ...freshnessOf(desk, desk.basis.watermark),
    north_star: northStar(desk.catalog, now),
    indicators,
  }
}

/** Which indicators lead now: the last entry that has begun. */
function northStar(catalog: Catalog, now: number): readonly string[] {
  const begun = catalog.northStar.filter(entry => entry.from <= now).sort((a, b) => a.from - b.from)
  return begun.at(-1)?.indicators ?? []
}
