/** Requests made up from the OpenAPI document: mostly near to what it describes, some as far from it as can be. */
import fc from 'fast-check'
import type { Operation, Parameter, Schema } from '../../contract/http/document.ts'

export interface MadeUp {
  readonly method: string
  /** as in the document: /v1/indicators/{id} */
  readonly path: string
  readonly url: string
  readonly body?: { readonly type: string; readonly text: string }
}

/** What parameters and fields of these names are like, beside what the document says; the last ones are odd. */
export type Likely = Readonly<Record<string, readonly string[]>>

export const TIMES = [
  '2026-04-01T00:00:00Z',
  '2026-05-01T00:00:00Z',
  '2026-06-01T00:00:00Z',
  '2026-03-29T00:00:00Z',
  '2026-03-29T01:00:00+01:00',
  '2026-03-29T02:30:00+02:00',
  '1970-01-01T00:00:00Z',
  '2105-12-31T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '2026-02-30T00:00:00Z',
  '2026-03-29 02:30:00Z',
  '2026-13-01T00:00:00Z',
  '2200-01-01T00:00:00+24:00',
]
const ODD = [
  '%',
  '%zz',
  '%00',
  '%ff%fe',
  '',
  'null',
  'undefined',
  '[]',
  '{}',
  "'",
  '%27%20OR%201',
  '1e309',
  '%0d%0aX-A:%20b',
]

const strange = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }).map(text => encodeURIComponent(text.toWellFormed())),
  fc.constantFrom(...ODD, ...TIMES),
)

const shown = ({ schema, example }: Parameter): string[] =>
  [...(schema.enum ?? []), ...[example ?? []].flat(), schema['default'] ?? []].flat().map(String)

/** Values of a parameter as they stand in an address. */
function valueIn(parameter: Parameter, likely: Likely): fc.Arbitrary<string> {
  const near = [...(likely[parameter.name] ?? []), ...shown(parameter), ...TIMES.slice(0, 4)].map(encodeURIComponent)
  return fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...near) }, strange)
}

/** Bodies: what the schema says, here and there with something else in it. */
function bodyOf(schema: Schema, name: string, likely: Likely): fc.Arbitrary<unknown> {
  const types = [schema['type']].flat() as string[]
  const known = likely[name] ?? []
  const ordinary = (type: string): fc.Arbitrary<unknown> => {
    switch (type) {
      case 'object': {
        const required = (schema['required'] ?? []) as string[]
        const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>)
        const fields = Object.fromEntries(properties.map(([field, part]) => [field, bodyOf(part, field, likely)]))
        if (properties.length > 0) return fc.record(fields, { requiredKeys: required })
        // names of nothing, and names that are more than names
        const odd = fc.constantFrom('region', 'campaign', '__proto__', 'constructor', '')
        return fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, fc.dictionary(odd, fc.string(), { maxKeys: 2 }))
      }
      case 'array':
        return fc.array(bodyOf((schema['items'] ?? {}) as Schema, name, likely), { maxLength: 3 })
      case 'number':
      case 'integer':
        return fc.oneof(
          fc.integer({ min: -1000, max: 1000 }),
          fc.double({ noNaN: true }),
          fc.constantFrom(0, -0, 1e308),
        )
      case 'boolean':
        return fc.boolean()
      case 'null':
        return fc.constant(null)
      default:
        return fc.oneof(
          { weight: 12, arbitrary: fc.constantFrom(...(known.length > 0 ? known : ['plan', ...TIMES])) },
          fc.string({ unit: 'binary', maxLength: 20 }),
        )
    }
  }
  if (schema.enum !== undefined) return fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...schema.enum) }, fc.string())
  const right = fc.oneof(...types.map(ordinary))
  return fc.oneof({ weight: 60, arbitrary: right }, fc.jsonValue({ maxDepth: 2 }))
}

function textOf(type: string, value: unknown): string {
  if (type === 'text/csv') return `from,value,until\r\n${String(value)},1,\r\n`
  if (type !== 'application/x-www-form-urlencoded') return JSON.stringify(value)
  const fields = Object.entries((value ?? {}) as Record<string, unknown>).flatMap(([name, one]) =>
    [one].flat().map((each): [string, string] => [name, String(each)]),
  )
  return new URLSearchParams(fields).toString()
}

function requestsOf(path: string, method: string, operation: Operation, likely: Likely): fc.Arbitrary<MadeUp> {
  const parameters = operation.parameters ?? []
  const query = parameters.filter(({ in: place }) => place === 'query')
  const pair = fc.oneof(
    {
      weight: 12,
      arbitrary:
        query.length === 0
          ? fc.constant('')
          : fc
              .constantFrom(...query)
              .chain(parameter => valueIn(parameter, likely).map(value => `${parameter.name}=${value}`)),
    },
    { weight: 1, arbitrary: fc.tuple(strange, strange).map(([name, value]) => `${name}=${value}`) },
  )
  // what is required is mostly there
  const needed = fc.tuple(
    ...query
      .filter(({ required }) => required === true)
      .map(one => valueIn(one, likely).map(value => `${one.name}=${value}`)),
  )
  const inPath = parameters.filter(({ in: place }) => place === 'path')
  const places = fc.tuple(
    ...inPath.map(one => valueIn(one, likely).map((value): [string, string] => [one.name, value])),
  )
  const bodies = Object.entries(operation.requestBody?.content ?? {}).map(([type, { schema }]) =>
    bodyOf(schema, '', likely).map(value => ({ type, text: textOf(type, value) })),
  )
  const body = bodies.length === 0 ? fc.constant(undefined) : fc.oneof(...bodies)
  return fc.tuple(places, needed, fc.array(pair, { maxLength: 4 }), body).map(([filled, first, further, sent]) => {
    const at = filled.reduce((text, [name, value]) => text.replace(`{${name}}`, () => value.replaceAll('?', '')), path)
    const asked = [...new Set([...first, ...further])].filter(Boolean).join('&')
    return { method: method.toUpperCase(), path, url: `${at}?${asked}`, ...(sent === undefined ? {} : { body: sent }) }
  })
}

/** Of all operations alike, however many parameters they have. */
export function madeUpRequests(
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>,
  likely: Likely,
): fc.Arbitrary<MadeUp> {
  return fc.oneof(
    ...Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => requestsOf(path, method, operation, likely)),
    ),
  )
}
