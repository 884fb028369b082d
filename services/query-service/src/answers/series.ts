import {
  type DimensionFilter,
  formatWindow,
  type Indicator,
  type Interval,
  periodAt,
  type Span,
  targetIn,
  type Window,
} from '@kivi/domain'
import { segmentOf } from '../questions/segments.ts'
import { cut, type Step } from '../questions/steps.ts'
import { formatTime } from '../questions/times.ts'
import { type Desk, isComplete, momentOf, plainSpan, pointQuestions } from './desk.ts'
import { readAnswers } from './recorded.ts'

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
  /** how much it rests on, as of a value */
  readonly n: number
  /** of 95 %, where it needs nothing but counts */
  readonly interval: Interval | null
  readonly target: number | null
  readonly complete: boolean
  readonly provisional: boolean
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
  /** each point is the value of the whole window that ends with its step, such as 30d; null: of the step */
  readonly rolling: string | null
  readonly watermark: string | null
  readonly series: readonly Series[]
  readonly truncated?: boolean
}

/** Values step by step, from one reading; those with the largest volume first where there are several series. */
export async function answerSeries(desk: Desk, question: SeriesQuestion): Promise<SeriesAnswer> {
  const { indicator, window, step, by, filters } = question
  const { calendar } = desk.basis
  const unit = typeof step === 'string' ? step : null
  const steps = cut(window, step, momentOf(desk, indicator), indicator.rolling).map(
    (range): Span =>
      unit === null ? plainSpan(range) : { ...range, unit, whole: periodAt(calendar, unit, range.from) },
  )
  const asked = pointQuestions(indicator, window, steps, { by, filters })
  const answers = await readAnswers(desk, asked)
  const seriesOf = (group: readonly string[]): Series & { volume: number } => {
    const labels = Object.fromEntries(by.map((field, index) => [field, group[index] as string]))
    const segment = { ...segmentOf(filters), ...labels }
    let volume = 0
    const points = asked.map(({ window: span }, index): Point => {
      const result = answers.at(index, group)
      volume += result.n
      const complete = isComplete(answers.watermark(index), span)
      return {
        t: formatTime((steps[index] as Span).from),
        value: result.value,
        n: result.n,
        interval: answers.interval(index, group),
        target: targetIn(indicator, span, segment, calendar)?.target.value ?? null,
        complete,
        provisional: result.provisional,
        revised: complete && result.late > 0,
      }
    })
    return { by: labels, points, volume }
  }
  const all = distinctGroups(answers, asked.length)
    .map(seriesOf)
    .sort((a, b) => b.volume - a.volume || (nameOf(a) < nameOf(b) ? -1 : 1))
  const { watermark } = momentOf(desk, indicator)
  return {
    indicator: indicator.id,
    from: formatTime(window.from),
    to: formatTime(window.to),
    step: question.stepName,
    unit: indicator.unit,
    rolling: rollingText(asked, indicator),
    watermark: watermark === null ? null : formatTime(watermark),
    series: all.slice(0, MOST_SERIES).map(({ by, points }) => ({ by, points })),
    ...(by.length === 0 ? {} : { truncated: all.length > MOST_SERIES }),
  }
}

function rollingText(asked: ReadonlyArray<{ readonly window: Window }>, indicator: Indicator): string | null {
  const [first] = asked
  if (!indicator.rolling || first === undefined) return null
  const over = indicator.type === 'cumulative' ? indicator.over : { ms: first.window.to - first.window.from }
  if (over === 'ever') return 'ever'
  if ('grain' in over) return `${over.grain} to date`
  return 'days' in over ? `${over.days}d` : formatWindow(over.ms)
}

function distinctGroups(
  answers: { groups(index: number): ReadonlyArray<readonly string[]> },
  count: number,
): ReadonlyArray<readonly string[]> {
  const groups = new Map<string, readonly string[]>()
  for (let index = 0; index < count; index++)
    for (const group of answers.groups(index)) groups.set(group.join('\u0000'), group)
  return [...groups.values()]
}

const nameOf = (series: Series): string => Object.values(series.by).join('\u0000')
