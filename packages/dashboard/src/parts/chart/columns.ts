import type { ChartData, ChartLine, ChartPoint } from './model.ts'

type Column = Array<number | null>

/**
 * What uPlot draws: columns of equal length over one axis of times. The end of the last step stands at the end of `x`,
 * so that its target reaches there.
 */
export interface Columns {
  readonly x: number[]
  /** between points that are complete and over */
  readonly settled: Column
  /** to and between the others */
  readonly tail: Column
  readonly low: Column
  readonly high: Column
  readonly target: Column
  readonly previous: Column
  readonly second: Column
  /** the point of the main line at each place of `x`, and of the second */
  readonly points: ReadonlyArray<ChartPoint | null>
  readonly secondPoints: ReadonlyArray<ChartPoint | null>
  readonly previousTimes: ReadonlyArray<number | null>
}

export function toColumns({ main, to, previous, second }: ChartData): Columns {
  const x = timesOf(main, second, to)
  const places = new Map(x.map((t, place) => [t, place]))
  const empty = <T>(): Array<T | null> => Array.from({ length: x.length }, () => null)
  const points = empty<ChartPoint>()
  const secondPoints = empty<ChartPoint>()
  const previousTimes = empty<number>()
  const columns = {
    x,
    settled: empty<number>(),
    tail: empty<number>(),
    low: empty<number>(),
    high: empty<number>(),
    target: empty<number>(),
    previous: empty<number>(),
    second: empty<number>(),
  }
  for (const [index, point] of main.points.entries()) {
    const place = places.get(point.t) as number
    points[place] = point
    if (isWhole(point)) columns.settled[place] = point.value
    // a stretch is drawn as open when either of its ends is
    if (!(isWhole(point) && isWhole(main.points[index - 1]) && isWhole(main.points[index + 1])))
      columns.tail[place] = point.value
    columns.low[place] = point.interval?.[0] ?? null
    columns.high[place] = point.interval?.[1] ?? null
    columns.target[place] = point.target
    const before = previous?.points[index]
    columns.previous[place] = before?.value ?? null
    previousTimes[place] = before?.t ?? null
  }
  columns.target[x.length - 1] = main.points.at(-1)?.target ?? null
  for (const point of second?.points ?? []) {
    const place = places.get(point.t) as number
    secondPoints[place] = point
    columns.second[place] = point.value
  }
  return { ...columns, points, secondPoints, previousTimes }
}

const isWhole = (point: ChartPoint | undefined): boolean => point === undefined || (point.complete && !point.partial)

/** All beginnings of steps, ascending, and the end of the last. */
function timesOf(main: ChartLine, second: ChartLine | null, to: number): number[] {
  const times = main.points.map(point => point.t)
  const others = second?.points ?? []
  const same = others.every((point, index) => point.t === times[index])
  const all = same ? times : [...new Set([...times, ...others.map(point => point.t)])].sort((a, b) => a - b)
  const last = all.at(-1)
  return last !== undefined && to > last ? [...all, to] : [...all]
}

/** Runs of places whose point is so, from the first to the last place of each. */
export function runsOf(
  points: ReadonlyArray<ChartPoint | null>,
  isSo: (point: ChartPoint) => boolean,
): Array<readonly [number, number]> {
  const runs: Array<readonly [number, number]> = []
  let from = -1
  for (let place = 0; place <= points.length; place++) {
    const point = points[place]
    const so = point !== null && point !== undefined && isSo(point)
    if (so && from < 0) from = place
    if (!so && from >= 0) {
      runs.push([from, place - 1])
      from = -1
    }
  }
  return runs
}

/** Places of points that no line reaches: both neighbours are missing. */
export function lonePlaces(column: ReadonlyArray<number | null>): number[] {
  const lone: number[] = []
  for (let place = 0; place < column.length; place++)
    if (column[place] !== null && (column[place - 1] ?? null) === null && (column[place + 1] ?? null) === null)
      lone.push(place)
  return lone
}
