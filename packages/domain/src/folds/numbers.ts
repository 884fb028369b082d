import { SUM_UNIT } from '../slices.ts'

/**
 * A number as an integer of 10⁻⁴. The nearest one to the double product; halves go up (−0.00005 → 0, 0.00005 → 1).
 * Amounts with up to four decimals and below 2^39 are exact; above, a double cannot tell 10⁻⁴ apart.
 */
export const sumUnits = (value: number): number => Math.round(value * SUM_UNIT) + 0

/** Units below this add up exactly in a double; what goes beyond is carried. */
export const CARRY_AT = 2 ** 52

/** A sum is high × CARRY + low. */
export const CARRY = 2 ** 32

/** The exact sum of a cell's two doubles. */
export function sumOf(high: number, low: number): bigint {
  return high === 0 ? BigInt(low) : BigInt(high) * BigInt(CARRY) + BigInt(low)
}

/** The double nearest to a sum of 10⁻⁴ units (ties to even): as if the exact decimal were parsed. */
export function sumToNumber(units: bigint): number {
  // the quotient of two integers below 2^53 is correctly rounded; beyond, the decimal text is
  if (units >= -SAFE && units <= SAFE) return Number(units) / SUM_UNIT
  return Number(sumToText(units))
}

/** The exact decimal of a sum: `-12.5`, `0`, `179.99`. */
export function sumToText(units: bigint): string {
  const size = units < 0n ? -units : units
  const digits = size.toString().padStart(5, '0')
  const decimals = digits.slice(-4).replace(/0+$/, '')
  return `${units < 0n ? '-' : ''}${digits.slice(0, -4)}${decimals === '' ? '' : `.${decimals}`}`
}

const SAFE = BigInt(Number.MAX_SAFE_INTEGER)
