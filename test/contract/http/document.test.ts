import { readFile } from 'node:fs/promises'
import { Validator } from '@seriousme/openapi-schema-validator'
import { beforeAll, expect, test } from 'vitest'
import { type OpenApi, type Operation, openApiDocument, type Schema } from './document.ts'

let document: OpenApi
let operations: Array<[name: string, operation: Operation]>

beforeAll(async () => {
  document = await openApiDocument()
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [`${method} ${path}`, operation]),
  )
})

test('the document is valid OpenAPI 3.1', async () => {
  const validator = new Validator()
  const result = await validator.validate(structuredClone(document) as unknown as Record<string, unknown>)
  expect(result).toEqual({ valid: true })
  expect(validator.version).toBe('3.1')
})

test('a document that is not valid is told from one that is', async () => {
  const wrong = { ...structuredClone(document), paths: { '/v1/board': { get: { responses: { 200: {} } } } } }
  expect((await new Validator().validate(wrong as never)).valid).toBe(false)
})

test('every operation has a name of its own, a sentence and a place', () => {
  expect(operations.length).toBeGreaterThan(35)
  const names = operations.map(([, { operationId }]) => operationId)
  expect([...new Set(names)]).toEqual(names)
  for (const [name, { operationId, summary, tags }] of operations) {
    expect(operationId, name).toMatch(/^[a-z][A-Za-z]+$/)
    expect(summary, name).toMatch(/^[A-Z].{7,}[^.]$/)
    expect(tags, name).toHaveLength(1)
  }
})

test('every parameter is described, and says by an example, a list or a limit what it takes', () => {
  const parameters = operations.flatMap(([name, operation]) =>
    (operation.parameters ?? []).map(parameter => ({ ...parameter, name: `${name} ${parameter.name}` })),
  )
  expect(parameters.length).toBeGreaterThan(100)
  for (const { name, description, example, schema } of parameters) {
    expect(description, name).toMatch(/^.{10,}$/s)
    expect(example ?? schema.enum ?? schema['default'], name).toBeDefined()
  }
})

test('every operation says what it answers, and what a problem looks like', () => {
  for (const [name, { responses }] of operations) {
    const success = responses['200'] ?? responses['201'] ?? responses['204']
    expect(success, name).toBeDefined()
    for (const { schema } of Object.values(success?.content ?? {})) expect(Object.keys(schema), name).not.toEqual([])
    const wrong = Object.keys(responses['default']?.content ?? {})
    expect(wrong, name).toEqual([name.includes('/prometheus/') ? 'application/json' : 'application/problem+json'])
  }
})

test('an address without keys says so, and one with keys which it wants', async () => {
  for (const [name, { security }] of operations) expect(security, name).toBeUndefined()
  const secured = await openApiDocument({ keys: true })
  const open = Object.entries(secured.paths).flatMap(([path, methods]) =>
    Object.values(methods)
      .filter(({ security }) => security?.length === 0)
      .map(() => path),
  )
  expect(open.sort()).toEqual(['/healthz', '/openapi.json', '/prometheus/api/v1/status/buildinfo', '/readyz'])
  expect(secured.paths['/v1/board']?.['get']?.security).toEqual([{ bearer: [] }])
  expect(secured.paths['/v1/access']?.['get']?.security).toEqual([{}, { bearer: [] }])
  expect(secured.components.securitySchemes).toMatchObject({ bearer: { type: 'http', scheme: 'bearer' } })
})

test('whatever can be missing is declared nullable: values, targets and what is made of them', () => {
  const nullable = ['value', 'target', 'attainment', 'change', 'slope', 'rate', 'ratio', 'median', 'share', 'mean']
  const found = new Set<string>()
  const look = (schema: Schema): void => {
    for (const [name, part] of Object.entries((schema['properties'] ?? {}) as Record<string, Schema>)) {
      const types = [part['type']].flat()
      if (nullable.includes(name) && types.includes('null')) found.add(name)
      look(part)
    }
    if (schema['items'] !== undefined) look(schema['items'] as Schema)
  }
  for (const [, { responses }] of operations)
    for (const { schema } of Object.values(responses['200']?.content ?? {})) look(schema)
  for (const name of ['value', 'target', 'attainment', 'change', 'rate', 'ratio', 'median', 'mean'])
    expect(found, name).toContain(name)
})

test('docs/api.md has every address', async () => {
  const read = (page: string) => readFile(new URL(`../../../docs/${page}.md`, import.meta.url), 'utf8')
  const [api, prometheus] = await Promise.all([read('api'), read('prometheus')])
  for (const path of Object.keys(document.paths)) {
    const [, asked] = /^\/prometheus\/api\/v1(.+)$/.exec(path) ?? []
    if (asked === undefined) expect(api, path).toContain(path)
    else expect(prometheus, path).toContain(asked.replace('{name}', 'NAME'))
  }
})
