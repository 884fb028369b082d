import { type Catalog, type Dictionary, type EventColumns, type Hasher, OUTCOME, type RecordSet } from '@kivi/domain'
import { beginRows } from './columns.ts'
import { createRowFiller } from './fill-row.ts'
import {
  CONFLUENT_HEADER,
  DEFAULT_LIMITS,
  type DecodingLimits,
  PlainDecoder,
  SINGLE_OBJECT_HEADER,
  schemaId,
} from './plain-decoder.ts'
import { QuickAvro } from './quick/avro-decoder.ts'
import { JsonScanner } from './quick/json-scanner.ts'
import { Slots } from './quick/slots.ts'
import type { SchemaRegistry } from './schema-registry.ts'
import type { Decoded } from './validate.ts'

export interface DecoderOptions {
  readonly catalog: Catalog
  readonly registry: SchemaRegistry
  /** keyed with the installation's seed: its hashes are stored */
  readonly hasher: Hasher
  readonly limits?: Partial<DecodingLimits>
  /** every message by the plain decoder alone: for tests and for measuring what the quick paths save */
  readonly plainOnly?: boolean
}

/**
 * Record sets to columns, for one catalog. Looking up schemas waits, decoding does not:
 *
 *     const ids = decoder.unresolved(set, first, last, unknown)
 *     for (const id of await registry.resolve(ids)) unknown.add(id)
 *     decoder.decode(set, first, last, dictionaries, columns, unknown)
 *
 * `unknown` holds schema ids that the registry answered not to know. A plan pins them, so that a replay refuses
 * the same messages though the registry may know the schemas by then.
 */
export interface Decoder {
  /** Schema ids, each once, that rows [first, last) name and that are neither resolved nor in `unknown`. */
  unresolved(set: RecordSet, first: number, last: number, unknown?: ReadonlySet<number>): readonly number[]
  /**
   * Decodes rows [first, last) of the set into rows 0 … last − first of `into`, whose former rows are gone.
   * `dictionaries` are one per column of the layout's strings. Throws where a schema id was not resolved.
   */
  decode(
    set: RecordSet,
    first: number,
    last: number,
    dictionaries: readonly Dictionary[],
    into: EventColumns,
    unknown?: ReadonlySet<number>,
  ): void
  /** rows so far that the quick paths left to the plain decoder: what was refused, and what is unusual */
  readonly plainRows: number
  /** One message as a plain object, or why it is refused: for raw rows, dead letters, and the command line. */
  event(bytes: Uint8Array | null, unknown?: ReadonlySet<number>): Decoded
}

const NONE: ReadonlySet<number> = new Set()

export function createDecoder({ catalog, registry, hasher, limits, plainOnly = false }: DecoderOptions): Decoder {
  const { largestMessage } = { ...DEFAULT_LIMITS, ...limits }
  const plain = new PlainDecoder({ catalog, limits: { largestMessage }, lookup: id => registry.lookup(id) })
  const fillRow = createRowFiller(catalog.layout, hasher)

  const slots = new Slots(catalog, hasher)
  const json = new JsonScanner(slots)

  const avro = new QuickAvro(catalog, slots, plain)
  let plainRows = 0

  /** Reads a message into the slots, and tells the index of its event type; −1: ask the plain decoder. */
  function scan(bytes: Uint8Array, start: number, end: number, unknown: ReadonlySet<number>): number {
    if (plainOnly || start < 0 || start === end || end - start > largestMessage) return -1
    const first = bytes[start]
    if (first === 0x7b) return json.scan(bytes, start, end) ? slots.typeOf(bytes) : -1
    if (first === 0x00 && end - start >= CONFLUENT_HEADER) {
      const id = schemaId(bytes, start)
      const registered = unknown.has(id) ? undefined : registry.lookup(id)
      if (registered === undefined || 'problem' in registered) return -1
      return avro.scan(registered.schema, bytes, start + CONFLUENT_HEADER, end)
    }
    if (first === 0xc3 && end - start >= SINGLE_OBJECT_HEADER && bytes[start + 1] === 0x01) {
      const schema = plain.byFingerprint(bytes, start)
      return schema === undefined ? -1 : avro.scan(schema, bytes, start + SINGLE_OBJECT_HEADER, end)
    }
    return -1
  }

  function unresolved(set: RecordSet, first: number, last: number, unknown = NONE): readonly number[] {
    const ids = new Set<number>()
    let resolved = -1
    for (let row = first; row < last; row++) {
      const start = set.valueStart[row]!
      const length = set.valueEnd[row]! - start
      if (start < 0 || length < CONFLUENT_HEADER || length > largestMessage || set.bytes[start] !== 0) continue
      const id = schemaId(set.bytes, start)
      // no registry gives out negative ids: the plain decoder refuses them without asking
      if (id < 0 || id === resolved) continue
      if (unknown.has(id) || registry.lookup(id) !== undefined) resolved = id
      else ids.add(id)
    }
    return [...ids]
  }

  function decode(
    set: RecordSet,
    first: number,
    last: number,
    dictionaries: readonly Dictionary[],
    into: EventColumns,
    unknown = NONE,
  ): void {
    beginRows(into, catalog.layout, last - first)
    for (let from = first, row = 0; from < last; from++, row++) {
      into.offset[row] = set.offset[from]!
      into.stamp[row] = set.stamp[from]!
      const start = set.valueStart[from]!
      const end = set.valueEnd[from]!
      const type = scan(set.bytes, start, end, unknown)
      if (type >= 0 && slots.finish(type, set.bytes, row, dictionaries, into)) {
        into.outcome[row] = OUTCOME.pending
        continue
      }
      plainRows++
      const bytes = start < 0 ? null : set.bytes.subarray(start, end)
      const decoded = plain.decode(bytes, unknown)
      if ('rejection' in decoded) {
        into.outcome[row] = OUTCOME.rejected
        into.rejections.set(row, decoded.rejection)
      } else {
        into.outcome[row] = OUTCOME.pending
        fillRow(decoded.event, row, dictionaries, into)
      }
    }
  }

  return {
    unresolved,
    decode,
    event: (bytes, unknown = NONE) => plain.decode(bytes, unknown),
    get plainRows() {
      return plainRows
    },
  }
}
