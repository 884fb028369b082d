/**
 * How a conversion's credit is shared among its touches, the `first`-th to the `last`-th of a person.
 *
 * Weights are integers of 10⁻¹², and what is left over of a division goes to the earliest touches: so the weights of
 * one conversion add up to exactly 1, in whatever order and grouping they are added, and money that is credited whole
 * stays an exact integer of 10⁻⁴. `any` gives each touch all of it: its numbers do not add up to the conversions.
 */
import type { CreditModel } from '@kivi/domain'

/** Units of one whole conversion. */
export const WHOLE = 1_000_000_000_000n

/**
 * SQL of `Array(Tuple(UInt64, UInt64))`: number of a touch, its units. Empty where there are no touches.
 * @param before SQL of how many touches lie before the attribution window (UInt64)
 * @param n SQL of how many lie in it, up to the conversion
 */
export function creditSql(model: CreditModel, before: string, n: string): string {
  const one = (number: string) => `if(${n} > 0, [(toUInt64(${number}), ${units(WHOLE)})], [])`
  const each = (share: string) => `arrayMap(i -> (toUInt64(${before} + i + 1), ${share}), range(toUInt64(${n})))`
  switch (model) {
    case 'last':
      return one(`${before} + ${n}`)
    case 'first':
      return one(`${before} + 1`)
    case 'any':
      return each(units(WHOLE))
    case 'linear':
      return each(shareSql(WHOLE, `greatest(${n}, 1)`, 'i'))
    case 'position':
      return each(positionSql(n))
  }
}

/** 40 % to the first and to the last, the rest shared by those between; halves where there are but two. */
function positionSql(n: string): string {
  const [ends, between, half] = [(WHOLE * 2n) / 5n, WHOLE / 5n, WHOLE / 2n]
  const middle = shareSql(between, `greatest(${n} - 2, 1)`, '(i - 1)')
  return `multiIf(${n} = 1, ${units(WHOLE)}, ${n} = 2, ${units(half)}, i = 0 OR i = ${n} - 1, ${units(ends)}, ${middle})`
}

/** The share of the `place`-th (from 0) of n. */
const shareSql = (total: bigint, n: string, place: string): string =>
  `toUInt64(intDiv(${units(total)}, ${n}) + (${place} < ${units(total)} % ${n}))`

const units = (value: bigint): string => `toUInt64(${value})`
