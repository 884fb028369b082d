/** Words of JSON Schema for what stands in a catalog. */
export type Schema = Readonly<Record<string, unknown>> | boolean
export type Properties = Readonly<Record<string, Schema>>

const ID = '^[a-z][a-z0-9_]{0,63}$'

export const text = (description: string): Schema => ({ type: 'string', minLength: 1, description })
/** of what reads events */
export const TRAFFIC_SAYS = "which events: valid (default), invalid, all, or a name of kivi.yaml's invalid_traffic"
export const number = (description: string): Schema => ({ type: 'number', description })
export const atLeast = (minimum: number, description: string): Schema => ({ type: 'number', minimum, description })
export const flag = (description: string): Schema => ({ type: 'boolean', description })
export const whole = (minimum: number, maximum: number, description: string): Schema => ({
  ...{ type: 'integer', minimum, maximum, description },
})
export const oneOf = (values: readonly string[], description: string): Schema => ({ enum: values, description })
/** a text, or a list of texts */
export const texts = (description: string, minItems = 0): Schema => ({
  description,
  anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, minItems }],
})
export const someTexts = (description: string): Schema => texts(description, 1)
export const textList = (description: string, maxItems?: number): Schema => ({
  ...{ type: 'array', items: { type: 'string' }, description },
  ...(maxItems === undefined ? {} : { maxItems }),
})
export const list = (items: Schema, description: string, minItems = 0): Schema => ({
  ...{ type: 'array', items, minItems, description },
})

export const object = (
  properties: Properties,
  required: readonly string[] = [],
): { readonly [key: string]: unknown; readonly properties: Properties } => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
})
export const byId = (schema: Schema, description?: string): Schema => ({
  type: 'object',
  ...(description === undefined ? {} : { description }),
  propertyNames: { pattern: ID },
  additionalProperties: schema,
})
export const mapOf = (schema: Schema, description: string): Schema => ({
  ...{ type: 'object', additionalProperties: schema, description },
})
export const words = (description: string): Schema => ({
  description,
  anyOf: [{ type: 'string', minLength: 1 }, object({ en: text('in English'), zh: text('in Chinese') }, ['en'])],
})
export const date = (description: string): Schema => ({
  ...{ type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}(T.+)?$', description },
})
export const length = (description: string): Schema => ({
  ...{ type: 'string', pattern: '^[1-9]\\d{0,9}[smhd]$', description },
})

/**
 * What holds of an object where a key says what it is: those keys it must have, and none of `foreign`, so that an
 * editor marks the key itself.
 */
export const where = (
  condition: Schema,
  required: readonly string[],
  foreign: readonly string[],
  more: Properties = {},
): Schema => ({
  if: condition,
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema; nothing awaits it
  then: { required, properties: { ...Object.fromEntries(foreign.map(key => [key, false])), ...more } },
})
