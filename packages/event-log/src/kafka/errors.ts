/** Kafka's and kafkajs' errors, classified once. */
import { KiviError } from '@kivi/domain'

/** kafkajs wraps errors in each other; the protocol's own name is on the innermost that has one. */
export function errorType(error: unknown): string | undefined {
  for (let e = error as { type?: string; cause?: unknown } | undefined, depth = 0; e && depth < 8; depth++) {
    if (typeof e.type === 'string') return e.type
    e = e.cause as typeof e
  }
  return undefined
}

/**
 * The coordinator checks these before it writes anything: such a commit is not in the log, and never will be.
 * (Every other error, time-outs included, may come after the write.)
 */
export const REFUSED = new Set([
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
  'FENCED_INSTANCE_ID',
  'REBALANCE_IN_PROGRESS',
])

/** The member has to join again under a new id. */
export const UNKNOWN_MEMBER = new Set(['UNKNOWN_MEMBER_ID', 'FENCED_INSTANCE_ID', 'ILLEGAL_GENERATION'])

/** The leader of a partition has moved, or moves: ask for the metadata and try again. */
export const STALE_METADATA = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
  'REPLICA_NOT_AVAILABLE',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'KAFKA_STORAGE_ERROR',
  'OFFSET_NOT_AVAILABLE',
])

/** Another producer with the same transactional id took over. */
export const FENCED_PRODUCER = new Set([
  'INVALID_PRODUCER_EPOCH',
  'PRODUCER_FENCED',
  'INVALID_PRODUCER_ID_MAPPING',
  'TRANSACTIONAL_ID_NOT_FOUND',
  'UNKNOWN_PRODUCER_ID',
])

/** The topic does not take a record of that size. */
const TOO_LARGE = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'])

/** Nobody mends these by waiting: wrong rights, wrong credentials, a broker that is too old. */
const FINAL = new Set([
  'SASL_AUTHENTICATION_FAILED',
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
  'INVALID_GROUP_ID',
  'INVALID_SESSION_TIMEOUT',
  'INCONSISTENT_GROUP_PROTOCOL',
  'UNSUPPORTED_VERSION',
  'UNSUPPORTED_SASL_MECHANISM',
  'INVALID_TOPIC_EXCEPTION',
  ...TOO_LARGE,
])

const FINAL_NAMES = new Set([
  'KafkaJSSASLAuthenticationError',
  'KafkaJSServerDoesNotSupportApiKey',
  'KafkaJSNotImplemented',
])

/** Can the same be tried again with hope? */
export function isRetriable(error: unknown): boolean {
  if (error instanceof KiviError) return error.code === 'log_unreachable'
  for (let e = error as { name?: string; type?: string; cause?: unknown } | undefined, i = 0; e && i < 8; i++) {
    if (FINAL.has(e.type ?? '') || FINAL_NAMES.has(e.name ?? '')) return false
    e = e.cause as typeof e
  }
  return true
}

/** The error in Kivi's words; one that is, or was caused by such, stays as it is. */
export function asKiviError(error: unknown, doing: string): KiviError {
  for (let e: unknown = error, i = 0; e && i < 8; i++) {
    if (e instanceof KiviError) return e
    e = (e as { cause?: unknown }).cause
  }
  const { message } = error as Error
  if (errorType(error) === 'UNKNOWN_TOPIC_OR_PARTITION')
    return new KiviError(
      'log_misconfigured',
      `Kafka has no such topic: it was missing while ${doing}. Create it first.`,
      {
        cause: error,
      },
    )
  if (TOO_LARGE.has(errorType(error) ?? ''))
    return new KiviError(
      'log_misconfigured',
      `Kafka refused a record as too long while ${doing}: raise max.message.bytes of that topic. A topic of dead letters needs more than the one that they come from.`,
      { cause: error },
    )
  return isRetriable(error)
    ? new KiviError(
        'log_unreachable',
        `Kafka did not answer while ${doing}: ${message}.${neverConnected(error) ? ' Is it running, and is KIVI_KAFKA_BROKERS right?' : ''}`,
        { cause: error },
      )
    : new KiviError('log_misconfigured', `Kafka refused ${doing}: ${message}`, { cause: error })
}

function neverConnected(error: unknown): boolean {
  for (let e = error as { name?: string; cause?: unknown } | undefined, i = 0; e && i < 8; i++) {
    if (e.name === 'KafkaJSConnectionError') return true
    e = e.cause as typeof e
  }
  return false
}
