/**
 * Which of a question's ranges hold an instant. Ranges overlap (a window, the steps of its spark line, rolling
 * windows), so the bounds of all cut time into segments, and each segment knows its ranges: one search per row,
 * however many ranges there are.
 */
import { KiviError, type TimeRange } from '@kivi/domain'

/** Most entries of the lists that say which ranges a segment belongs to: they are part of the statement's text. */
const MOST_ENTRIES = 200_000

const LONG_AGO = -1e15

/** SQL of the `Array(UInt32)` of indexes of the ranges that hold an instant (SQL of an Int64, epoch ms). */
export function rangesHolding(instant: string, ranges: readonly TimeRange[]): string {
  const { bounds, held } = segmentsOf(ranges)
  const known = `CAST([${bounds.map(Math.trunc).join(',')}], 'Array(Int64)')`
  const numbers = `CAST([${bounds.map((_, index) => index + 1).join(',')}], 'Array(UInt32)')`
  const segment = `transform(roundDown(${instant}, ${known}), ${known}, ${numbers}, toUInt32(0))`
  return `arrayElement(CAST([${held.map(list => `[${list}]`).join(',')}], 'Array(Array(UInt32))'), ${segment})`
}

/** The ranges' bounds, and for each the ranges that hold what lies between it and the next one. */
function segmentsOf(ranges: readonly TimeRange[]): { bounds: number[]; held: number[][] } {
  // roundDown gives the first bound for what lies before it: one that no range begins at
  const bounds = [...new Set([LONG_AGO, ...ranges.flatMap(({ from, to }) => [from, to])])].sort((a, b) => a - b)
  const begin = Map.groupBy(ranges.keys(), index => ranges[index]!.from)
  const end = Map.groupBy(ranges.keys(), index => ranges[index]!.to)
  const open = new Set<number>()
  let entries = 0
  const held = bounds.map(bound => {
    for (const index of begin.get(bound) ?? []) open.add(index)
    for (const index of end.get(bound) ?? []) open.delete(index)
    entries += open.size
    if (entries > MOST_ENTRIES)
      throw new KiviError(
        'question_too_large',
        'The steps overlap too often: ask for a shorter series or larger steps.',
      )
    return [...open]
  })
  return { bounds, held }
}

/** The stretches of time that the ranges cover, each widened at both ends, without overlaps. */
export function stretches(ranges: readonly TimeRange[], before: number, after: number): TimeRange[] {
  const wide = ranges
    .map(({ from, to }) => ({ from: from - before, to: to + after }))
    .filter(({ from, to }) => from < to)
    .sort((a, b) => a.from - b.from)
  const found: Array<{ from: number; to: number }> = []
  for (const range of wide) {
    const last = found.at(-1)
    if (last !== undefined && range.from <= last.to) last.to = Math.max(last.to, range.to)
    else found.push(range)
  }
  return found
}

/** SQL: the instant (SQL of an Int64, epoch ms) lies in one of the stretches. */
export function within(instant: string, parts: readonly TimeRange[]): string {
  if (parts.length === 0) return '0'
  return `(${parts.map(({ from, to }) => `${instant} >= ${Math.trunc(from)} AND ${instant} < ${Math.trunc(to)}`).join(' OR ')})`
}
