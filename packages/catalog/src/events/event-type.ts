import type { EventType, FieldType, Text } from '@kivi/domain'
import avro from 'avsc'
import { isMap, isScalar, isSeq } from 'yaml'
import { Mapping } from '../mapping.ts'
import type { Problem } from '../problems.ts'
import { type Node, readSource, type Source } from '../source.ts'
import { didYouMean } from '../suggest.ts'
import { COMMON_FIELDS, COMMON_IDENTIFIERS, commonAvroFields, EVENT_KEY_FIELDS } from './common-fields.ts'

/** What an .avsc file gives: the event type, and the whole Avro schema, common fields included, as JSON. */
export interface LoadedEventType {
  readonly type: EventType
  readonly schema: string
}

/**
 * Reads `events/older/NAME.ANYTHING.avsc`: what an event type's file was before. It only has to be Avro, as whoever
 * wrote with it is not to be corrected. With an event_id of its own it is a whole schema, else common fields are added.
 */
export function readOlderSchema(
  file: string,
  text: string,
  eventTypes: ReadonlySet<string>,
  problems: Problem[],
): string | null {
  const before = problems.length
  const source = readSource(file, text, problems)
  if (source.root === null || problems.length > before) return null
  const record = Mapping.read(source, source.root, 'the schema', null)
  if (!record?.require('name', 'fields')) return null
  const name = record.text('name') ?? ''
  if (!eventTypes.has(name)) {
    source.report(
      record.at('name'),
      'unknown_name',
      `there is no event type ${name}, so this cannot be an older form of it.`,
      didYouMean(name, eventTypes),
    )
    return null
  }
  try {
    const schema = JSON.parse(text) as { readonly namespace?: string; readonly fields: { readonly name: string }[] }
    const whole = schema.fields.some(field => field.name === 'event_id')
    const fields = whole ? schema.fields : [...commonAvroFields(name), ...schema.fields]
    const json = JSON.stringify({ ...schema, type: 'record', name, namespace: schema.namespace ?? NAMESPACE, fields })
    avro.Type.forSchema(JSON.parse(json) as avro.Schema)
    return json
  } catch (error) {
    source.report(record.at('fields'), 'bad_schema', `Avro refuses the schema: ${(error as Error).message}.`)
    return null
  }
}

const NAMESPACE = 'kivi'
const RECORD_KEYS = { known: ['type', 'name', 'namespace', 'doc', 'doc_zh', 'fields', 'aliases'] }
const FIELD_KEYS = { known: ['name', 'type', 'doc', 'doc_zh', 'default', 'aliases', 'identifier', 'default_from'] }
const NAME = /^[a-z][a-z0-9_]{0,63}$/

/**
 * Reads `events/NAME.avsc`: an Avro record of the type's own fields. Nullable fields are optional, others
 * required. Beside Avro's keys: `doc_zh`, `identifier: true` (as many values as things), `default_from: event_id`.
 */
