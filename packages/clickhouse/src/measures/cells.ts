import type { MergedParts } from '@kivi/domain'

/** Parts with nothing in them, but for what is given. */
export const partsOf = (given: Partial<MergedParts>): MergedParts => ({
  count: 0,
  sum: 0n,
  min: Number.POSITIVE_INFINITY,
  max: Number.NEGATIVE_INFINITY,
  late: 0,
  distinct: 0,
  buckets: new Map(),
  ...given,
})

/** A number as an integer of 10⁻⁴, halves up, as the domain's sumUnits; Int128. */
export const unitsSql = (value: string): string =>
  `toInt128(floor(${value} * 10000) + (${value} * 10000 - floor(${value} * 10000) >= 0.5))`
