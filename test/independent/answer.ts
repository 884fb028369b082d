/** Questions, answers, and the arithmetic that they share. */
import { DAY } from './calendar.ts'
import type { Group, Happened, History } from './history.ts'
import { number } from './history.ts'

export interface Question {
  readonly from: number
  readonly to: number
  /** dimensions and their values; none: everything */
  readonly by?: Group
}

export interface Answer {
  readonly value: number | null
  readonly parts?: Readonly<Record<string, number | null>>
}

/** An indicator by its words: a plain loop over a history. */
export type Calculation = (history: History, question: Question) => Answer

export const sum = (numbers: Iterable<number>): number => {
  let total = 0
  for (const n of numbers) total += n
  return total
}

/** Sum of a field over the events that have it. */
export const sumOf = (events: readonly Happened[], field: string): number =>
  sum(events.map(e => number(e, field)).filter(n => !Number.isNaN(n)))

export const divide = (above: number | null, below: number | null): number | null =>
  above === null || below === null || below === 0 ? null : above / below

export const mean = (numbers: readonly number[]): number | null => divide(sum(numbers), numbers.length)

/** Interpolated between the two that enclose it, as spreadsheets do. */
export function quantile(numbers: readonly number[], q: number): number | null {
  if (numbers.length === 0) return null
  const sorted = [...numbers].sort((a, b) => a - b)
  const position = (sorted.length - 1) * q
  const low = Math.floor(position)
  const rest = position - low
  return sorted[low]! + (rest === 0 ? 0 : rest * (sorted[low + 1]! - sorted[low]!))
}

/** Distinct persons; what is nobody's counts for nobody. */
export const persons = (events: readonly Happened[]): Set<string> =>
  new Set(events.map(e => e.who).filter(who => who !== ''))

/** How many of a set are in another one. */
export const within = (some: ReadonlySet<string>, all: ReadonlySet<string>): number =>
  [...some].filter(one => all.has(one)).length

/** A ratio with its parts by name. */
export function ratio(above: readonly [string, number | null], below: readonly [string, number | null]): Answer {
  return { value: divide(above[1], below[1]), parts: { [above[0]]: above[1], [below[0]]: below[1] } }
}

/** A growth from a value that is not positive says nothing. */
export const growth = (now: number | null, before: number | null): number | null =>
  now === null || before === null || before <= 0 ? null : now / before - 1

/** Persons who did something of their own in [from, to). */
export function activePersons(history: History, from: number, to: number): Set<string> {
  return persons(history.events.filter(e => e.t >= from && e.t < to && history.isActive(e)))
}

/** The window before: the calendar period before of a whole one, as many days of whole days, else the same length. */
export function previous({ calendar }: History, { from, to }: Question): { from: number; to: number } {
  const [first, last] = [calendar.day(from), calendar.day(to)]
  for (const months of [1, 3, 12]) {
    const begins = new Date(first * DAY).getUTCMonth() % months === 0
    if (begins && calendar.month(from) === from && calendar.month(from, months) === to)
      return { from: calendar.month(from, -months), to: from }
  }
  if (calendar.start(first) === from && calendar.start(last) === to)
    return { from: calendar.start(first - (last - first)), to: from }
  return { from: from - (to - from), to: from }
}

/** Months of a window: each counts by the share of its local days that the window holds. */
export function monthsOf({ calendar }: History, { from, to }: Question): number {
  // days since 1970 with the part of the day that has gone, however long that day is
  const position = (t: number): number => {
    const day = calendar.day(t)
    return day + (t - calendar.start(day)) / (calendar.start(day + 1) - calendar.start(day))
  }
  let months = 0
  for (let start = calendar.month(from); start < to; start = calendar.month(start, 1)) {
    const end = calendar.month(start, 1)
    const held = position(Math.min(to, end)) - position(Math.max(from, start))
    months += held / (position(end) - position(start))
  }
  return months
}

/** Local days of a window. */
export function daysOf(history: History, { from, to }: Question): number {
  const { calendar } = history
  const first = calendar.day(from)
  const last = calendar.day(to)
  if (calendar.start(first) === from && calendar.start(last) === to) return last - first
  return (to - from) / DAY
}
