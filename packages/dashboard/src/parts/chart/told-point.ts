import { formatValue } from '../../format/numbers.ts'
import { formatDay, formatMinute, formatMoment } from '../../format/times.ts'
import { spoken } from '../../settings/language.ts'
import type { Columns } from './columns.ts'
import type { ChartData, ChartPoint } from './model.ts'
import { zoneOf } from './time-axis.ts'
import { WORDS } from './words.ts'

/** A stretch of time as people say it: a date, dates, or times of day. */
export function toldStretch(from: number, to: number, timezone: string): string {
  const zone = zoneOf(timezone)
  const day = zone.day(from)
  if (day.start === from && zone.day(to).start === to)
    return day.end === to ? formatDay(from) : `${formatDay(from)} – ${formatDay(to - 1)}`
  const told = from % 60_000 === 0 && to % 60_000 === 0 ? formatMinute : formatMoment
  const end = told(to)
  // of a stretch within a day the date is said once
  return to <= day.end ? `${told(from)} – ${end.slice(sharedWords(told(from), end))}` : `${told(from)} – ${end}`
}

/** How many characters of whole words two texts begin with in common. */
function sharedWords(one: string, other: string): number {
  let shared = 0
  while (shared < one.length && one[shared] === other[shared]) shared++
  return other.lastIndexOf(' ', shared - 1) + 1
}

export interface ToldRow {
  readonly name: 'value' | 'target' | 'interval' | 'previous' | 'second'
  readonly label: string
  readonly text: string
  /** when it was, where that is another time */
  readonly time?: string
}

/** All that a chart knows of one place, in words. */
export interface ToldPoint {
  readonly time: string
  readonly rows: readonly ToldRow[]
  readonly notes: readonly string[]
}

export function tellPoint(
  data: ChartData,
  columns: Columns,
  place: number,
  timezone: string,
  rolling: string | null,
): ToldPoint {
  const words = spoken(WORDS)
  const { main, second, previous, to } = data
  const [t, next] = [columns.x[place] as number, columns.x[place + 1] ?? to]
  const point = columns.points[place] ?? null
  const other = columns.secondPoints[place] ?? null
  const told = (value: number | null | undefined, unit = main.unit) =>
    value === null || value === undefined ? words.none : formatValue(value, unit)
  const before = columns.previousTimes[place] ?? null
  const rows: ToldRow[] = []
  if (point !== null) rows.push({ name: 'value', label: main.label, text: told(point.value) })
  if (point?.target != null) rows.push({ name: 'target', label: words.target, text: told(point.target) })
  if (point?.interval != null)
    rows.push({
      name: 'interval',
      label: words.interval,
      text: `${told(point.interval[0])} – ${told(point.interval[1])}`,
    })
  if (previous !== null && before !== null)
    rows.push({
      name: 'previous',
      label: previous.label,
      text: told(columns.previous[place]),
      time: rolling === null ? formatStart(before, timezone) : formatMinute(before),
    })
  if (second !== null && other !== null)
    rows.push({ name: 'second', label: second.label, text: told(other.value, second.unit) })
  return {
    time: rolling === null ? toldStretch(t, next, timezone) : `${rolling} ${words.upTo(toldEnd(next, timezone))}`,
    rows,
    notes: point === null ? [] : notesOf(point),
  }
}

function notesOf(point: ChartPoint): string[] {
  const words = spoken(WORDS)
  return [
    ...(point.complete ? [] : [words.incomplete]),
    ...(point.partial ? [words.partial] : []),
    ...(point.provisional ? [words.provisional] : []),
    ...(point.revised ? [words.revised] : []),
  ]
}

const formatStart = (t: number, timezone: string): string =>
  zoneOf(timezone).day(t).start === t ? formatDay(t) : formatMinute(t)

/** The end of a window: that of a day is that day, not the midnight after it. */
const toldEnd = (t: number, timezone: string): string =>
  zoneOf(timezone).day(t).start === t ? formatDay(t - 1) : formatMinute(t)

/** The same in one line, for who hears it. */
export const spokenPoint = ({ time, rows, notes }: ToldPoint): string =>
  [
    time,
    ...rows.map(row => `${row.label} ${row.text}${row.time === undefined ? '' : ` (${row.time})`}`),
    ...notes,
  ].join('; ')
