/** What routes that answer within the view of a key have in common: how they are declared. */
import { LIMITED } from '../access/access.ts'
import { format, NONE } from './parameters.ts'
import { CSV_TYPE, JSON_TYPE } from './rendered.ts'
import { unchanged } from './schemas.ts'

interface Described {
  readonly operationId: string
  readonly summary: string
  readonly answer: object
  readonly query?: { readonly properties: object; readonly required: readonly string[] }
  readonly params?: object
}

/** A route that answers a question. `table`: its answer is one, too, and can be had as CSV. */
export function describe({
  answer,
  query = NONE,
  params,
  table = false,
  ...named
}: Described & { readonly table?: boolean }) {
  return {
    config: LIMITED,
    schema: {
      ...named,
      querystring: table ? { ...query, properties: { ...query.properties, format } } : query,
      ...(params === undefined ? {} : { params }),
      response: {
        200: table
          ? { content: { [JSON_TYPE]: { schema: answer }, [CSV_TYPE]: { schema: { type: 'string' } } } }
          : answer,
        304: unchanged,
      },
    },
  }
}

/** A route that changes something. `makes`: it answers 201 where what it answers was not there before. */
export function describeChange({
  answer,
  query = NONE,
  params,
  body,
  makes = false,
  ...named
}: Described & { readonly body?: object; readonly makes?: boolean }) {
  return {
    config: LIMITED,
    schema: {
      ...named,
      querystring: query,
      ...(params === undefined ? {} : { params }),
      ...(body === undefined ? {} : { body }),
      response: { 200: answer, ...(makes ? { 201: answer } : {}) },
    },
  }
}
