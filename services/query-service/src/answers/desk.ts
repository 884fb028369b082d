import {
  type Catalog,
  type Cells,
  type Evaluation,
  evaluate,
  type Indicator,
  type Moment,
  type SliceSource,
  type TimeRange,
} from '@kivi/domain'
import type { Freshness } from '../freshness.ts'
import { formatTime } from '../questions/times.ts'

/** What an answer is made with: one catalog, one moment, one state of the data. */
export interface Desk {
  readonly catalog: Catalog
  readonly source: SliceSource
  readonly moment: Moment
  readonly freshness: Freshness
}

/** Value of an indicator in one range and group. */
export function evaluateAt(desk: Desk, indicator: Indicator, cells: Cells, range: TimeRange): Evaluation {
  const { watermark, newest } = desk.freshness
  const known = watermark !== null && watermark > range.from
  const result = evaluate(desk.catalog, indicator, cells, known)
  // data of years ago, or a source that fell silent: zeros that nobody should take for a bad day
  return known && newest !== null && newest < range.from ? { ...result, reason: 'after_newest_event' } : result
}

/** All events before the end have been counted. */
export function isComplete(desk: Desk, range: TimeRange): boolean {
  const { watermark } = desk.freshness
  return watermark !== null && watermark >= range.to
}

/** How far the data are, as answers tell it. */
export function freshnessOf({ freshness: { watermark, newest } }: Desk): {
  watermark: string | null
  newest_event: string | null
} {
  return {
    watermark: watermark === null ? null : formatTime(watermark),
    newest_event: newest === null ? null : formatTime(newest),
  }
}
