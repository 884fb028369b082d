/** How requests are held to their schemas. */
import { Ajv } from 'ajv'
import type { FastifySchemaCompiler } from 'fastify'

const COMMON = { strict: false, allErrors: false, useDefaults: true, removeAdditional: false } as const
/** Parameters are texts, and one that may be repeated may be given once. */
const parameters = { ...COMMON, coerceTypes: 'array' } as const
/** In a body a number is a number: null that is taken for 0 would be a target nobody set. */
const bodies = { ...COMMON, coerceTypes: false } as const

/** Compilers of one service. */
export function createValidatorCompiler(): FastifySchemaCompiler<object> {
  const [ofParameters, ofBodies] = [new Ajv(parameters), new Ajv(bodies)]
  return ({ schema, httpPart }) => (httpPart === 'body' ? ofBodies : ofParameters).compile(schema)
}
