/** Questions, answers, and the arithmetic that they share. */
import type { Group, Happened, History } from './history.ts'
import { number } from './history.ts'

export interface Question {
  readonly from: number
  readonly to: number
  /** which calendar period the window is; none: it is a length or a range */
  readonly period?: 'day' | 'week' | 'month' | 'quarter' | 'year'
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

/** The window before: the calendar period before of a whole one, else the same length. */
export function previous({ calendar }: History, { from, to, period }: Question): { from: number; to: number } {
  switch (period) {
    case undefined:
      return { from: from - (to - from), to: from }
    case 'day':
    case 'week':
      return { from: calendar.start(calendar.day(from) - (period === 'day' ? 1 : 7)), to: from }
    default:
      return { from: calendar.month(from, -{ month: 1, quarter: 3, year: 12 }[period]), to: from }
  }
}

/** Months of a window: whole calendar months where it consists of them, else mean months. */
export function monthsOf(history: History, { from, to }: Question): number {
  const { calendar } = history
  if (calendar.month(from) === from)
    for (let months = 1; months <= 36; months++) if (calendar.month(from, months) === to) return months
  return (to - from) / ((365.2425 / 12) * 86_400_000)
}

/** Local days of a window. */
export function daysOf(history: History, { from, to }: Question): number {
  const { calendar } = history
  const first = calendar.day(from)
  const last = calendar.day(to)
  if (calendar.start(first) === from && calendar.start(last) === to) return last - first
  return (to - from) / 86_400_000
}
