/** Ordinary least squares: coefficients and their covariance, by the normal equations of few, well-scaled columns. */
export interface Fit {
  readonly coefficients: readonly number[]
  readonly standardErrors: readonly number[]
  readonly degreesOfFreedom: number
  /** residual variance */
  readonly variance: number
}

/** Null where the columns are not independent or there are no more rows than columns. */
export function leastSquares(rows: ReadonlyArray<readonly number[]>, y: readonly number[]): Fit | null {
  const columns = rows[0]?.length ?? 0
  const df = rows.length - columns
  if (columns === 0 || df <= 0) return null
  const normal = Array.from({ length: columns }, (_, i) =>
    Array.from({ length: columns }, (_, j) => rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0)),
  )
  const inverse = invert(normal)
  if (inverse === null) return null
  const moments = Array.from({ length: columns }, (_, i) => rows.reduce((sum, row, n) => sum + row[i]! * y[n]!, 0))
  const coefficients = inverse.map(line => line.reduce((sum, value, j) => sum + value * moments[j]!, 0))
  const variance =
    rows.reduce((sum, row, n) => sum + (y[n]! - row.reduce((fit, x, j) => fit + x * coefficients[j]!, 0)) ** 2, 0) / df
  return {
    coefficients,
    standardErrors: inverse.map((line, i) => Math.sqrt(Math.max(0, variance * line[i]!))),
    degreesOfFreedom: df,
    variance,
  }
}

/** Gauss–Jordan with the largest pivot; null where the matrix is singular. */
function invert(matrix: ReadonlyArray<readonly number[]>): number[][] | null {
  const n = matrix.length
  const work = matrix.map((line, i) => [...line, ...Array.from({ length: n }, (_, j) => (i === j ? 1 : 0))])
  for (let column = 0; column < n; column++) {
    let pivot = column
    for (let row = column + 1; row < n; row++)
      if (Math.abs(work[row]![column]!) > Math.abs(work[pivot]![column]!)) pivot = row
    const scale = work[pivot]![column]!
    if (Math.abs(scale) < 1e-12) return null
    ;[work[column], work[pivot]] = [work[pivot]!, work[column]!]
    work[column] = work[column]!.map(value => value / scale)
    for (let row = 0; row < n; row++) {
      if (row === column) continue
      const factor = work[row]![column]!
      work[row] = work[row]!.map((value, j) => value - factor * work[column]![j]!)
    }
  }
  return work.map(line => line.slice(n))
}
