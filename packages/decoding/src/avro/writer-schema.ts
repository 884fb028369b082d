import avro from 'avsc'

/**
 * A writer's schema as a tree that both readers of this folder walk. avsc checks the schema and makes its canonical
 * form; the data are read here, because avsc trusts lengths and counts that a damaged message holds.
 */
export type AvroNode =
  | { readonly kind: 'null' | 'boolean' | 'float' | 'double' }
  | { readonly kind: 'int' | 'long' | 'string'; readonly logicalType: string | null }
  | { readonly kind: 'bytes'; readonly scale: number | null }
  | { readonly kind: 'fixed'; readonly size: number; readonly scale: number | null }
  | { readonly kind: 'enum'; readonly symbols: readonly string[] }
  | { readonly kind: 'array' | 'map'; readonly items: AvroNode }
  | { readonly kind: 'union'; readonly branches: readonly AvroNode[] }
  | RecordNode

export interface RecordNode {
  readonly kind: 'record'
  /** without namespace */
  readonly name: string
  readonly fields: readonly AvroField[]
}

interface AvroField {
  readonly name: string
  readonly node: AvroNode
}

export interface WriterSchema {
  readonly root: AvroNode
  /** Parsing Canonical Form */
  readonly canonical: string
  /** CRC-64-AVRO of the canonical form */
  readonly fingerprint: bigint
}

/** Longs beyond 2^53 make avsc throw unless every schema knows this type. */
export const exactLong = avro.types.LongType.__with({
  fromBuffer: (buffer: Buffer) => buffer.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const buffer = Buffer.alloc(8)
    buffer.writeBigInt64LE(BigInt(value))
    return buffer
  },
  fromJSON: BigInt,
  toJSON: Number,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0),
})

/**
 * Parses a schema's JSON text; `references` are the texts of schemas that it names, in an order in which each comes
 * after those it needs. Throws where the text is no Avro schema.
 */
export function parseWriterSchema(text: string, references: readonly string[] = []): WriterSchema {
  const registry: Record<string, avro.Type> = { long: exactLong }
  const named = new Map<string, AvroNode>()
  for (const reference of references) {
    avro.Type.forSchema(parseJson(reference), { registry })
    toNode(parseJson(reference), '', named)
  }
  const schema = parseJson(text)
  const type = avro.Type.forSchema(schema as avro.Schema, { registry })
  const canonical = JSON.stringify(type.schema())
  return { root: toNode(schema, '', named), canonical, fingerprint: fingerprint(canonical) }
}

/** CRC-64-AVRO, the Rabin fingerprint of the Avro specification. */
export function fingerprint(canonical: string): bigint {
  let value = EMPTY
  for (const byte of new TextEncoder().encode(canonical))
    value = (value >> 8n) ^ CRC[Number((value ^ BigInt(byte)) & 255n)]!
  return value
}

const EMPTY = 0xc15d213aa4d7a795n
const CRC = Array.from({ length: 256 }, (_, byte) => {
  let value = BigInt(byte)
  for (let bit = 0; bit < 8; bit++) value = (value >> 1n) ^ (EMPTY & -(value & 1n))
  return value
})

function parseJson(text: string): avro.Schema {
  const trimmed = text.trim()
  // a registry may hold a primitive schema by its bare name
  return (/^[a-z]+$/.test(trimmed) ? trimmed : JSON.parse(trimmed)) as avro.Schema
}

interface SchemaObject {
  readonly type: unknown
  readonly name?: string
  readonly namespace?: string
  readonly aliases?: readonly string[]
  readonly fields?: readonly { readonly name: string; readonly type: unknown }[]
  readonly symbols?: readonly string[]
  readonly items?: unknown
  readonly values?: unknown
  readonly size?: number
  readonly logicalType?: unknown
  readonly scale?: unknown
}

/** avsc has checked the schema: names resolve, and required attributes are there. */
function toNode(schema: unknown, namespace: string, named: Map<string, AvroNode>): AvroNode {
  if (Array.isArray(schema)) return { kind: 'union', branches: schema.map(branch => toNode(branch, namespace, named)) }
  if (typeof schema === 'string') return primitive(schema, {}) ?? reference(schema, namespace, named)
  const object = schema as SchemaObject
  if (typeof object.type !== 'string') return toNode(object.type, namespace, named)
  switch (object.type) {
    case 'array':
      return { kind: 'array', items: toNode(object.items, namespace, named) }
    case 'map':
      return { kind: 'map', items: toNode(object.values, namespace, named) }
    case 'enum': {
      const node: AvroNode = { kind: 'enum', symbols: object.symbols ?? [] }
      define(object, namespace, named, node)
      return node
    }
    case 'fixed': {
      const node: AvroNode = { kind: 'fixed', size: object.size ?? 0, scale: decimalScale(object) }
      define(object, namespace, named, node)
      return node
    }
    case 'record':
    case 'error': {
      const fields: AvroField[] = []
      const node: RecordNode = { kind: 'record', name: (object.name ?? '').split('.').pop() ?? '', fields }
      // before its fields: a record may hold itself
      const inner = define(object, namespace, named, node)
      for (const field of object.fields ?? []) {
        fields.push({ name: field.name, node: toNode(field.type, inner, named) })
      }
      return node
    }
    default:
      return primitive(object.type, object) ?? reference(object.type, namespace, named)
  }
}

function primitive(name: string, object: Partial<SchemaObject>): AvroNode | null {
  const logicalType = typeof object.logicalType === 'string' ? object.logicalType : null
  switch (name) {
    case 'null':
    case 'boolean':
    case 'float':
    case 'double':
      return { kind: name }
    case 'int':
    case 'long':
    case 'string':
      return { kind: name, logicalType }
    case 'bytes':
      return { kind: 'bytes', scale: decimalScale(object) }
    default:
      return null
  }
}

function decimalScale(object: Partial<SchemaObject>): number | null {
  if (object.logicalType !== 'decimal') return null
  return Number.isInteger(object.scale ?? 0) ? Number(object.scale ?? 0) : null
}

function reference(name: string, namespace: string, named: Map<string, AvroNode>): AvroNode {
  const node = named.get(fullName(name, namespace)) ?? named.get(name)
  if (node === undefined) throw new Error(`the schema names the type ${name}, which it does not define`)
  return node
}

/** Puts a named type into the table; gives the namespace of what it encloses. */
function define(object: SchemaObject, enclosing: string, named: Map<string, AvroNode>, node: AvroNode): string {
  const full = fullName(object.name ?? '', object.namespace ?? enclosing)
  named.set(full, node)
  return full.split('.').slice(0, -1).join('.')
}

function fullName(name: string, namespace: string): string {
  return name.includes('.') || namespace === '' ? name : `${namespace}.${name}`
}
