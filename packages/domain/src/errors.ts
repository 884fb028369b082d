/**
 * The one error class of Kivi. `code` is stable; the message says what was wrong,
 * where, what was expected and what to do. Exceptions are for what nobody expected: bad events are outcomes.
 */
export const ERROR_CODES = {
  config_invalid: 'A setting of the environment has a value that Kivi does not understand.',
  catalog_invalid: 'The catalog has errors; kivi check lists them.',
  log_unreachable: 'The event log (Kafka or the embedded one) does not answer.',
  log_owned: 'Another process owns this embedded event log or consumer group.',
  log_fenced: 'A newer owner of the group took over; what was open here was dropped.',
  log_misconfigured: 'The topic has a setting with which exactly-once does not hold.',
  log_damaged: 'A record batch of the log does not match its checksum or does not decompress.',
  position_outside_log: 'The position to go on from is not in the log any more (or not yet).',
  replay_differs: 'A range of the log, read again, gives other outcomes than when it was planned.',
  plan_unreadable: 'The metadata of the committed offset is not a plan of Kivi.',
  store_unreachable: 'ClickHouse does not answer.',
  store_rejected: 'ClickHouse refused a statement for good.',
  store_retriable: 'ClickHouse cannot do it now and may be asked again.',
  question_too_large: 'A question would read or return more than the limits allow.',
  registry_unreachable: 'The Schema Registry does not answer.',
  port_unavailable: 'A service cannot listen where it is to.',
  import_refused: 'The file cannot be imported as it is.',
  usage: 'The command line is not understood.',
} as const

export type ErrorCode = keyof typeof ERROR_CODES

export class KiviError extends Error {
  readonly code: ErrorCode
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'KiviError'
    this.code = code
  }
}

/** Is it an error of Kivi's own with one of these codes? */
export const isKiviError = (error: unknown, ...codes: readonly ErrorCode[]): error is KiviError =>
  error instanceof KiviError && codes.includes(error.code)

/** ClickHouse does not answer, or not now: the same is asked again later. */
export const isStoreAway = (error: unknown): error is KiviError =>
  isKiviError(error, 'store_unreachable', 'store_retriable')

/** What something that was thrown says. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
