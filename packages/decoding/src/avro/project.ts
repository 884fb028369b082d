import { isUtf8 } from 'node:buffer'
import type { Catalog, EventType, FieldType, Rejection } from '@kivi/domain'
import { reject } from '../rejection.ts'
import { type RawEvent, RawMap, UnreadableField } from '../validate.ts'
import type { AvroValue } from './read.ts'
import type { AvroNode, RecordNode } from './writer-schema.ts'

/** The fields that every event has, as kinds of field; `time` takes Avro's timestamps and RFC 3339. */
type TargetKind = FieldType['kind'] | 'time'

/** Where the writer's record has what an event of one type takes: target field → index of the writer's field. */
export type Projection = ReadonlyMap<string, number>

/** Other names of the catalog's fields, by event type and field, from its Avro schemas. */
export type Aliases = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>

/** Reads the aliases of the catalog's schemas (JSON text by event type). */
export function readAliases(schemas: Catalog['schemas']): Aliases {
  const fieldAliases = (text: string) => {
    const { fields = [] } = JSON.parse(text) as { fields?: { name: string; aliases?: string[] }[] }
    return new Map(fields.map(field => [field.name, field.aliases ?? []]))
  }
  return new Map([...schemas].map(([type, text]) => [type, fieldAliases(text)]))
}

/** The record that a message holds: the root, or the branch of a root that is a union of records. */
export function recordOf(
  value: AvroValue,
): { readonly node: RecordNode; readonly fields: readonly AvroValue[] } | null {
  return value.node.kind === 'record' ? { node: value.node, fields: value.value as AvroValue[] } : null
}

/** A record is of the event type that its name tells, in the catalog's spelling or as CamelCase. */
export function typeByName(catalog: Catalog, name: string): string {
  if (catalog.eventTypes.has(name)) return name
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
}

/** Resolves a writer's record to an event type by Avro's rules: by names and aliases, types promoted. */
export function project(
  writer: RecordNode,
  type: EventType,
  aliases: Aliases,
): { readonly projection: Projection } | { readonly rejection: Rejection } {
  const refuse = (why: string) => ({
    rejection: reject(
      'incompatible_schema',
      `the schema of record ${writer.name} cannot be read as ${type.name}: ${why}`,
    ),
  })
  const projection = new Map<string, number>()
  for (const [field, kind] of targets(type)) {
    const names = [field, ...(aliases.get(type.name)?.get(field) ?? [])]
    const index = names.map(name => writer.fields.findIndex(written => written.name === name)).find(found => found >= 0)
    if (index === undefined) {
      if (isRequired(type, field)) return refuse(`it has no field ${field}, which is required`)
      continue
    }
    if (!isCompatible(writer.fields[index]!.node, kind)) {
      return refuse(`its field ${writer.fields[index]!.name} is not ${EXPECTED[kind]}`)
    }
    projection.set(field, index)
  }
  return { projection }
}

/** event_type is told apart before: it decides which projection is asked for. */
function targets(type: EventType): (readonly [string, TargetKind])[] {
  const declared = [...type.fields].map(([field, { kind }]) => [field, kind] as const)
  return [['event_id', 'string'], ['event_time', 'time'], ...declared]
}

function isRequired(type: EventType, field: string): boolean {
  if (field === 'event_id' || field === 'event_time') return true
  return type.required.includes(field) && !type.defaults.has(field)
}

const EXPECTED: Readonly<Record<TargetKind, string>> = {
  string: 'a string',
  enum: 'an enum or a string',
  double: 'a number or a decimal',
  long: 'an int or a long',
  boolean: 'a boolean',
  map: 'a map of strings',
  time: 'a timestamp, a long or a string',
}

/** Can any value of the writer's type be read as the target? (A union's other branches are refused value by value.) */
function isCompatible(node: AvroNode, target: TargetKind): boolean {
  if (node.kind === 'null') return true
  if (node.kind === 'union') {
    const others = node.branches.filter(branch => branch.kind !== 'null')
    return others.length === 0 || others.some(branch => isCompatible(branch, target))
  }
  switch (target) {
    case 'string':
    case 'enum':
      return node.kind === 'string' || node.kind === 'enum' || (node.kind === 'bytes' && node.scale === null)
    case 'double':
      if (node.kind === 'bytes' || node.kind === 'fixed') return node.scale !== null
      return node.kind === 'int' || node.kind === 'long' || node.kind === 'float' || node.kind === 'double'
    case 'long':
      return node.kind === 'int' || node.kind === 'long'
    case 'boolean':
      return node.kind === 'boolean'
    case 'map':
      return node.kind === 'map' && isCompatible(node.items, 'string')
    case 'time':
      if (node.kind === 'long') return true
      return node.kind === 'string' || (node.kind === 'int' && node.logicalType === null)
  }
}

/** The record's fields under the names of the event type. */
export function rawEvent(eventType: string, fields: readonly AvroValue[], projection: Projection): RawEvent {
  return field => {
    if (field === 'event_type') return eventType
    const index = projection.get(field)
    if (index === undefined) return undefined
    return field === 'event_time' ? epochMilliseconds(fields[index]!) : plainValue(fields[index]!)
  }
}

/** Avro's value as the JSON that says the same. */
function plainValue({ node, value }: AvroValue): unknown {
  switch (node.kind) {
    case 'map':
      return new RawMap((value as [string, AvroValue][]).map(([name, item]) => [name, plainValue(item)]))
    case 'record':
      return {}
    case 'bytes':
    case 'fixed': {
      if (node.scale !== null) return decimal(value as Uint8Array, node.scale)
      if (node.kind === 'fixed') return value
      const bytes = value as Uint8Array
      if (!isUtf8(bytes))
        return new UnreadableField(reject('invalid_utf8', 'bytes that stand for a text are not valid UTF-8'))
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
    }
    default:
      return value
  }
}

/** Big-endian two's complement, in units of 10^−scale; rounded once, to the nearest double. */
function decimal(bytes: Uint8Array, scale: number): number {
  if (bytes.length === 0) return 0
  const unscaled = BigInt.asIntN(bytes.length * 8, BigInt(`0x${Buffer.from(bytes).toString('hex')}`))
  return Number(`${unscaled}e${-scale}`)
}

/** Units of timestamps in a millisecond. A long without a logical type is taken for milliseconds, as in JSON. */
const TIMESTAMP_UNITS: Readonly<Record<string, bigint>> = {
  'timestamp-micros': 1_000n,
  'local-timestamp-micros': 1_000n,
  'timestamp-nanos': 1_000_000n,
  'local-timestamp-nanos': 1_000_000n,
}

export function timestampUnit(logicalType: string | null): bigint {
  return logicalType !== null && Object.hasOwn(TIMESTAMP_UNITS, logicalType) ? TIMESTAMP_UNITS[logicalType]! : 1n
}

function epochMilliseconds({ node, value }: AvroValue): unknown {
  if (node.kind !== 'long') return plainValue({ node, value })
  const unit = timestampUnit(node.logicalType)
  const written = BigInt(value as number | bigint)
  // towards the past, as RFC 3339's finer digits are cut off
  const time = written / unit - (written % unit < 0n ? 1n : 0n)
  return Number(time)
}
