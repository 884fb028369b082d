import type { Text } from './text.ts'

export type FieldType =
  | { readonly kind: 'string' | 'double' | 'long' | 'boolean' | 'map' }
  | { readonly kind: 'enum'; readonly values: readonly string[] }

export interface EventType {
  readonly name: string
  readonly description: Text
  /** every field but event_id, event_type, event_time; common fields included */
  readonly fields: ReadonlyMap<string, FieldType>
  /** required beside event_id, event_type and event_time */
  readonly required: readonly string[]
  /** text fields that take event_id's value where they are missing: order_id of a purchase */
  readonly defaults: ReadonlyMap<string, 'event_id'>
  /** fields with as many values as there are people, orders, …: they are counted, never grouped or filtered by */
  readonly identifiers: ReadonlySet<string>
}

export interface SurveyScale {
  readonly survey: string
  readonly min: number
  readonly max: number
}
