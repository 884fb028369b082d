import type uPlot from 'uplot'
import { formatAxis } from './axis-values.ts'
import { type Columns, lonePlaces } from './columns.ts'
import { axisExtent, type Extent, extentOf, isNear } from './extent.ts'
import type { ChartMark } from './model.ts'
import { drawMarks, markRevised, steps, veilProvisional } from './painting.ts'
import { type Colours, faded } from './theme-colours.ts'
import { timeTicks, zoneOf } from './time-axis.ts'
import { timeLabels } from './time-labels.ts'

/** What a drawn chart looks at each time it paints: everything in it may change without a new chart. */
export interface Scene {
  columns: Columns
  colours: Colours
  marks: readonly ChartMark[]
  chosenMark: string | null
  timezone: string
  locale: string
  unit: string
  secondUnit: string | null
}

/** The place of each column in what uPlot is given. */
const ORDER = ['low', 'high', 'previous', 'second', 'settled', 'tail', 'target'] as const

export const aligned = (columns: Columns): uPlot.AlignedData => [columns.x, ...ORDER.map(name => columns[name])]

const FONT = '12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans SC", "PingFang SC", sans-serif'
const TICK_ROOM_PX = 78

export interface Handlers {
  /** the place of `x` under the cursor; null: it left */
  readonly pointed: (place: number | null) => void
  /** a stretch was drawn with the mouse, epoch ms */
  readonly chosen: (from: number, to: number) => void
  /** lines were drawn, or moved */
  readonly drawn: (chart: uPlot) => void
}

/** Whether the chart's frame is another one, so that it has to be made anew. */
export const frameOf = ({ unit, secondUnit }: Pick<Scene, 'unit' | 'secondUnit'>): string =>
  JSON.stringify([unit, secondUnit])

export function optionsFor(scene: Scene, size: { width: number; height: number }, on: Handlers): uPlot.Options {
  const colour =
    (name: keyof Colours, part = 1) =>
    () =>
      faded(scene.colours[name], part)
  const line = (stroke: () => string, rest: Partial<uPlot.Series> = {}): uPlot.Series => ({
    scale: 'y',
    stroke,
    width: 2,
    points: { show: false, filter: lone, size: 6, fill: stroke },
    ...rest,
  })
  const axis = { font: FONT, stroke: colour('quiet'), ticks: { show: false } }
  return {
    ...size,
    ms: 1,
    padding: [14, scene.secondUnit === null ? 10 : 0, 0, 0],
    legend: { show: false },
    scales: {
      x: { time: false, range: (_, low, high) => (low === high ? [low - 1, high + 1] : [low, high]) },
      y: { range: () => [...mainExtent(scene.columns)] },
      second: { range: () => [...axisExtent(extentOf(scene.columns.second))] },
    },
    series: [
      {},
      line(() => 'transparent', { width: 0, points: { show: false } }),
      line(() => 'transparent', { width: 0, points: { show: false } }),
      line(colour('quiet', 0.75), { width: 1.5 }),
      line(colour('second'), { scale: 'second', dash: [8, 4], show: scene.secondUnit !== null }),
      line(colour('accent'), { width: 2.25, fill: colour('accent', 0.07) }),
      line(colour('accent'), { dash: [3, 4] }),
      line(colour('calm'), { width: 1.5, paths: steps, points: { show: false } }),
    ],
    bands: [{ series: [2, 1], fill: colour('accent', 0.18) }],
    axes: [
      {
        ...axis,
        grid: { stroke: colour('line', 0.6), width: 1 },
        size: 44,
        gap: 8,
        splits: chart => [...ticksOf(chart, scene).at],
        values: chart => timeLabels(ticksOf(chart, scene), zoneOf(scene.timezone), scene.locale),
      },
      {
        ...axis,
        scale: 'y',
        size: sized,
        grid: { stroke: colour('line'), width: 1 },
        values: (_, at) => formatAxis(at, scene.unit),
      },
      {
        ...axis,
        scale: 'second',
        show: scene.secondUnit !== null,
        side: 1,
        size: sized,
        stroke: colour('second'),
        grid: { show: false },
        values: (_, at) => formatAxis(at, scene.secondUnit ?? ''),
      },
    ],
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: false, dist: 8 },
      points: { size: 9, width: 2, fill: colour('card') },
    },
    hooks: {
      drawAxes: [chart => drawMarks(chart, scene.marks, scene.chosenMark, scene.colours)],
      drawSeries: [
        (chart, index) => {
          // below the target, which is no less settled there
          if (ORDER[index - 1] === 'tail') veilProvisional(chart, scene.columns, scene.colours)
        },
      ],
      draw: [
        chart => {
          markRevised(chart, scene.columns, scene.colours)
          on.drawn(chart)
        },
      ],
      setCursor: [chart => on.pointed(chart.cursor.idx ?? null)],
      setSelect: [
        chart => {
          const { left, width } = chart.select
          if (width === 0) return
          on.chosen(chart.posToVal(left, 'x'), chart.posToVal(left + width, 'x'))
          chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
        },
      ],
    },
  }
}

/** Points without neighbours would not be seen as a line. */
function lone(chart: uPlot, seriesIdx: number): number[] | null {
  const places = lonePlaces(chart.data[seriesIdx] as ReadonlyArray<number | null>)
  return places.length === 0 ? null : places
}

const ticksOf = (chart: uPlot, scene: Scene) => {
  const { min = 0, max = 1 } = chart.scales['x'] ?? {}
  return timeTicks(
    min,
    max,
    Math.max(2, Math.floor(chart.bbox.width / devicePixelRatio / TICK_ROOM_PX)),
    zoneOf(scene.timezone),
  )
}

/** What the main axis has to hold; targets that lie far off stay outside of it. */
function mainExtent(columns: Columns): Extent {
  const values = extentOf(columns.settled, columns.tail, columns.previous, columns.low, columns.high)
  const targets = extentOf(columns.target)
  return axisExtent(isNear(values, targets) ? joined(values, targets) : values)
}

function joined(one: Extent | null, other: Extent | null): Extent | null {
  if (one === null || other === null) return one ?? other
  return [Math.min(one[0], other[0]), Math.max(one[1], other[1])]
}

/** Wide enough for the longest text beside the axis. */
const sized: uPlot.Axis.Size = (chart, values) => {
  const longest = (values ?? []).reduce(
    (long, value) => (value !== null && value.length > long.length ? value : long),
    '',
  )
  chart.ctx.save()
  chart.ctx.font = FONT
  const { width } = chart.ctx.measureText(longest)
  chart.ctx.restore()
  return Math.ceil(width) + 16
}
