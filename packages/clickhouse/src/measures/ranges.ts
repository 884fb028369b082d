import type { TimeRange } from '@kivi/domain'
import type { Bind } from './statement.ts'

/** Indexes of ranges in as few layers as a greedy choice finds, so that no two ranges of a layer overlap. */
export function layersOf(indexes: readonly number[], ranges: readonly TimeRange[]): number[][] {
  const found: Array<{ end: number; ranges: number[] }> = []
  for (const index of [...indexes].sort((a, b) => ranges[a]!.from - ranges[b]!.from)) {
    const range = ranges[index]!
    const layer = found.find(candidate => candidate.end <= range.from)
    if (layer) {
      layer.ranges.push(index)
      layer.end = range.to
    } else found.push({ end: range.to, ranges: [index] })
  }
  return found.map(layer => layer.ranges)
}

/**
 * SQL of the indexes of the ranges that hold an instant (Array(Int32); none for NaN). One look-up per layer of ranges
 * that do not overlap: a long series is a few of them, whatever its length.
 */
export function rangesHolding(time: string, ranges: readonly TimeRange[], bind: Bind): string {
  const filled = ranges.map((_, index) => index).filter(index => ranges[index]!.from < ranges[index]!.to)
  const layers = layersOf(filled, ranges).map(layer => {
    const bounds: number[] = []
    const found: number[] = []
    for (const index of layer) {
      const { from, to } = ranges[index]!
      if (bounds.at(-1) === from) found[found.length - 1] = index
      else {
        bounds.push(from)
        found.push(index)
      }
      bounds.push(to)
      found.push(-1)
    }
    const starts = bind(bounds, 'Array(Int64)')
    const instant = `toInt64(${time})`
    const place = `transform(roundDown(${instant}, ${starts}), ${starts}, ${bind(found, 'Array(Int32)')}, toInt32(-1))`
    return `if(${time} >= ${bounds[0]} AND ${time} < ${bounds.at(-1)}, ${place}, toInt32(-1))`
  })
  return layers.length === 0 ? 'emptyArrayInt32()' : `arrayFilter(r -> r >= 0, [${layers.join(', ')}])`
}

/** From the earliest start to the latest end. */
export const span = (ranges: readonly TimeRange[]): TimeRange => ({
  from: ranges.reduce((least, { from }) => Math.min(least, from), Number.POSITIVE_INFINITY),
  to: ranges.reduce((most, { to }) => Math.max(most, to), Number.NEGATIVE_INFINITY),
})
