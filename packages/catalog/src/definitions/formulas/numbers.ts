import type { Mapping } from '../../mapping.ts'

/** A whole number within bounds. */
export function wholeNumber(mapping: Mapping, key: string, least: number, most: number): number | undefined {
  const value = mapping.number(key)
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return value
  mapping.source.report(
    mapping.at(key),
    'wrong_value',
    `${key} of ${mapping.what} is ${value}; a whole number from ${least} to ${most.toLocaleString('en')} is needed.`,
  )
  return undefined
}
