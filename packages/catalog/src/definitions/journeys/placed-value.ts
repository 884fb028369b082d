import type { ReferenceValue } from '@kivi/domain'

/** A value, and what reports something wrong with it where it stands. */
export interface PlacedValue extends ReferenceValue {
  refuse(
    code: 'missing_key' | 'bad_date' | 'overlapping_values' | 'unknown_name',
    message: string,
    advice?: string,
  ): void
}
