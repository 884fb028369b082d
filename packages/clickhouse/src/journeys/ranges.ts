/** Stretches of time that a question needs, beyond its ranges. */
import type { TimeRange } from '@kivi/domain'

/** The stretches that the ranges cover, each widened at both ends, without overlaps. */
export function stretches(ranges: readonly TimeRange[], before: number, after: number): TimeRange[] {
  const wide = ranges
    .filter(({ from, to }) => from < to)
    .map(({ from, to }) => ({ from: from - before, to: to + after }))
    .sort((a, b) => a.from - b.from)
  const found: Array<{ from: number; to: number }> = []
  for (const range of wide) {
    const last = found.at(-1)
    if (last !== undefined && range.from <= last.to) last.to = Math.max(last.to, range.to)
    else found.push(range)
  }
  return found
}

/** SQL: the instant (SQL of a number, epoch ms) lies in one of the stretches. */
export function within(instant: string, parts: readonly TimeRange[]): string {
  if (parts.length === 0) return '0'
  return `(${parts.map(({ from, to }) => `${instant} >= ${Math.trunc(from)} AND ${instant} < ${Math.trunc(to)}`).join(' OR ')})`
}
