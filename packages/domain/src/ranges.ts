/** Half-open [from, to), epoch ms. */
export interface TimeRange {
  readonly from: number
  readonly to: number
}

/** `field` is one of `values`; several filters must all hold. */
export interface DimensionFilter {
  readonly field: string
  readonly values: readonly string[]
}

/** A window of a question. */
export interface AskedRange extends TimeRange {
  /**
   * For measures that look at the windows before it: where that one begins, and where the one before that does, epoch
   * ms. By the calendar: of March they are the first of February and of January.
   */
  readonly previous?: { readonly start: number; readonly before: number }
}
