/** What becomes of a record. Outcomes are values; each record of the log has exactly one. */
export const OUTCOMES = ['accepted', 'duplicate', 'rejected', 'too_late', 'too_early'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** Codes of an outcome in columns (Uint8). PENDING: decoded and valid, not yet judged. */
export const OUTCOME = { pending: 0, accepted: 1, duplicate: 2, rejected: 3, too_late: 4, too_early: 5 } as const

/** Why a record was rejected; stable codes, header `kivi-reason` of a dead letter. Listed in docs/dead-letters.md. */
export const REJECTION_REASONS = {
  empty: 'the message has no bytes',
  tombstone: 'the message is null (a tombstone); events are never deleted by key',
  too_large: 'the message is longer than the limit',
  unknown_format: 'the first byte is none of JSON ({), Confluent Avro (0x00) or single-object Avro (0xC3 0x01)',
  invalid_utf8: 'a text of the message is not valid UTF-8',
  invalid_json: 'the message is not one valid JSON object',
  too_deep: 'the JSON is nested deeper than the limit',
  invalid_avro: 'the bytes do not match the Avro schema they name',
  unknown_schema: 'the Schema Registry or the catalog does not know the schema that the message names',
  incompatible_schema: "the message's Avro schema cannot be read as an event of the catalog",
  missing_field: 'a required field is missing or null',
  wrong_type: 'a field has a value of another type than declared',
  invalid_time: 'event_time is neither RFC 3339 nor integer epoch milliseconds',
  out_of_range: 'a number is not finite, or too large to be kept exactly',
  invalid_value: 'a field has a value that is not in its list or scale',
  unknown_event_type: 'the catalog declares no such event_type',
} as const
export type RejectionReason = keyof typeof REJECTION_REASONS

export interface Rejection {
  readonly reason: RejectionReason
  /** the stage that refused it */
  readonly stage: 'decode' | 'validate'
  /** one sentence for a person: the field, its value (shortened), what was expected */
  readonly detail: string
}

export interface OutcomeCounts {
  accepted: number
  duplicate: number
  rejected: number
  too_late: number
  too_early: number
}
