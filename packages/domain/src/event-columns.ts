import type { Rejection } from './outcomes/outcomes.ts'

/**
 * What of an event the catalog's measures ask for. Made by the catalog; decoders fill exactly these columns.
 * A field is a top-level name (`campaign`) or `properties.NAME`.
 */
export interface Layout {
  /** names of the event types, in the catalog's order; a row's `type` indexes it */
  readonly eventTypes: readonly string[]
  /** text fields that filters or dimensions read; interned per Dictionary */
  readonly strings: readonly string[]
  /** numeric and boolean fields that filters or expressions read; boolean as 0 or 1 */
  readonly numbers: readonly string[]
  /** text fields of which distinct values are counted; kept as 64-bit hashes */
  readonly hashed: readonly string[]
  /**
   * constants that compiled filters compare with, by string column: interned first, in this order, so that
   * constants[c][k] always has id k + 1 in column c (id 0 is the empty string, i.e. missing)
   */
  readonly constants: readonly (readonly string[])[]
}

/** Interns the texts of one column: bytes → small integer. Id 0 is ''. */
export interface Dictionary {
  readonly size: number
  /** id of the UTF-8 text bytes[start, end); adds it where new */
  id(bytes: Uint8Array, start: number, end: number): number
  /** id of a text; adds it where new. Gives the same id as `id` over its UTF-8 bytes */
  idOf(text: string): number
  text(id: number): string
  /** forgets everything but '' and the layout's constants */
  reset(): void
}

/**
 * Decoded events as columns; one instance is reused for record set after record set. All arrays hold at least
 * `count` rows. Rows whose outcome is `rejected` have undefined values in every column but offset and stamp.
 */
export interface EventColumns {
  count: number
  offset: Float64Array
  /** record timestamp of the log, epoch ms */
  stamp: Float64Array
  /** OUTCOME code: decoders write `pending` or `rejected`, the judge decides the pending ones */
  outcome: Uint8Array
  /** by row, for rejected rows only */
  rejections: Map<number, Rejection>
  /** epoch ms */
  eventTime: Float64Array
  /** index into layout.eventTypes */
  type: Int32Array
  /** 64-bit hash of event_id as two signed 32-bit lanes */
  idHigh: Int32Array
  idLow: Int32Array
  /** 64-bit hash of the person (`u:` + user_id, else `a:` + anonymous_id); 0, 0: the event has no person */
  personHigh: Int32Array
  personLow: Int32Array
  /** by layout.strings: interned id, 0 where missing */
  strings: Int32Array[]
  /** by layout.numbers: NaN where missing */
  numbers: Float64Array[]
  /** by layout.hashed: 0, 0 where missing */
  hashedHigh: Int32Array[]
  hashedLow: Int32Array[]
}
