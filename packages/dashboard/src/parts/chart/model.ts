/** What a chart draws. Times are epoch ms; a point stands at the beginning of its step. */

export interface ChartPoint {
  readonly t: number
  readonly value: number | null
  /** the one that judges this step; null: none does */
  readonly target: number | null
  /** where the value would lie but for chance, in 95 % of cases; null: not told */
  readonly interval: readonly [number, number] | null
  /** all events of the step have been counted */
  readonly complete: boolean
  /** the step is not over: its value speaks of a part of it, which grows */
  readonly partial: boolean
  /** what happens after the step can still change it */
  readonly provisional: boolean
  /** events came after the step was complete */
  readonly revised: boolean
}

export interface ChartLine {
  readonly label: string
  readonly unit: string
  readonly points: readonly ChartPoint[]
}

/** Another time drawn over this one, step by step: its first point over the first. */
interface ChartOverlay {
  readonly label: string
  readonly points: ReadonlyArray<{ readonly t: number; readonly value: number | null }>
}

export interface ChartData {
  readonly main: ChartLine
  /** end of the last step */
  readonly to: number
  readonly previous: ChartOverlay | null
  /** on an axis of its own */
  readonly second: ChartLine | null
}

/** Something that happened, or began, at an instant. */
export interface ChartMark {
  readonly id: string
  readonly label: string
  readonly at: number
  readonly until: number | null
  /** it is yet to happen */
  readonly planned: boolean
}
