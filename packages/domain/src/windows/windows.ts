/** Which windows hold an instant: half-open [from, to), epoch ms, aligned to an origin. */
import type { TimeRange } from '../ranges.ts'
import { TEN_SECONDS } from '../slices.ts'
import { floorTo } from './zones.ts'

/** The one window of this length that holds the instant: windows side by side partition time. */
export function tumblingWindow(instant: number, length: number, origin = 0): TimeRange {
  const from = floorTo(instant - origin, length) + origin
  return { from, to: from + length }
}

/**
 * The windows of this length, one beginning every `hop`, that hold the instant, oldest first. With a hop longer
 * than the length there may be none.
 */
export function hoppingWindows(instant: number, length: number, hop: number, origin = 0): TimeRange[] {
  const windows: TimeRange[] = []
  const last = floorTo(instant - origin, hop)
  const first = floorTo(instant - origin - length, hop) + hop
  for (let from = first; from <= last; from += hop) windows.push({ from: from + origin, to: from + origin + length })
  return windows
}

/** The window of this length that ends with the last 10 s slice completed at the instant. */
export function rollingWindow(instant: number, length: number): TimeRange {
  const to = floorTo(instant, TEN_SECONDS)
  return { from: to - length, to }
}
