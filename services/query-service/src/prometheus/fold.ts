/** A step's value from its samples. */
import type { Leaf } from './leaves.ts'
import type { Column } from './series.ts'

/** A step's value from its samples; those without a number do not count. */
export function fold({ function: name, selector }: Leaf, slot: readonly number[], all: Column): number | null {
  const values = slot.flatMap(index => all[index] ?? [])
  const [first] = values
  if (first === undefined) return null
  const last = values.at(-1) as number
  const sum = () => values.reduce((total, value) => total + value, 0)
  switch (name) {
    case null:
    case 'last_over_time':
    case 'increase':
      return last
    case 'rate':
      return last / ((selector.rangeMs ?? 0) / 1000)
    case 'delta':
      // a window of which only one end has a number has not changed by anything that can be told
      return values.length < slot.length ? null : last - first
    case 'avg_over_time':
      return sum() / values.length
    case 'sum_over_time':
      return sum()
    case 'count_over_time':
      return values.length
    case 'min_over_time':
      return Math.min(...values)
    case 'max_over_time':
      return Math.max(...values)
  }
}
