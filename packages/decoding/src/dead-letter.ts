import type { LogRecord, NewRecord, RecordSet, Rejection, RejectionReason } from '@kivi/domain'

/** Headers that a dead letter carries beside the original's own. */
export const DEAD_LETTER_HEADERS = {
  id: 'kivi-id',
  reason: 'kivi-reason',
  stage: 'kivi-stage',
  detail: 'kivi-detail',
  topic: 'kivi-topic',
  partition: 'kivi-partition',
  offset: 'kivi-offset',
  stamp: 'kivi-stamp',
} as const

const OURS: ReadonlySet<string> = new Set(Object.values(DEAD_LETTER_HEADERS))

/** A rejected record as it was, and where and why it was rejected. */
export interface DeadLetter {
  /** topic/partition/offset: the same for a second writing of the same dead letter */
  readonly id: string
  /** a code of REJECTION_REASONS; a later version may know more */
  readonly reason: RejectionReason | (string & {})
  readonly stage: string
  readonly detail: string
  readonly topic: string
  readonly partition: number
  readonly offset: number
  /** the record's timestamp, epoch ms; −1 where it had none */
  readonly stamp: number
  /** what a replay sends: the original bytes, key and headers */
  readonly original: NewRecord
}

/**
 * The dead letter of row `row`: the original bytes, key (hence its partition) and headers, and ours. Everything in
 * it is copied, so that it outlives the record set. Written again after a crash it is equal, kivi-id included.
 */
export function deadLetter(set: RecordSet, row: number, rejection: Rejection, topic: string): NewRecord {
  const offset = set.offset[row]!
  const H = DEAD_LETTER_HEADERS
  const ours: [string, string][] = [
    [H.id, `${topic}/${set.partition}/${offset}`],
    [H.reason, rejection.reason],
    [H.stage, rejection.stage],
    [H.detail, rejection.detail],
    [H.topic, topic],
    [H.partition, String(set.partition)],
    [H.offset, String(offset)],
    [H.stamp, String(set.stamp[row]!)],
  ]
  // a replayed dead letter that fails again has new headers of ours, never two of a name
  return {
    key: copy(set.bytes, set.keyStart[row]!, set.keyEnd[row]!),
    value: copy(set.bytes, set.valueStart[row]!, set.valueEnd[row]!),
    headers: [...originalHeaders(set.headers(row)), ...ours],
  }
}

/** Reads a record of the dead-letter topic; null where it is none. */
export function parseDeadLetter(record: LogRecord): DeadLetter | null {
  const H = DEAD_LETTER_HEADERS
  const texts = new Map<string, string>()
  for (const [name, value] of record.headers) {
    if (OURS.has(name)) texts.set(name, new TextDecoder('utf-8', { ignoreBOM: true }).decode(value ?? new Uint8Array()))
  }
  const text = (name: string) => texts.get(name) ?? ''
  const numbers = [H.partition, H.offset, H.stamp].map(name => (texts.has(name) ? Number(text(name)) : Number.NaN))
  const [partition, offset, stamp] = numbers as [number, number, number]
  if (text(H.topic) === '' || text(H.reason) === '' || !numbers.every(Number.isSafeInteger)) return null
  return {
    id: `${text(H.topic)}/${partition}/${offset}`,
    reason: text(H.reason),
    stage: text(H.stage),
    detail: text(H.detail),
    topic: text(H.topic),
    partition,
    offset,
    stamp,
    original: { key: record.key, value: record.value, headers: originalHeaders(record.headers) },
  }
}

/** Without ours. A header without a value becomes an empty one: NewRecord has no other. */
function originalHeaders(headers: LogRecord['headers']): [string, Uint8Array][] {
  return headers.filter(([name]) => !OURS.has(name)).map(([name, value]) => [name, new Uint8Array(value ?? [])])
}

function copy(bytes: Uint8Array, start: number, end: number): Uint8Array | null {
  // not slice: that of a Buffer shares the memory
  return start < 0 ? null : new Uint8Array(bytes.subarray(start, end))
}