export function readEventType(file: string, text: string, problems: Problem[]): LoadedEventType | null {
  const before = problems.length
  const source = readSource(file, text, problems)
  if (source.root === null) {
    if (problems.length === before) source.report(null, 'bad_schema', 'the file is empty; it must hold an Avro record.')
    return null
  }
  const record = Mapping.read(source, source.root, 'the schema', RECORD_KEYS)
  if (!record?.require('name', 'type', 'fields')) return null
  record.oneOf('type', ['record'])
  const name = record.text('name')
  if (name === undefined) return null
  const expected = file.replace(/^.*\//, '').replace(/\.avsc$/, '')
  if (!NAME.test(name))
    source.report(
      record.at('name'),
      'bad_id',
      `${name} cannot name an event type: small letters, digits and _ only, a letter first.`,
    )
  if (name !== expected)
    source.report(
      record.at('name'),
      'bad_schema',
      `the file is named ${expected}.avsc, the record ${name}.`,
      `Rename the file to ${name}.avsc.`,
    )

  const fields = new Map<string, FieldType>(COMMON_FIELDS)
  const required: string[] = []
  const defaults = new Map<string, 'event_id'>()
  const identifiers = new Set(COMMON_IDENTIFIERS)
  const own: object[] = []
  for (const field of record.mappings('fields', `a field of ${name}`, FIELD_KEYS)) {
    if (!field.require('name', 'type')) continue
    const fieldName = field.text('name')
    if (fieldName === undefined) continue
    if (COMMON_FIELDS.has(fieldName) || (EVENT_KEY_FIELDS as readonly string[]).includes(fieldName)) {
      source.report(
        field.at('name'),
        'bad_schema',
        `every event has ${fieldName} already.`,
        'Leave it out: common fields are added.',
      )
      continue
    }
    if (fields.has(fieldName)) {
      source.report(field.at('name'), 'duplicate_id', `${name} has two fields ${fieldName}.`)
      continue
    }
    if (!NAME.test(fieldName))
      source.report(
        field.at('name'),
        'bad_id',
        `${fieldName} cannot name a field: small letters, digits and _ only, a letter first.`,
      )
    const type = fieldType(source, field, `${name}.${fieldName}`)
    if (type === null) continue
    fields.set(fieldName, type.type)
    if (!type.optional) required.push(fieldName)
    if (field.boolean('identifier')) {
      if (type.type.kind === 'string') identifiers.add(fieldName)
      else
        source.report(
          field.at('identifier'),
          'bad_schema',
          `${name}.${fieldName} is not a string; only strings identify.`,
        )
    }
    if (field.oneOf('default_from', ['event_id']) !== undefined) defaults.set(fieldName, 'event_id')
    own.push(avroField(field))
  }
  const schema = {
    type: 'record',
    name,
    namespace: record.text('namespace') ?? NAMESPACE,
    fields: [...commonAvroFields(name), ...own],
  }
  if (problems.length > before) return null
  const json = JSON.stringify(schema)
  try {
    avro.Type.forSchema(JSON.parse(json) as avro.Schema)
  } catch (error) {
    source.report(record.at('fields'), 'bad_schema', `Avro refuses the schema: ${(error as Error).message}.`)
    return null
  }
  return { type: { name, description: described(record), fields, required, defaults, identifiers }, schema: json }
}

function described(record: Mapping): Text {
  const zh = record.text('doc_zh')
  return { en: record.text('doc') ?? '', ...(zh === undefined ? {} : { zh }) }
}

/** the field as Avro knows it, without docs and Kivi's own keys */
function avroField(field: Mapping): object {
  const plain = (key: string): object => {
    const node = field.value(key)
    return node === null && !field.has(key)
      ? {}
      : { [key]: (node as { toJSON?(): unknown } | null)?.toJSON?.() ?? null }
  }
  return { ...plain('name'), ...plain('type'), ...plain('default'), ...plain('aliases') }
}

const KINDS: Readonly<Record<string, FieldType>> = {
  string: { kind: 'string' },
  double: { kind: 'double' },
  float: { kind: 'double' },
  int: { kind: 'long' },
  long: { kind: 'long' },
  boolean: { kind: 'boolean' },
}

/** A primitive or an enum, or a union of null and one of them, null first and as default. */
function fieldType(source: Source, field: Mapping, what: string): { type: FieldType; optional: boolean } | null {
  const node = field.value('type')
  if (!isSeq(node)) {
    const type = single(source, node, what)
    if (type !== null && field.has('default')) {
      source.report(
        field.at('default'),
        'bad_schema',
        `${what} is required; it cannot have a default.`,
        'Make its type ["null", …] with default null, or leave the default out.',
      )
    }
    return type && { type, optional: false }
  }
  const [first, second, ...more] = node.items.map(item => source.resolve(item))
  const nullFirst = isScalar(first) && first.value === 'null'
  if (!nullFirst || second === undefined || more.length > 0) {
    source.report(
      node,
      'bad_schema',
      `the type of ${what} must be one type, or a union of null and one type, null first.`,
    )
    return null
  }
  const fallback = field.value('default')
  if (!field.has('default') || (isScalar(fallback) && fallback.value !== null)) {
    source.report(
      field.at('default'),
      'bad_schema',
      `${what} is optional and needs "default": null, so that older events can be read.`,
    )
  }
  const type = single(source, second, what)
  return type && { type, optional: true }
}

function single(source: Source, node: Node | null, what: string): FieldType | null {
  if (isScalar(node) && typeof node.value === 'string') {
    const type = Object.hasOwn(KINDS, node.value) ? KINDS[node.value] : undefined
    if (type) return type
    source.report(
      node,
      'bad_schema',
      `${what} has the type ${node.value}.`,
      `Fields can be ${Object.keys(KINDS).join(', ')} or an enum.`,
    )
    return null
  }
  if (isMap(node) && node.get('type') === 'enum') {
    const record = Mapping.read(source, node, `the enum of ${what}`, {
      known: ['type', 'name', 'symbols', 'doc', 'doc_zh'],
    })
    const symbols = record?.texts('symbols')
    if (record?.require('name', 'symbols') && symbols) return { kind: 'enum', values: symbols.map(s => s.value) }
    return null
  }
  source.report(
    node ?? source.root,
    'bad_schema',
    `the type of ${what} must be ${Object.keys(KINDS).join(', ')} or an enum.`,
  )
  return null
}
