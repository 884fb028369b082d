import { useMemo, useRef, useState } from 'preact/hooks'
import 'uplot/dist/uPlot.min.css'
import { place as catalogPlace } from '../../format/place.ts'
import { spoken } from '../../settings/language.ts'
import './chart.css'
import { ChartTable, type CsvFile } from './chart-table.tsx'
import { toColumns } from './columns.ts'
import { extentOf, isNear } from './extent.ts'
import { Legend } from './legend.tsx'
import { MarkFlags, MarkList } from './marks.tsx'
import type { ChartData, ChartMark } from './model.ts'
import { spokenPoint, tellPoint } from './told-point.ts'
import { Tooltip } from './tooltip.tsx'
import { usePlot } from './use-plot.ts'
import { WORDS } from './words.ts'

interface ChartProps {
  readonly data: ChartData
  readonly marks?: readonly ChartMark[]
  /** of what each point is the value, where that is not its step: `30 days` */
  readonly rolling?: string | null
  /** a stretch was drawn with the mouse: bounds of steps, epoch ms */
  readonly onZoom?: (from: number, to: number) => void
  readonly csv?: CsvFile
}

const NO_MARKS: readonly ChartMark[] = []
/** Page Up and Page Down move by this part of the chart. */
const LEAP = 0.1

/**
 * A line over time with its targets, what it is compared with, and what was done. Reached and read by keyboard: the
 * arrow keys move from point to point, and each is told in words.
 */
export function Chart({ data, marks = NO_MARKS, rolling = null, onZoom, csv }: ChartProps) {
  const words = spoken(WORDS)
  const box = useRef<HTMLDivElement>(null)
  const [chosenMark, chooseMark] = useState<string | null>(null)
  const columns = useMemo(() => toColumns(data), [data])
  const { timezone } = catalogPlace.value
  const last = lastPlace(columns.points)
  const plot = usePlot(
    box,
    { columns, unit: data.main.unit, secondUnit: data.second?.unit ?? null, marks, chosenMark },
    onZoom === undefined ? undefined : (from, to) => onZoom(...stepBounds(columns.x, from, to)),
  )
  const place = plot.place === null ? null : Math.min(plot.place, last)
  const told = last < 0 ? null : tellPoint(data, columns, place ?? last, timezone, rolling)
  const isFar = !isNear(
    extentOf(columns.settled, columns.tail, columns.previous, columns.low, columns.high),
    extentOf(columns.target),
  )
  const onKeyDown = (event: KeyboardEvent) => {
    const to = placeAfter(event.key, place, last)
    if (to === undefined) return
    event.preventDefault()
    plot.pointAt(to)
  }
  return (
    <figure class="chart" aria-label={data.main.label}>
      <Legend data={data} columns={columns} isTargetFar={isFar} />
      <div class="plot-frame">
        <div
          ref={box}
          class="plot"
          role="slider"
          tabIndex={0}
          aria-label={words.points(data.main.label)}
          aria-valuemin={0}
          aria-valuemax={Math.max(0, last)}
          aria-valuenow={place ?? Math.max(0, last)}
          aria-valuetext={told === null ? words.nothing : spokenPoint(told)}
          onKeyDown={onKeyDown}
          onFocus={() => plot.place === null && last >= 0 && isKeyboard(box.current) && plot.pointAt(last)}
          onBlur={() => plot.pointAt(null)}
        />
        {last < 0 && <p class="plot-empty">{words.nothing}</p>}
        {plot.layout !== null && (
          <MarkFlags marks={marks} layout={plot.layout} chosen={chosenMark} onChoose={chooseMark} />
        )}
        {place !== null && told !== null && plot.layout !== null && (
          <Tooltip told={told} x={plot.xOf(place)} layout={plot.layout} />
        )}
      </div>
      <MarkList marks={marks} chosen={chosenMark} onChoose={chooseMark} />
      <ChartTable data={data} columns={columns} rolling={rolling} {...(csv === undefined ? {} : { csv })} />
    </figure>
  )
}

/** The last place that has a point: the end of the last step has none. */
function lastPlace(points: ReadonlyArray<unknown>): number {
  for (let place = points.length - 1; place >= 0; place--) if (points[place] !== null) return place
  return -1
}

/** Where a key leads; undefined: it is none of the chart's. */
function placeAfter(key: string, place: number | null, last: number): number | null | undefined {
  const leap = Math.max(1, Math.round(LEAP * last))
  const from = place ?? last
  const within = (to: number) => Math.max(0, Math.min(last, to))
  switch (last < 0 ? '' : key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return within(from - 1)
    case 'ArrowRight':
    case 'ArrowUp':
      return within(from + 1)
    case 'PageDown':
      return within(from - leap)
    case 'PageUp':
      return within(from + leap)
    case 'Home':
      return 0
    case 'End':
      return last
    case 'Escape':
      return null
    default:
      return undefined
  }
}

/** A stretch widened to whole steps. */
function stepBounds(x: readonly number[], from: number, to: number): [number, number] {
  const first = x.findLastIndex(t => t <= from)
  const end = x.findIndex(t => t >= to)
  return [x[Math.max(0, first)] as number, x[end < 0 ? x.length - 1 : end] as number]
}

const isKeyboard = (element: Element | null): boolean => element?.matches(':focus-visible') ?? false
