import {
  type Catalog,
  COMMON_TEXT_FIELDS,
  type EventType,
  type FieldType,
  type Layout,
  NO_ALERTING,
} from '@kivi/domain'

/** A small catalog made by hand, for the tests of decoding: a field of every kind, and a layout that reads them. */

const STRING: FieldType = { kind: 'string' }
const DOUBLE: FieldType = { kind: 'double' }
const LONG: FieldType = { kind: 'long' }
const BOOLEAN: FieldType = { kind: 'boolean' }
const oneOf = (...values: string[]): FieldType => ({ kind: 'enum', values })

type OwnFields = Readonly<Record<string, FieldType>>

const TYPES: readonly (readonly [name: string, own: OwnFields, required: readonly string[]])[] = [
  ['impression', { ad_id: STRING, creative: STRING, target: oneOf('ad', 'email', 'cta') }, []],
  ['click', { ad_id: STRING, creative: STRING, target: oneOf('ad', 'email', 'cta', 'link') }, []],
  ['page_view', { url: STRING, referrer: STRING, traffic_source: oneOf('direct', 'search', 'social', 'ad') }, []],
  ['purchase', { order_id: STRING, amount: DOUBLE, quantity: LONG, cost_of_goods: DOUBLE }, ['amount']],
  ['refund', { order_id: STRING, amount: DOUBLE, kind: oneOf('return', 'goodwill'), reason: STRING }, ['amount']],
  ['ticket', { ticket_id: STRING, action: oneOf('opened', 'resolved'), automatic: BOOLEAN }, ['ticket_id', 'action']],
  ['survey', { survey: oneOf('csat', 'nps', 'unscaled'), score: LONG, topic: STRING }, ['survey', 'score']],
  ['login', {}, []],
]

export const LAYOUT: Layout = {
  eventTypes: TYPES.map(([name]) => name),
  strings: ['channel', 'campaign', 'target', 'properties.policy', 'properties.a.b', 'order_id', 'action', 'event_type'],
  numbers: ['amount', 'quantity', 'automatic', 'score', 'event_time'],
  hashed: ['order_id', 'session_id', 'event_id'],
  constants: [['search', 'email'], [], ['ad', '', 'cta', 'ad'], [], [], [], ['opened'], []],
}

function eventType(name: string, own: OwnFields, required: readonly string[]): EventType {
  const common = COMMON_TEXT_FIELDS.map(field => [field, STRING] as const)
  return {
    name,
    description: { en: name },
    fields: new Map<string, FieldType>([...common, ['properties', { kind: 'map' }], ...Object.entries(own)]),
    required,
    defaults: new Map(name === 'purchase' ? [['order_id', 'event_id']] : []),
    identifiers: new Set(['user_id', 'anonymous_id', 'session_id']),
  }
}

/** The type's whole Avro schema, as the catalog makes it: optional fields are unions with null. */
function avroSchema(type: EventType): string {
  const avroType = (name: string, field: FieldType): unknown =>
    field.kind === 'enum'
      ? { type: 'enum', name: `${type.name}_${name}`, symbols: field.values }
      : field.kind === 'map'
        ? { type: 'map', values: 'string' }
        : field.kind
  const fields = [...type.fields].map(([name, field]) =>
    field.kind === 'map'
      ? { name, type: avroType(name, field), default: {} }
      : type.required.includes(name)
        ? { name, type: avroType(name, field) }
        : { name, type: ['null', avroType(name, field)], default: null },
  )
  return JSON.stringify({
    type: 'record',
    name: type.name,
    namespace: 'kivi',
    fields: [
      { name: 'event_id', type: 'string' },
      { name: 'event_type', type: 'string', default: type.name },
      { name: 'event_time', type: { type: 'long', logicalType: 'timestamp-millis' } },
      ...fields.map(field => (field.name === 'ad_id' ? { ...field, aliases: ['advertisement'] } : field)),
    ],
  })
}

export function testCatalog(): Catalog {
  const types = TYPES.map(([name, own, required]) => eventType(name, own, required))
  return {
    hash: '0'.repeat(64),
    timezone: 'UTC',
    currency: 'EUR',
    fiscalYearStart: '01-01',
    eventTypes: new Map(types.map(type => [type.name, type])),
    surveys: new Map([
      ['csat', { survey: 'csat', min: 1, max: 5 }],
      ['nps', { survey: 'nps', min: 0, max: 10 }],
    ]),
    measures: new Map(),
    derivedMeasures: new Map(),
    entities: new Map(),
    attributions: new Map(),
    references: new Map(),
    funnels: new Map(),
    valueSegments: new Map(),
    linkedBy: [],
    active: [],
    alerting: NO_ALERTING,
    digests: new Map(),
    indicators: new Map(),
    northStar: [],
    layout: LAYOUT,
    schemas: new Map(types.map(type => [type.name, avroSchema(type)])),
    files: new Map(),
  }
}
