export { parseWriterSchema, type WriterSchema } from './avro/writer-schema.ts'
export { createEventColumns } from './columns.ts'
export { DEAD_LETTER_HEADERS, type DeadLetter, deadLetter, parseDeadLetter } from './dead-letter.ts'
export { createDecoder, type Decoder, type DecoderOptions } from './decoder.ts'
export { createDictionary } from './dictionary.ts'
export { DEEPEST_NESTING, rawObject } from './json-event.ts'
export { DEFAULT_LIMITS, type DecodingLimits } from './plain-decoder.ts'
export {
  createSchemaRegistry,
  type RegisteredSchema,
  type SchemaRegistry,
  type SchemaRegistryOptions,
} from './schema-registry.ts'
export { type Decoded, type DecodedEvent, type FieldValue, type RawEvent, RawMap, validate } from './validate.ts'
