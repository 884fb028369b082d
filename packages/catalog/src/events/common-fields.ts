import { COMMON_TEXT_FIELDS, type FieldType } from '@kivi/domain'

/** The fields that name an event: every event has them. */
export const EVENT_KEY_FIELDS = ['event_id', 'event_type', 'event_time'] as const

/** Every event type has these beside its own, so an .avsc file lists only its own. */
export const COMMON_FIELDS: ReadonlyMap<string, FieldType> = new Map<string, FieldType>([
  ...COMMON_TEXT_FIELDS.map(name => [name, { kind: 'string' }] as const),
  ['properties', { kind: 'map' }],
])

/** Of the common fields, those with as many values as there are people, sessions, …. */
export const COMMON_IDENTIFIERS: readonly string[] = ['user_id', 'anonymous_id', 'session_id']

/** The same as Avro, for the whole schema of a type. `event_type` has its name as default. */
export function commonAvroFields(eventType: string): object[] {
  return [
    { name: 'event_id', type: 'string' },
    { name: 'event_type', type: 'string', default: eventType },
    { name: 'event_time', type: { type: 'long', logicalType: 'timestamp-millis' } },
    ...COMMON_TEXT_FIELDS.map(name => ({ name, type: ['null', 'string'], default: null })),
    { name: 'properties', type: { type: 'map', values: 'string' }, default: {} },
  ]
}
