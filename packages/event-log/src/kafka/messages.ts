/** Records in kafkajs' form, cut into requests. */
import type { NewRecord } from '@kivi/domain'
import type { Message } from 'kafkajs'

const toBuffer = (data: string | Uint8Array) =>
  typeof data === 'string' ? Buffer.from(data) : Buffer.from(data.buffer, data.byteOffset, data.byteLength)

/** Kafka's own limit of a batch is 1 MiB, and kafkajs makes one batch of all that a request has for a partition. */
const REQUEST_BYTES = 900_000
/** more than a record and a header take beside their texts */
const [RECORD_BYTES, HEADER_BYTES] = [64, 12]

/**
 * The records in requests that a topic takes whatever compression makes of them; a longer record goes alone.
 *
 * @param most records in one request
 */
export function* requests(records: readonly NewRecord[], most = Number.POSITIVE_INFINITY): Generator<Message[]> {
  let messages: Message[] = []
  let bytes = 0
  for (const record of records) {
    const message = toMessage(record)
    const size = sizeOf(message)
    if ((bytes + size > REQUEST_BYTES && messages.length > 0) || messages.length >= most) {
      yield messages
      messages = []
      bytes = 0
    }
    messages.push(message)
    bytes += size
  }
  if (messages.length > 0) yield messages
}

function sizeOf({ key, value, headers }: ReturnType<typeof toMessage>): number {
  let bytes = RECORD_BYTES + (key?.length ?? 0) + (value?.length ?? 0)
  for (const [name, values] of Object.entries(headers ?? {}))
    for (const header of [values].flat()) bytes += HEADER_BYTES + Buffer.byteLength(name) + header.length
  return bytes
}

function toMessage(record: NewRecord) {
  return {
    key: record.key === null ? null : toBuffer(record.key),
    value: record.value === null ? null : toBuffer(record.value),
    ...(record.stamp === undefined ? {} : { timestamp: String(record.stamp) }),
    ...(record.headers === undefined ? {} : { headers: groupHeaders(record.headers) }),
    ...(record.partition === undefined ? {} : { partition: record.partition }),
  }
}

/** kafkajs takes headers as a record; one name may come several times. */
function groupHeaders(headers: NonNullable<NewRecord['headers']>): Record<string, Buffer | Buffer[]> {
  const grouped: Record<string, Buffer | Buffer[]> = {}
  for (const [name, value] of headers) {
    const known = grouped[name]
    const bytes = toBuffer(value)
    grouped[name] = known === undefined ? bytes : Array.isArray(known) ? [...known, bytes] : [known, bytes]
  }
  return grouped
}
