import type { Group } from '../answers.ts'

export const ORDERS = ['change', 'value', 'volume'] as const
export type Order = (typeof ORDERS)[number]

/** Largest first; movers whichever way they went. What has no number comes last. */
export function byOrder(order: Order): (a: Group, b: Group) => number {
  const key = (group: Group): number => {
    if (order === 'volume') return group.n
    if (order === 'value') return group.value ?? Number.NEGATIVE_INFINITY
    return movement(group)
  }
  return (a, b) => {
    const [x, y] = [key(a), key(b)]
    return x === y ? b.n - a.n : y > x ? 1 : -1
  }
}

/** How far a segment moved: relative to before, and from nothing farther than any that was there. */
function movement({ value, previous }: Group): number {
  if (value === null || previous === undefined || previous.value === null) return Number.NEGATIVE_INFINITY
  if (previous.change !== null) return Math.abs(previous.change)
  return value === previous.value ? 0 : Number.MAX_VALUE
}
