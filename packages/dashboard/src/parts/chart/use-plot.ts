import './browser-language.ts'
import { effect } from '@preact/signals'
import type { RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import uPlot from 'uplot'
import { place as catalogPlace } from '../../format/place.ts'
import { language, locale } from '../../settings/language.ts'
import { theme } from '../../settings/theme.ts'
import type { Columns } from './columns.ts'
import type { ChartMark } from './model.ts'
import { aligned, frameOf, optionsFor, type Scene } from './options.ts'
import { readColours } from './theme-colours.ts'

/** Where things stand on a drawn chart, CSS pixels from the left of its box. */
export interface Layout {
  readonly left: number
  readonly width: number
  readonly top: number
  readonly height: number
  readonly marks: ReadonlyArray<{ readonly id: string; readonly x: number }>
}

export interface Plotted {
  readonly columns: Columns
  readonly unit: string
  readonly secondUnit: string | null
  readonly marks: readonly ChartMark[]
  readonly chosenMark: string | null
}

export interface Plot {
  /** the place under the cursor */
  readonly place: number | null
  readonly layout: Layout | null
  /** moves the cursor to a place; null takes it away */
  readonly pointAt: (place: number | null) => void
  /** CSS pixels of a place */
  readonly xOf: (place: number) => number
}

/** Keeps a uPlot in step with what it is to show, the size of its box, the theme and the language. */
export function usePlot(
  box: RefObject<HTMLDivElement>,
  shown: Plotted,
  onZoom?: (from: number, to: number) => void,
): Plot {
  const chart = useRef<uPlot | null>(null)
  const scene = useRef<Scene | null>(null)
  const zoom = useRef(onZoom)
  zoom.current = onZoom
  const [place, setPlace] = useState<number | null>(null)
  const [layout, setLayout] = useState<Layout | null>(null)
  const frame = frameOf(shown)

  // made anew only when its axes are others; everything else changes within the scene
  useEffect(() => {
    const host = box.current
    if (host === null) return
    const first: Scene = {
      ...shown,
      colours: readColours(host),
      timezone: catalogPlace.peek().timezone,
      locale: locale(),
    }
    scene.current = first
    const made = new uPlot(
      optionsFor(first, sizeOf(host), {
        pointed: setPlace,
        chosen: (from, to) => zoom.current?.(from, to),
        drawn: drawn => setLayout(before => newLayout(before, drawn, first.marks)),
      }),
      aligned(first.columns),
      host,
    )
    chart.current = made
    const watcher = new ResizeObserver(() => made.setSize(sizeOf(host)))
    watcher.observe(host)
    const repaint = () => {
      first.colours = readColours(host)
      first.timezone = catalogPlace.value.timezone
      first.locale = locale()
      made.redraw(true, true)
    }
    const dark = matchMedia('(prefers-color-scheme: dark)')
    dark.addEventListener('change', repaint)
    let isDrawn = false
    const unsubscribe = effect(() => {
      // what the picture depends on besides its data
      void [theme.value, language.value, catalogPlace.value]
      if (isDrawn) repaint()
      isDrawn = true
    })
    return () => {
      unsubscribe()
      dark.removeEventListener('change', repaint)
      watcher.disconnect()
      made.destroy()
      chart.current = null
    }
  }, [frame])

  const { columns, marks, chosenMark } = shown
  useEffect(() => {
    if (scene.current === null || chart.current === null) return
    const isNew = scene.current.columns !== columns
    Object.assign(scene.current, { columns, marks, chosenMark })
    if (isNew) chart.current.setData(aligned(columns))
    else chart.current.redraw(false)
  }, [columns, marks, chosenMark])

  return {
    place,
    layout,
    pointAt(to) {
      const drawn = chart.current
      const left = to === null ? -10 : (drawn?.valToPos(columns.x[to] as number, 'x') ?? -10)
      drawn?.setCursor({ left, top: to === null ? -10 : 1 })
    },
    xOf: at => (layout?.left ?? 0) + (chart.current?.valToPos(columns.x[at] as number, 'x') ?? 0),
  }
}

const sizeOf = (host: HTMLElement) => ({ width: host.clientWidth, height: host.clientHeight })

/** The same object where nothing moved, so that nothing is drawn again for it. */
function newLayout(before: Layout | null, { bbox, valToPos }: uPlot, marks: readonly ChartMark[]): Layout {
  const left = bbox.left / devicePixelRatio
  const next: Layout = {
    left,
    width: bbox.width / devicePixelRatio,
    top: bbox.top / devicePixelRatio,
    height: bbox.height / devicePixelRatio,
    marks: marks.map(({ id, at }) => ({ id, x: left + valToPos(at, 'x') })),
  }
  return before !== null && JSON.stringify(before) === JSON.stringify(next) ? before : next
}
