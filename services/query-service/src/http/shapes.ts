/**
 * Words of JSON Schema, of which the shapes of all requests and answers are made. A number that can be missing is
 * declared nullable, or the serialiser would write 0 for null.
 */
type Schema = Readonly<Record<string, unknown>>

export const string = { type: 'string' } as const
export const boolean = { type: 'boolean' } as const
export const number = { type: 'number' } as const
export const integer = { type: 'integer' } as const
/** RFC 3339 */
export const time = { type: 'string', format: 'date-time' } as const
export const strings = { type: 'array', items: string } as const
/** texts by name */
export const labels = { type: 'object', additionalProperties: string } as const
/** what a person writes: something, and no book */
export const words = { type: 'string', minLength: 1, maxLength: 500 } as const

export const nullable = <S extends { readonly type: string; readonly enum?: readonly string[] }>(schema: S) => ({
  ...schema,
  type: [schema.type, 'null'] as const,
  // what is one of some values is null only where null is one of them
  ...(schema.enum === undefined ? {} : { enum: [...schema.enum, null] }),
})
export const nullableString = nullable(string)
export const nullableBoolean = nullable(boolean)
export const nullableNumber = nullable(number)
export const nullableInteger = nullable(integer)
export const nullableTime = nullable(time)

/** A text in both languages of Kivi. */
export const text = object({ en: string, zh: string })
/** Of an estimate. */
export const interval = {
  type: ['array', 'null'],
  items: number,
  minItems: 2,
  maxItems: 2,
  description: 'Of 95 %: where the value would lie but for chance.',
} as const

/** An object of which everything is required but the names in `optional`, and which has nothing else. */
export function object(properties: Schema, optional: readonly string[] = []) {
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(properties).filter(name => !optional.includes(name)),
    properties,
  } as const
}

/** Parameters that may all be left out. */
export const query = (properties: Schema) => object(properties, Object.keys(properties))

export const list = (items: unknown) => ({ type: 'array', items }) as const

/** A list that somebody sends: it has an end. */
export const listOf = (items: unknown, most: number, fewest = 0) => ({
  ...{ type: 'array', items, maxItems: most },
  ...(fewest === 0 ? {} : { minItems: fewest }),
})

export const oneOf = <V extends string>(values: readonly V[]) => ({ type: 'string', enum: values }) as const

export const described = <S extends object>(schema: S, description: string) => ({ ...schema, description })

/** A page of a list. */
export const pageOf = (items: unknown) => object({ items: list(items), next: nullableString })
