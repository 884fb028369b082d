import type { Catalog } from '@kivi/domain'
import { type Aliases, type Projection, project, rawEvent, readAliases, recordOf, typeByName } from './avro/project.ts'
import { type AvroValue, readAvro } from './avro/read.ts'
import { parseWriterSchema, type RecordNode, type WriterSchema } from './avro/writer-schema.ts'
import { readJson } from './json-event.ts'
import { reject } from './rejection.ts'
import type { RegisteredSchema } from './schema-registry.ts'
import { type Decoded, validate } from './validate.ts'

export interface DecodingLimits {
  /** longest message in bytes */
  readonly largestMessage: number
}

/** A message of 1 MiB is Kafka's default limit; a log that takes longer ones does not make Kivi read them. */
export const DEFAULT_LIMITS: DecodingLimits = { largestMessage: 1_048_576 }

/** By what the first bytes of a message name its schema. */
export const CONFLUENT_HEADER = 5
export const SINGLE_OBJECT_HEADER = 10

export interface PlainDecoderOptions {
  readonly catalog: Catalog
  readonly limits: DecodingLimits
  readonly lookup: (id: number) => RegisteredSchema | undefined
}

/**
 * One message at a time, to a plain object: obviously right and not quick. It is what the quick paths are tested
 * against and fall back to, and the only one that says why a message is refused.
 */
export class PlainDecoder {
  readonly #catalog: Catalog
  readonly #limits: DecodingLimits
  readonly #lookup: PlainDecoderOptions['lookup']
  readonly #aliases: Aliases
  /** by the fingerprint's first four bytes as they lie in a message, then by all eight: no bigint per message */
  readonly #byFingerprint = new Map<number, { readonly rest: number; readonly schema: WriterSchema }[]>()
  readonly #projections = new Map<RecordNode, Map<string, ReturnType<typeof project>>>()

  constructor({ catalog, limits, lookup }: PlainDecoderOptions) {
    this.#catalog = catalog
    this.#limits = limits
    this.#lookup = lookup
    this.#aliases = readAliases(catalog.schemas)
    for (const text of [...catalog.schemas.values(), ...(catalog.olderSchemas ?? [])]) {
      const schema = parseWriterSchema(text)
      const low = Number(BigInt.asIntN(32, schema.fingerprint))
      const rest = Number(BigInt.asIntN(32, schema.fingerprint >> 32n))
      this.#byFingerprint.set(low, [...(this.#byFingerprint.get(low) ?? []), { rest, schema }])
    }
  }

  /** the catalog's schema of the single-object message that begins at `start` */
  byFingerprint(bytes: Uint8Array, start: number): WriterSchema | undefined {
    const rest = littleEndian(bytes, start + 6)
    return this.#byFingerprint.get(littleEndian(bytes, start + 2))?.find(known => known.rest === rest)?.schema
  }

  /** `unknown`: ids to be treated as if the registry had answered not to know them */
  decode(bytes: Uint8Array | null, unknown: ReadonlySet<number>): Decoded {
    if (bytes === null) return refuse('tombstone', 'the message is null')
    if (bytes.length === 0) return refuse('empty', 'the message has no bytes')
    if (bytes.length > this.#limits.largestMessage) {
      return refuse(
        'too_large',
        `the message has ${bytes.length} bytes, at most ${this.#limits.largestMessage} are read`,
      )
    }
    if (bytes[0] === 0x00) return this.#confluent(bytes, unknown)
    if (bytes[0] === 0xc3 && bytes[1] === 0x01) return this.#singleObject(bytes)
    if (looksLikeJson(bytes)) {
      const read = readJson(bytes)
      return 'raw' in read ? validate(this.#catalog, read.raw) : read
    }
    const first = Buffer.from(bytes.subarray(0, 4)).toString('hex')
    return refuse('unknown_format', `the message begins with the bytes ${first}; expected JSON ({), 00, or c301`)
  }

  #confluent(bytes: Uint8Array, unknown: ReadonlySet<number>): Decoded {
    if (bytes.length < CONFLUENT_HEADER) return refuse('invalid_avro', 'the message ends within the schema id')
    const id = schemaId(bytes, 0)
    if (id < 0 || unknown.has(id)) return refuse('unknown_schema', `the Schema Registry does not know schema ${id}`)
    const registered = this.#lookup(id)
    if (registered === undefined) throw new Error(`schema ${id} was not resolved before decoding`)
    if ('problem' in registered) return refuse('incompatible_schema', registered.problem)
    return this.#avro(registered.schema, bytes, CONFLUENT_HEADER)
  }

  #singleObject(bytes: Uint8Array): Decoded {
    if (bytes.length < SINGLE_OBJECT_HEADER) return refuse('invalid_avro', 'the message ends within the fingerprint')
    const schema = this.byFingerprint(bytes, 0)
    if (schema !== undefined) return this.#avro(schema, bytes, SINGLE_OBJECT_HEADER)
    const hex = Buffer.from(bytes.subarray(2, SINGLE_OBJECT_HEADER)).reverse().toString('hex')
    return refuse(
      'unknown_schema',
      `no schema of the catalog has the fingerprint ${hex}; keep older schemas in events/older/`,
    )
  }

  #avro(schema: WriterSchema, bytes: Uint8Array, start: number): Decoded {
    const read = readAvro(schema.root, bytes, start)
    if ('rejection' in read) return read
    const record = recordOf(read.value)
    if (record === null) return refuse('incompatible_schema', `the schema is a ${schema.root.kind}, expected a record`)
    const name = this.#eventType(record.node, record.fields)
    const type = typeof name === 'string' ? this.#catalog.eventTypes.get(name) : undefined
    // without a type there is no projection; validation says what is wrong with the type
    if (type === undefined) return validate(this.#catalog, field => (field === 'event_type' ? name : undefined))
    const projected = this.project(record.node, type.name)
    if ('rejection' in projected) return projected
    return validate(this.#catalog, rawEvent(type.name, record.fields, projected.projection))
  }

  /** The field event_type where the record has one that is not empty, else the record's name. */
  #eventType(node: RecordNode, fields: readonly AvroValue[]): unknown {
    const index = node.fields.findIndex(field => field.name === 'event_type')
    const value = index < 0 ? null : fields[index]!.value
    return value === null || value === '' ? typeByName(this.#catalog, node.name) : value
  }

  /** How the writer's record is read as an event of the type; made once for both. */
  project(
    node: RecordNode,
    type: string,
  ): { readonly projection: Projection } | Extract<Decoded, { rejection: unknown }> {
    const byType = this.#projections.get(node) ?? new Map<string, ReturnType<typeof project>>()
    this.#projections.set(node, byType)
    let projected = byType.get(type)
    if (projected === undefined) {
      projected = project(node, this.#catalog.eventTypes.get(type)!, this.#aliases)
      byType.set(type, projected)
    }
    return projected
  }
}

/** The id of the Confluent wire format: four bytes, big-endian, signed there. */
export function schemaId(bytes: Uint8Array, start: number): number {
  return (bytes[start + 1]! << 24) | (bytes[start + 2]! << 16) | (bytes[start + 3]! << 8) | bytes[start + 4]!
}

function littleEndian(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
}

/** White space, a byte-order mark, or any byte with which a JSON value begins: then the fault is one of JSON. */
function looksLikeJson(bytes: Uint8Array): boolean {
  const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  return mark || '{["-0123456789tfn \t\r\n'.includes(String.fromCharCode(bytes[0]!))
}

function refuse(...[reason, detail]: Parameters<typeof reject>): Decoded {
  return { rejection: reject(reason, detail) }
}
