import openapiTypescript, { astToString } from 'openapi-typescript'
import { beforeAll, expect, test } from 'vitest'
import { type OpenApi, openApiDocument } from './document.ts'

const METHODS = ['get', 'put', 'post', 'delete'] as const
const GENERATED = new URL('../../../packages/client/src/generated/', import.meta.url)
const HEAD = '// Generated from the OpenAPI document by npm run client:generate; a test holds it to that.\n'

let document: OpenApi
beforeAll(async () => {
  document = await openApiDocument()
})

const file = (name: string): string => new URL(name, GENERATED).pathname

test('the types of packages/client are those of the document (npm run client:generate writes them)', async () => {
  const ast = await openapiTypescript(structuredClone(document) as never, { alphabetize: false, immutable: true })
  await expect(HEAD + astToString(ast)).toMatchFileSnapshot(file('schema.ts'))
})

test('the operations of packages/client are those of the document', async () => {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    METHODS.flatMap(method => {
      const operation = methods[method]
      // what is sent as a form is a second way of asking the same
      const types = Object.keys(operation?.requestBody?.content ?? { 'application/json': {} })
      return operation === undefined || !types.includes('application/json')
        ? []
        : [`  ${operation.operationId}: { method: '${method.toUpperCase()}', path: '${path}' },`]
    }),
  )
  const problems = Object.entries(document['x-problems']).map(([code, { status }]) => `  ${code}: ${status},`)
  const text = [
    HEAD,
    '/** Method and path of each operation. */',
    'export const OPERATIONS = {',
    ...operations,
    '} as const\n',
    '/** Codes of problems, and the status that each comes with. */',
    'export const PROBLEMS = {',
    ...problems,
    '} as const\n',
    'export type ProblemCode = keyof typeof PROBLEMS\n',
  ].join('\n')
  await expect(text).toMatchFileSnapshot(file('operations.ts'))
})
