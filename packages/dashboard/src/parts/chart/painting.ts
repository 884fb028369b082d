/** What uPlot does not draw by itself: stepped targets, veils over what is not settled, revised points, marks. */
import type uPlot from 'uplot'
import { type Columns, runsOf } from './columns.ts'
import type { ChartMark } from './model.ts'
import { type Colours, faded } from './theme-colours.ts'

const HATCH_PX = 7

/** A line that holds each value until the next begins, with a riser only between two that are known. */
export const steps: uPlot.Series.PathBuilder = (chart, seriesIdx, first, last) => {
  const x = chart.data[0] as readonly number[]
  const y = chart.data[seriesIdx] as ReadonlyArray<number | null>
  const scale = chart.series[seriesIdx]?.scale ?? 'y'
  const stroke = new Path2D()
  let held: number | null = null
  for (let place = first; place <= last; place++) {
    const value = y[place] ?? null
    if (value === held && place < last) continue
    const across = chart.valToPos(x[place] as number, 'x', true)
    if (held !== null) stroke.lineTo(across, chart.valToPos(held, scale, true))
    if (value !== null) {
      const up = chart.valToPos(value, scale, true)
      if (held === null) stroke.moveTo(across, up)
      else stroke.lineTo(across, up)
    }
    held = value
  }
  return { stroke }
}

/** Fades and hatches the stretches of provisional points, line and all. */
export function veilProvisional(chart: uPlot, { x, points }: Columns, colours: Colours): void {
  const { ctx, bbox } = chart
  const edge = (place: number) => chart.valToPos(x[Math.max(0, Math.min(place, x.length - 1))] as number, 'x', true)
  for (const [first, last] of runsOf(points, point => point.provisional && point.value !== null)) {
    const from = Math.max(bbox.left, (edge(first - 1) + edge(first)) / 2)
    const to = Math.min(bbox.left + bbox.width, edge(last + 1))
    if (to <= from) continue
    ctx.save()
    ctx.beginPath()
    ctx.rect(from, bbox.top, to - from, bbox.height)
    ctx.clip()
    ctx.fillStyle = faded(colours.card, 0.45)
    ctx.fillRect(from, bbox.top, to - from, bbox.height)
    hatch(ctx, { left: from, top: bbox.top, width: to - from, height: bbox.height }, faded(colours.calm, 0.3))
    ctx.restore()
  }
}

function hatch(
  ctx: CanvasRenderingContext2D,
  { left, top, width, height }: { left: number; top: number; width: number; height: number },
  colour: string,
): void {
  const gap = HATCH_PX * devicePixelRatio
  ctx.strokeStyle = colour
  ctx.lineWidth = devicePixelRatio
  ctx.beginPath()
  for (let across = left - height; across < left + width; across += gap) {
    ctx.moveTo(across, top + height)
    ctx.lineTo(across + height, top)
  }
  ctx.stroke()
}

/** A diamond on each point that changed after it was complete. */
export function markRevised(chart: uPlot, { x, points }: Columns, colours: Colours): void {
  const { ctx } = chart
  const size = 5 * devicePixelRatio
  ctx.save()
  ctx.fillStyle = colours.card
  ctx.strokeStyle = colours.warn
  ctx.lineWidth = 1.75 * devicePixelRatio
  let drawn = Number.NEGATIVE_INFINITY
  for (const [place, point] of points.entries()) {
    if (point === null || !point.revised || point.value === null) continue
    const across = chart.valToPos(x[place] as number, 'x', true)
    // of a hundred thousand no eye tells neighbours apart
    if (across - drawn < size) continue
    drawn = across
    const up = chart.valToPos(point.value, 'y', true)
    ctx.beginPath()
    ctx.moveTo(across, up - size)
    ctx.lineTo(across + size, up)
    ctx.lineTo(across, up + size)
    ctx.lineTo(across - size, up)
    ctx.closePath()
    ctx.fill()
    ctx.stroke()
  }
  ctx.restore()
}

/** A vertical line where each action began, a pale band as long as it lasted; the chosen one stands out. */
export function drawMarks(chart: uPlot, marks: readonly ChartMark[], chosen: string | null, colours: Colours): void {
  const { ctx, bbox } = chart
  const right = bbox.left + bbox.width
  ctx.save()
  for (const mark of marks) {
    const across = chart.valToPos(mark.at, 'x', true)
    const end = mark.until === null ? across : chart.valToPos(mark.until, 'x', true)
    const isChosen = mark.id === chosen
    const colour = isChosen ? colours.ink : colours.calm
    if (end > across) {
      const [from, to] = [Math.max(bbox.left, across), Math.min(right, end)]
      ctx.fillStyle = faded(colour, isChosen ? 0.12 : 0.06)
      if (to > from) ctx.fillRect(from, bbox.top, to - from, bbox.height)
    }
    if (across < bbox.left || across > right) continue
    ctx.strokeStyle = colour
    ctx.lineWidth = (isChosen ? 2 : 1.25) * devicePixelRatio
    ctx.setLineDash(mark.planned ? [2 * devicePixelRatio, 3 * devicePixelRatio] : [])
    ctx.beginPath()
    ctx.moveTo(across, bbox.top)
    ctx.lineTo(across, bbox.top + bbox.height)
    ctx.stroke()
  }
  ctx.restore()
}
