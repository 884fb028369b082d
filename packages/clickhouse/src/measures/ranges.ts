/**
 * Which of a question's ranges hold an instant. Ranges overlap (a window, the steps of its spark line, rolling
 * windows): their bounds cut time into segments, and each segment knows its ranges, so that one search per row is
 * enough, however many ranges there are.
 */
import { KiviError, type TimeRange } from '@kivi/domain'

/** Most entries of the lists that say which ranges a segment belongs to: they are part of the statement's text. */
const MOST_ENTRIES = 200_000

const LONG_AGO = -1e15

/** SQL of the Array(Int32) of indexes of the ranges that hold an instant (SQL of a number, epoch ms; NaN: of none). */
export function rangesHolding(instant: string, ranges: readonly TimeRange[]): string {
  const { bounds, held } = segmentsOf(ranges)
  const starts = `CAST([${bounds.map(Math.trunc).join(', ')}], 'Array(Int64)')`
  const numbers = `CAST([${bounds.map((_, index) => index + 1).join(', ')}], 'Array(UInt32)')`
  const time = `toInt64(ifNotFinite(${instant}, ${LONG_AGO}))`
  const segment = `transform(roundDown(${time}, ${starts}), ${starts}, ${numbers}, toUInt32(0))`
  return `arrayElement(CAST([${held.map(list => `[${list.join(', ')}]`).join(', ')}], 'Array(Array(Int32))'), ${segment})`
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

/** From the earliest start to the latest end. */
export const span = (ranges: readonly TimeRange[]): TimeRange => ({
  from: ranges.reduce((least, { from }) => Math.min(least, from), Number.POSITIVE_INFINITY),
  to: ranges.reduce((most, { to }) => Math.max(most, to), Number.NEGATIVE_INFINITY),
})
