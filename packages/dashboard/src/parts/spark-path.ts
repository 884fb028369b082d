/** A line in a box of 100 × 40, from left to right; values are from low to high, or in the middle where all are equal. */
export interface SparkPath {
  /** each unbroken stretch of known values */
  readonly lines: readonly string[]
  /** known values between unknown ones: a line of no length each, which round ends make a dot */
  readonly dots: readonly string[]
  /** the stretches closed to the bottom of the box */
  readonly areas: readonly string[]
  /** height of the target; null where it would press the line flat */
  readonly target: number | null
}

const WIDTH = 100
const HEIGHT = 40
const MARGIN = 3
/** A target farther from the line than so many times its spread is not drawn. */
const FAR = 3

/** Null: there is nothing to draw a line through. */
export function sparkPath(points: ReadonlyArray<number | null>, target: number | null): SparkPath | null {
  const known = points.filter(point => point !== null)
  const last = known.at(-1)
  if (last === undefined || known.length < 2) return null
  const spread = Math.max(...known) - Math.min(...known)
  const near = target !== null && Math.abs(target - last) <= FAR * (spread || Math.abs(target) || 1)
  const all = near ? [...known, target] : known
  const [low, high] = [Math.min(...all), Math.max(...all)]
  const x = (index: number) => ((WIDTH * index) / (points.length - 1)).toFixed(2)
  const y = (value: number) =>
    high === low ? HEIGHT / 2 : HEIGHT - MARGIN - ((HEIGHT - 2 * MARGIN) * (value - low)) / (high - low)
  const [lines, dots, areas]: [string[], string[], string[]] = [[], [], []]
  let from = 0
  for (let to = 0; to <= points.length; to++) {
    if (to < points.length && points[to] !== null) continue
    const drawn = points.slice(from, to).map((value, index) => `${x(from + index)},${y(value as number).toFixed(2)}`)
    if (drawn.length === 1) dots.push(`M${drawn[0]} h0`)
    else if (drawn.length > 1) {
      lines.push(`M${drawn.join(' L')}`)
      areas.push(`M${x(from)},${HEIGHT} L${drawn.join(' L')} L${x(to - 1)},${HEIGHT} Z`)
    }
    from = to + 1
  }
  return { lines, dots, areas, target: near ? y(target) : null }
}
