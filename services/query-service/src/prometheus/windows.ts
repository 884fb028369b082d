/** Over which windows an indicator is read for the steps of a query. */
import {
  type Catalog,
  floorTo,
  type Indicator,
  isStored,
  isSumOfSums,
  type Moment,
  measuresBehind,
  parseWindow,
  QUARTER_HOUR,
  TEN_SECONDS,
  type TimeRange,
} from '@kivi/domain'
import { latestWindow } from '../answers/asked-window.ts'
import { type Desk, momentOf } from '../answers/desk.ts'
import { ProblemError } from '../http/problems.ts'
import { PrometheusError } from './errors.ts'
import type { Leaf } from './leaves.ts'
import type { Notes } from './notes.ts'
import { durationText } from './parameters.ts'
import { sampling } from './sampling.ts'
import { metricName } from './series.ts'

/** Where the data end longer ago than this there is no sample, as in Prometheus. */
const LOOKBACK_MS = 5 * 60_000

export interface SlottedWindows {
  readonly windows: readonly TimeRange[]
  /** of each step the windows that its value is made of; empty: it has none */
  readonly slots: ReadonlyArray<readonly number[]>
}

/** The windows that the steps need: each once. */
export async function windowsOf(
  desk: Desk,
  { leaf, indicator }: { readonly leaf: Leaf; readonly indicator: Indicator },
  times: readonly number[],
  most: number,
  notes: Notes,
): Promise<SlottedWindows> {
  const { rangeMs, offsetMs } = leaf.selector
  const counts = leaf.function === 'increase' || leaf.function === 'rate'
  if (counts) assertCounts(desk.catalog, indicator, leaf.function)
  const moved = times.map(time => time - offsetMs)
  const overTime = rangeMs !== null && !counts && leaf.function !== 'delta'
  // two windows a step
  const limit = leaf.function === 'delta' ? Math.max(1, Math.floor(most / 2)) : most
  const { grid, coarsened, instants } = sampling(moved, overTime ? rangeMs : null, limit, indicator.record?.everyMs)
  if (coarsened)
    notes.infos.add(
      `${metricName(indicator.id)} was evaluated every ${durationText(grid)} because the query has many steps: take a shorter range or a larger step for finer ones`,
    )
  const windowAt = await windowsEnding(desk, indicator, counts ? rangeMs : null, instants, notes)
  const places = new Map<string, number>()
  const windows: TimeRange[] = []
  const place = (window: TimeRange): number => {
    const key = `${window.from}/${window.to}`
    const known = places.get(key)
    if (known !== undefined) return known
    places.set(key, windows.length)
    return windows.push(window) - 1
  }
  const slots = instants.map(ends => {
    const wanted = leaf.function === 'delta' && rangeMs !== null ? ends.flatMap(end => [end - rangeMs, end]) : ends
    const held = wanted.map(windowAt)
    // of the difference both have to be there
    if (leaf.function === 'delta' && held.includes(null)) return []
    return [...new Set(held.flatMap(window => (window === null ? [] : [place(window)])))]
  })
  return { windows, slots }
}

/**
 * The window of `length` (null: the indicator's own) that ends at an instant, or with the newest slice that is complete
 * where the data do not reach so far yet; null where there are no data, or none so fine any more.
 */
async function windowsEnding(
  desk: Desk,
  indicator: Indicator,
  length: number | null,
  instants: ReadonlyArray<readonly number[]>,
  notes: Notes,
): Promise<(end: number) => TimeRange | null> {
  const moment = momentOf(desk, indicator)
  const { watermark } = moment
  const own = parseWindow(indicator.window)
  const span = length ?? (own.ok ? own.ms : null)
  if (watermark === null || span === null) return () => null
  const complete = floorTo(watermark, TEN_SECONDS)
  const isNew = instants.some(ends => ends.some(end => end >= complete))
  const newest = isNew ? await newestWindow(desk, indicator, length, complete, moment, notes) : null
  const known = new Map<number, TimeRange | null>()
  return end => {
    if (end >= complete) return end - watermark > LOOKBACK_MS ? null : newest
    let window = known.get(end)
    if (window === undefined) {
      window = windowEnding(end, span, moment)
      known.set(end, window)
    }
    return window
  }
}

async function newestWindow(
  desk: Desk,
  indicator: Indicator,
  length: number | null,
  complete: number,
  moment: Moment,
  notes: Notes,
): Promise<TimeRange | null> {
  if (length !== null) return windowEnding(complete, length, moment)
  try {
    return await latestWindow(desk, indicator, {})
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    notes.warnings.add(`${metricName(indicator.id)}: ${error.message}`)
    return null
  }
}

/** With bounds that are stored at its age: the end moves down to one. */
function windowEnding(end: number, length: number, moment: Moment): TimeRange | null {
  if (end < length) return null
  const ends = [floorTo(end, TEN_SECONDS), floorTo(end, QUARTER_HOUR), moment.calendar.zone.day(end).start]
  for (const to of ends) {
    const window = { from: to - length, to }
    if (isStored(window, moment)) return window
  }
  return null
}

/** What happened in a range can be told of what is counted and summed, not of rates and of levels. */
function assertCounts(catalog: Catalog, indicator: Indicator, name: string): void {
  const measures = measuresBehind(catalog, indicator)
  const isLevel = measures.some(measure => measure.kind === 'entity' && measure.timing.kind === 'end')
  const isPlain = indicator.type === 'simple' || (indicator.type === 'derived' && indicator.offsets.size === 0)
  if (isPlain && !isLevel && isSumOfSums(catalog, indicator)) return
  throw new PrometheusError(
    'bad_data',
    `${name} is of counts and sums, and ${metricName(indicator.id)} is none: use delta for its change, or avg_over_time for its mean`,
  )
}
