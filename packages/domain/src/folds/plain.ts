/** The fold in plain words: the reference that tests hold the quick one to, and what explains it. */
import type { Measure } from '../definitions/index.ts'
import { LEVEL, QUARTER_HOUR, type SliceRow, TEN_SECONDS } from '../slices.ts'
import type { Zone } from '../windows/zones.ts'
import { mergeRows } from './merge.ts'
import { sumUnits } from './numbers.ts'
import { bucketOf } from './quantiles.ts'

/** An accepted event as the reference fold takes it. */
export interface PlainEvent {
  /** as decoded from JSON, event_type included */
  readonly fields: Readonly<Record<string, unknown>>
  /** epoch ms */
  readonly time: number
  /** the partition's watermark before its record, −1 where there was none */
  readonly watermarkBefore: number
  /** hash of the person, 0n where it has none */
  readonly person: bigint
  /** hash of a field's text, 0n where it is missing */
  hashOf(field: string): bigint
}

/** All slices of the events, cells merged, in no particular order. */
export function foldPlain(events: Iterable<PlainEvent>, measures: Iterable<Measure>, zone: Zone): SliceRow[] {
  const rows: SliceRow[] = []
  const all = [...measures]
  for (const event of events) {
    for (const measure of all) {
      const partial = partialOf(event, measure)
      if (partial === null) continue
      for (const slice of slicesOf(event.time, zone)) {
        rows.push({
          ...partial,
          measure: measure.id,
          level: slice.level,
          start: slice.start / 1000,
          month: zone.day(slice.start).month,
          dims: measure.dimensions.map(name => String(fieldOf(event.fields, name) ?? '')),
          late: slice.end <= event.watermarkBefore ? 1 : 0,
        })
      }
    }
  }
  return mergeRows(rows)
}

/** A field of a plain event: `campaign`, `properties.policy`. */
export function fieldOf(fields: Readonly<Record<string, unknown>>, name: string): unknown {
  const [outer = '', ...inner] = name.split('.')
  if (inner.length === 0) return fields[outer]
  const map = fields[outer] as Readonly<Record<string, unknown>> | undefined
  return map?.[inner.join('.')]
}

/** The three slices that hold an instant. */
export function slicesOf(time: number, zone: Zone): { level: number; start: number; end: number }[] {
  const fixed = (level: number, length: number) => {
    const start = Math.floor(time / length) * length
    return { level, start, end: start + length }
  }
  const { start, end } = zone.day(time)
  return [
    fixed(LEVEL.tenSeconds, TEN_SECONDS),
    fixed(LEVEL.quarterHour, QUARTER_HOUR),
    { level: LEVEL.day, start, end },
  ]
}

type Partial = Pick<SliceRow, 'count' | 'sum' | 'min' | 'max' | 'distinct' | 'buckets'>

const NOTHING: Partial = { count: 1, sum: 0n, min: 0, max: 0, distinct: [], buckets: new Map() }

/** What one event adds to one measure, null where it is not counted by it. */
function partialOf(event: PlainEvent, measure: Measure): Partial | null {
  const { fields } = event
  if (measure.events.length > 0 && !measure.events.includes(String(fields['event_type']))) return null
  if (measure.filter !== null && measure.filter.evaluate(fields) !== true) return null
  if (measure.agg === 'count') return NOTHING
  if (measure.agg === 'count_distinct') {
    const hash = measure.distinct === 'person' ? event.person : event.hashOf(measure.distinct ?? '')
    return hash === 0n ? null : { ...NOTHING, distinct: [hash] }
  }
  const result = measure.expr?.evaluate(fields) ?? null
  if (result === null || Number.isNaN(Number(result))) return null
  const value = Number(result) + 0
  switch (measure.agg) {
    case 'sum':
    case 'mean':
      return { ...NOTHING, sum: BigInt(sumUnits(value)) }
    case 'min':
    case 'max':
      return { ...NOTHING, min: value, max: value }
    case 'quantile':
      return { ...NOTHING, min: value, max: value, buckets: new Map([[bucketOf(value), 1]]) }
  }
}
