/** From where to where an axis goes. */
export type Extent = readonly [low: number, high: number]

/** A target farther from the line than so many times its spread would press the line flat. */
const FAR = 4
/** An axis begins at zero where the lowest value is not above this part of the highest. */
const NEAR_ZERO = 0.6
const AIR = 0.08

/** Lowest and highest of what is known; null: nothing is. */
export function extentOf(...columns: ReadonlyArray<ReadonlyArray<number | null>>): Extent | null {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const column of columns)
    for (const value of column) {
      if (value === null) continue
      if (value < low) low = value
      if (value > high) high = value
    }
  return low > high ? null : [low, high]
}

/** Whether the targets fit beside the values without pressing them flat. */
export function isNear(values: Extent | null, targets: Extent | null): boolean {
  if (values === null || targets === null) return true
  const size = Math.max(Math.abs(values[0]), Math.abs(values[1]))
  const spread = Math.max(values[1] - values[0], 0.1 * size)
  const away = Math.max(values[0] - targets[0], targets[1] - values[1], 0)
  return away <= FAR * spread
}

/** Room for what is drawn, with air above and below, from zero where zero is near. */
export function axisExtent(drawn: Extent | null): Extent {
  if (drawn === null) return [0, 1]
  const [low, high] = drawn
  if (low === high) {
    const air = Math.abs(low) * 0.25 || 1
    return low >= 0 && low - air < 0.1 * low
      ? [0, high + air]
      : [low > 0 ? Math.max(0, low - air) : low - air, high + air]
  }
  const air = AIR * (high - low)
  const bottom = low >= 0 && low <= NEAR_ZERO * high ? 0 : low - air
  const top = high <= 0 && high >= NEAR_ZERO * low ? 0 : high + air
  return [bottom, top]
}
