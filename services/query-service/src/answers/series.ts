import {
  type DimensionFilter,
  type Indicator,
  measuresOf,
  periodAt,
  type Span,
  tableOf,
  targetFor,
  type Window,
} from '@kivi/domain'
import { segmentOf } from '../questions/segments.ts'
import { cut, type Step } from '../questions/steps.ts'
import { formatTime } from '../questions/times.ts'
import { type Desk, evaluateAt, isComplete } from './desk.ts'

/** Most series of one answer. */
const MOST_SERIES = 1000

export interface SeriesQuestion {
  readonly indicator: Indicator
  readonly window: Window
  readonly step: Step
  /** the step as it was written */
  readonly stepName: string
  readonly by: readonly string[]
  readonly filters: readonly DimensionFilter[]
}

interface Point {
  /** start of the step */
  readonly t: string
  readonly value: number | null
  readonly target: number | null
  readonly complete: boolean
  readonly revised: boolean
}

interface Series {
  readonly by: Readonly<Record<string, string>>
  readonly points: readonly Point[]
}

export interface SeriesAnswer {
  readonly indicator: string
  readonly from: string
  readonly to: string
  readonly step: string
  readonly unit: string
  readonly watermark: string | null
  readonly series: readonly Series[]
  readonly truncated?: boolean
}

/** Values step by step, from one statement; those with the largest volume first where there are several series. */
export async function answerSeries(desk: Desk, question: SeriesQuestion): Promise<SeriesAnswer> {
  const { indicator, window, step, by, filters } = question
  const { calendar } = desk.moment
  const ranges = cut(window, step, desk.moment)
  const [cells = []] = await desk.source.read([{ measures: measuresOf(desk.catalog, indicator), ranges, by, filters }])
  const table = tableOf(cells)
  const unit = typeof step === 'string' ? step : null
  const spans: Span[] = ranges.map(range => ({
    ...range,
    unit,
    whole: unit === null ? range : periodAt(calendar, unit, range.from),
  }))
  const seriesOf = (group: readonly string[]): Series & { volume: number } => {
    const labels = Object.fromEntries(by.map((field, index) => [field, group[index] as string]))
    const segment = { ...segmentOf(filters), ...labels }
    let volume = 0
    const points = spans.map((span, index): Point => {
      const result = evaluateAt(desk, indicator, table.at(index, group), span)
      volume += result.n
      const complete = isComplete(desk, span)
      return {
        t: formatTime(span.from),
        value: result.value,
        target: targetFor(indicator.targets, span, segment, calendar)?.value ?? null,
        complete,
        revised: complete && result.late > 0,
      }
    })
    return { by: labels, points, volume }
  }
  const groups = by.length === 0 ? [[]] : distinctGroups(table, ranges.length)
  const all = groups.map(seriesOf).sort((a, b) => b.volume - a.volume || (nameOf(a) < nameOf(b) ? -1 : 1))
  return {
    indicator: indicator.id,
    from: formatTime(window.from),
    to: formatTime(window.to),
    step: question.stepName,
    unit: indicator.unit,
    watermark: desk.freshness.watermark === null ? null : formatTime(desk.freshness.watermark),
    series: all.slice(0, MOST_SERIES).map(({ by, points }) => ({ by, points })),
    ...(by.length === 0 ? {} : { truncated: all.length > MOST_SERIES }),
  }
}

function distinctGroups(table: ReturnType<typeof tableOf>, ranges: number): ReadonlyArray<readonly string[]> {
  const groups = new Map<string, readonly string[]>()
  for (let range = 0; range < ranges; range++)
    for (const group of table.groups(range)) groups.set(group.join('\u0000'), group)
  return [...groups.values()]
}

const nameOf = (series: Series): string => Object.values(series.by).join('\u0000')
