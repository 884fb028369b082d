import { median } from './trend.ts'

/** Beyond it a residual is an anomaly. */
export const ANOMALY_SCORE = 4.5
/** Makes the median of absolute deviations a standard deviation where values are normal. */
const MAD_SCALE = 1.4826
const FEWEST_WEEKS = 4
const FEWEST_RESIDUALS = 8

export interface Anomaly {
  /** median of the same weekday and hour in the weeks before */
  readonly expected: number
  readonly residual: number
  /** |residual| ÷ max(1.4826 × MAD of the residuals, sampling error) */
  readonly score: number
  readonly anomalous: boolean
}

/**
 * Is a value out of line with the same weekday and hour of the weeks before? Null where too little is known, or the
 * value rests on less than the minimum volume.
 * @param same values at the same weekday and hour of up to 8 weeks before; at least 4 are needed
 * @param residuals values of all hours of those weeks, each less the median of its own weekday and hour; at least 8
 * @param sampling standard error of the value by its volume alone (√(p(1 − p) ÷ n) of a share), and that volume
 */
export function anomalyOf(
  value: number,
  same: readonly number[],
  residuals: readonly number[],
  sampling: { readonly error: number; readonly n: number; readonly minimum: number },
): Anomaly | null {
  if (same.length < FEWEST_WEEKS || residuals.length < FEWEST_RESIDUALS || sampling.n < sampling.minimum) return null
  const expected = median(same)
  const middle = median(residuals)
  const spread = MAD_SCALE * median(residuals.map(residual => Math.abs(residual - middle)))
  const scale = Math.max(spread, sampling.error)
  const residual = value - expected
  const score = residual === 0 ? 0 : Math.abs(residual) / scale
  return { expected, residual, score, anomalous: score > ANOMALY_SCORE }
}
