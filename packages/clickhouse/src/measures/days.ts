import { DAY, type TimeRange } from '@kivi/domain'

/** the last one that ClickHouse's Date can tell */
const LAST_DAY = 65_535

/** SQL: a stored (UTC) day can hold instants of the range; null where that has no bounds. */
export function daysWithin(day: string, { from, to }: Partial<TimeRange>): string | null {
  const conditions = [
    ...(from !== undefined && from > 0 ? [`${day} >= toDate(${Math.min(Math.floor(from / DAY), LAST_DAY)})`] : []),
    ...(to !== undefined && to / DAY <= LAST_DAY ? [`${day} <= toDate(${Math.max(Math.ceil(to / DAY) - 1, 0)})`] : []),
  ]
  return conditions.length === 0 ? null : conditions.join(' AND ')
}
