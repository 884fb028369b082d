import { useEffect, useMemo, useState } from 'preact/hooks'
import { useAnswer } from '../../../api/use-answer.ts'
import { place } from '../../../format/place.ts'
import { formatLength } from '../../../format/times.ts'
import { Loading, Problem } from '../../../parts/answered.tsx'
import { Chart } from '../../../parts/chart/chart.tsx'
import type { ChartMark } from '../../../parts/chart/model.ts'
import { spoken, told, type Words } from '../../../settings/language.ts'
import type { Detail, Series } from '../answers.ts'
import { type Asked, NO_WINDOW } from '../asked.ts'
import { seriesPath } from '../questions.ts'
import { useHeld } from '../use-held.ts'
import { chartData } from './chart-data.ts'
import { Correlation } from './second.tsx'
import { comparedStretch, FINEST, LEAST_KNOWN, type Stretch, stretchOf } from './stretch.ts'

interface CourseWords {
  readonly title: string
  readonly compared: Readonly<Record<string, string>>
  readonly noOverlay: string
  readonly toDate: Readonly<Record<string, string>>
  readonly ever: string
  readonly partsLeft: (dimensions: string) => string
}

const WORDS: Words<CourseWords> = {
  en: {
    title: 'Over time',
    compared: { '': 'The same time before', week: 'A week earlier', year: 'A year earlier' },
    noOverlay: 'Steps of this length cannot be laid over those of a week earlier.',
    toDate: { week: 'week to date', month: 'month to date', quarter: 'quarter to date', year: 'year to date' },
    ever: 'since the beginning',
    partsLeft: dimensions => `The second indicator is shown as a whole: it is not kept by ${dimensions}.`,
  },
  zh: {
    title: '走势',
    compared: { '': '上一同期', week: '一周前', year: '一年前' },
    noOverlay: '该步长无法与一周前叠加比较。',
    toDate: { week: '本周至今', month: '本月至今', quarter: '本季至今', year: '本年至今' },
    ever: '自始至今',
    partsLeft: dimensions => `第二指标以总体显示：它没有按 ${dimensions} 保存。`,
  },
}

/** A course changes slowly; the value above it is asked for more often. */
const REFRESH_MS = 15_000

interface CourseProps {
  readonly detail: Detail
  readonly asked: Asked
  readonly answered: { readonly from: number; readonly to: number }
  readonly second: Detail | null
  readonly marks: readonly ChartMark[]
  /** another one asks anew: what the course rests on was changed here */
  readonly round: number
  readonly onChange: (change: Partial<Asked>) => void
}

/** How the indicator went, against its targets, an earlier time, another indicator, and what was done. */
export function Course({ detail, asked, answered, second, marks, round, onChange }: CourseProps) {
  const words = spoken(WORDS)
  const { timezone } = place.value
  const [refining, setRefining] = useState({ of: '', finer: 0 })
  // another window begins with its own steps again
  const of = `${asked.window} ${asked.period} ${asked.chart}`
  const finer = refining.of === of ? refining.finer : 0
  const stretch = stretchOf(asked, detail.window, answered, timezone, { isRolling: detail.rolling, finer })
  const mainPath = seriesPath(detail.id, stretch, asked.parts)
  const main = useHeld(useAnswer<Series>(mainPath, REFRESH_MS), detail.id)
  const { again } = main
  useEffect(() => {
    if (round > 0) again()
  }, [round])
  const tooFew = main.value !== null && !main.isOld && stretch.window === null && isTooFew(main.value)
  useEffect(() => {
    if (tooFew && finer < FINEST) setRefining({ of, finer: finer + 1 })
  }, [tooFew, of, finer])
  const drawn = main.value === null || main.isOld ? null : drawnOf(main.value)
  const before = drawn === null ? null : comparedStretch(asked.compare, drawn, timezone)
  const previous = useHeld(
    useAnswer<Series>(before === null ? null : seriesPath(detail.id, before, asked.parts), REFRESH_MS),
    `${detail.id} ${asked.compare}`,
  )
  const parts = second === null ? [] : asked.parts.filter(part => second.dimensions.includes(part.dimension))
  const other = useHeld(
    useAnswer<Series>(
      second === null || drawn === null ? null : seriesPath(second.id, sameTime(drawn), parts),
      REFRESH_MS,
    ),
    second?.id ?? '',
  )
  const label = told(detail.label)
  const secondLabel = second === null ? '' : told(second.label)
  const data = useMemo(
    () =>
      main.value === null
        ? null
        : chartData({
            timezone,
            isHistory: stretch.window === null,
            main: { series: main.value, label },
            previous:
              previous.value === null || asked.compare === 'none'
                ? null
                : { series: previous.value, label: words.compared[asked.compare] ?? '' },
            second: other.value === null || second === null ? null : { series: other.value, label: secondLabel },
          }),
    [
      main.value,
      previous.value,
      other.value,
      label,
      secondLabel,
      asked.compare,
      second?.id,
      timezone,
      stretch.window === null,
    ],
  )
  const left = second === null ? [] : asked.parts.filter(part => !parts.includes(part)).map(part => part.dimension)
  const refused = main.refused ?? previous.refused ?? other.refused
  return (
    <section class="panel course" aria-labelledby="course-title" aria-busy={main.value === null || main.isOld}>
      <h2 id="course-title">{words.title}</h2>
      {refused !== null && <Problem refused={refused} onAgain={main.again} />}
      {data === null ? (
        main.refused === null && <Loading />
      ) : (
        <div class={main.isOld || main.refused !== null ? 'stale' : undefined}>
          <Chart
            data={data}
            marks={marks}
            rolling={rollingWord(main.value?.rolling ?? null)}
            onZoom={(from, to) =>
              onChange({ ...NO_WINDOW, from: new Date(from).toISOString(), to: new Date(to).toISOString(), step: '' })
            }
            csv={{ name: detail.id, path: mainPath }}
          />
        </div>
      )}
      {drawn !== null && before === null && asked.compare !== 'none' && <p class="aside">{words.noOverlay}</p>}
      {asked.second !== '' && <Correlation detail={detail} second={asked.second} />}
      {left.length > 0 && <p class="aside">{words.partsLeft(left.join(', '))}</p>}
    </section>
  )
}

const isTooFew = (series: Series): boolean =>
  (series.series[0]?.points ?? []).filter(point => point.n > 0).length < LEAST_KNOWN

const drawnOf = (series: Series) => ({
  from: Date.parse(series.from),
  to: Date.parse(series.to),
  step: series.step,
  count: series.series[0]?.points.length ?? 0,
})

const sameTime = ({ from, to, step }: ReturnType<typeof drawnOf>): Stretch => ({ from, to, step, window: null })

function rollingWord(rolling: string | null): string | null {
  if (rolling === null) return null
  const words = spoken(WORDS)
  if (rolling === 'ever') return words.ever
  const toDate = / to date$/.test(rolling) ? words.toDate[rolling.split(' ')[0] ?? ''] : undefined
  return toDate ?? formatLength(rolling)
}
