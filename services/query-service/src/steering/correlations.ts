import {
  CORRELATION_DAYS,
  CORRELATION_SEGMENTS,
  correlateDays,
  correlateSegments,
  type Indicator,
  type TimeRange,
} from '@kivi/domain'
import type { ReadGroups } from './drivers.ts'
import type { ReadValues } from './effect.ts'

interface Correlated {
  readonly r: number
  readonly n: number
  readonly interval: readonly [number, number] | null
  readonly p: number
}
type AtLag = Correlated & { readonly lag: number; readonly effective: number }

export interface CorrelationAnswer {
  readonly method: 'pearson_days' | 'spearman_segments'
  /** days or segments that have both values */
  readonly n: number
  readonly reason?: 'too_few'
  readonly best?: AtLag | null
  readonly lags?: readonly AtLag[]
  readonly segments?: Correlated | null
  readonly note: string
}

const CORRELATION_NOTE = 'Two things that move together: neither is shown to cause the other.'

/** Two indicators by local day, at each lag. A lag of 3: y follows x three days later. */
export async function correlateByDay(
  read: ReadValues,
  x: Indicator,
  y: Indicator,
  days: readonly TimeRange[],
  lags: number,
  firstWeekday: number,
): Promise<CorrelationAnswer> {
  const [left, right] = await Promise.all([read(x, days, []), read(y, days, [])])
  const { days: n, lags: found, best } = correlateDays(left, right, lags, firstWeekday)
  return {
    method: 'pearson_days',
    n,
    ...(n < CORRELATION_DAYS ? { reason: 'too_few' as const } : {}),
    best,
    lags: found,
    note: CORRELATION_NOTE,
  }
}

/** Two indicators over one window, across the values of a dimension. */
export async function correlateBySegment(
  read: ReadGroups,
  x: Indicator,
  y: Indicator,
  window: TimeRange,
  dimension: string,
): Promise<CorrelationAnswer> {
  const [left, right] = await Promise.all([read(x, [window], dimension, []), read(y, [window], dimension, [])])
  const pairs = [...left].flatMap(([segment, [value = null]]) => {
    const other = right.get(segment)?.[0] ?? null
    return value === null || other === null ? [] : [[value, other] as const]
  })
  const segments = correlateSegments(
    pairs.map(pair => pair[0]),
    pairs.map(pair => pair[1]),
  )
  return {
    method: 'spearman_segments',
    n: pairs.length,
    ...(pairs.length < CORRELATION_SEGMENTS ? { reason: 'too_few' as const } : {}),
    segments,
    note: CORRELATION_NOTE,
  }
}
