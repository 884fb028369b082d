import { ceilTo, floorTo, LEVEL, QUARTER_HOUR, type TimeRange, type Zone } from '@kivi/domain'
import type { LevelPlan, LevelRange } from './slice-query.ts'

/** The coarsest slices that make up a range: whole local days, quarters around them, ten seconds at its ends. */
export const levelPlan =
  (zone: Zone): LevelPlan =>
  range => {
    const days = daysInside(range, zone)
    const outer = days ?? { from: range.to, to: range.to }
    return [
      ...quarters({ from: range.from, to: outer.from }),
      ...(days === null ? [] : [{ level: LEVEL.day, ...days }]),
      ...quarters({ from: outer.to, to: range.to }),
    ]
  }

function daysInside(range: TimeRange, zone: Zone): TimeRange | null {
  const first = zone.day(range.from)
  const from = first.start === range.from ? first.start : first.end
  const to = zone.day(range.to).start
  return from < to ? { from, to } : null
}

function quarters({ from, to }: TimeRange): LevelRange[] {
  const first = ceilTo(from, QUARTER_HOUR)
  const last = floorTo(to, QUARTER_HOUR)
  const parts =
    first >= last
      ? [{ level: LEVEL.tenSeconds, from, to }]
      : [
          { level: LEVEL.tenSeconds, from, to: first },
          { level: LEVEL.quarterHour, from: first, to: last },
          { level: LEVEL.tenSeconds, from: last, to },
        ]
  return parts.filter(part => part.from < part.to)
}
