/** What all routes have in common in the OpenAPI document; what is particular to one stands in its own schema. */
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import { type Needed, neededFor, type RouteAccess } from '../access/access.ts'
import { exampleOf } from './examples.ts'
import { PROBLEMS } from './problems.ts'
import { problem } from './schemas.ts'

const TAGS = {
  indicators: 'What is defined, what it is worth now, and how it came there',
  analyses: 'Why: cohorts, funnels, segments, drivers, correlations',
  steering: 'What people set: targets, North Star, actions, reference values',
  alerts: 'What went wrong, who was told, what is silenced',
  live: 'Changes as they happen',
  events: 'What happened, on its way in',
  operations: 'How Kivi itself is, and who changed what',
  prometheus: 'Prometheus’s own API over the indicators, for Grafana and promtool',
} as const

/** The first that fits. */
const TAGS_BY_PATH: ReadonlyArray<readonly [path: RegExp, tag: keyof typeof TAGS]> = [
  [/^\/v1\/(indicators|board)\b/, 'indicators'],
  [/^\/v1\/(targets|north-star|actions|references)\b/, 'steering'],
  [/^\/v1\/(alerts|silences|digests)\b/, 'alerts'],
  [/^\/v1\/stream$/, 'live'],
  [/^\/v1\/events$/, 'events'],
  [/^\/(prometheus|metrics\/indicators)\b/, 'prometheus'],
  [/^\/(v1\/(access|audit|system)|healthz|readyz|metrics|openapi\.json)$/, 'operations'],
  [/^\/v1\//, 'analyses'],
]

const BEARER = 'bearer'

const DESCRIPTION = `Key value indicators: values, series and the board, each with how complete it is.

Times out are RFC 3339 in UTC. A number that is not known is null, with a \`reason\`. Errors are problems (RFC 9457) whose
\`code\` is stable; \`x-problems\` lists them all. Unknown and repeated parameters are refused.`

/**
 * @param secured callers need keys
 */
export const openApiOptions = (secured: boolean): FastifyDynamicSwaggerOptions => ({
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Kivi',
      version: '1',
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'The Kivi that this document comes from' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    components: {
      schemas: { Problem: problem as object },
      ...(secured
        ? {
            securitySchemes: {
              [BEARER]: { type: 'http', scheme: 'bearer', description: 'A key of kivi keys create.' },
            },
          }
        : {}),
    },
  },

  transform({ schema, url, route }) {
    const tag = TAGS_BY_PATH.find(([path]) => path.test(url))?.[1]
    const needed = neededFor([route.method].flat()[0] ?? 'GET', (route.config ?? {}) as RouteAccess)
    const role = needed === 'own' ? 'ingest' : needed
    return {
      url,
      schema: {
        ...schema,
        ...(tag === undefined || schema?.tags !== undefined ? {} : { tags: [tag] }),
        ...(secured ? { security: securityFor(role) } : {}),
        ...(role === 'open' || role === 'any' ? {} : { 'x-role': role }),
      },
    }
  },

  transformObject(documented) {
    if (!('openapiObject' in documented)) return documented.swaggerObject
    const { openapiObject } = documented
    for (const [path, methods] of Object.entries(openapiObject.paths ?? {}))
      for (const operation of Object.values(methods ?? {})) if (isOperation(operation)) complete(path, operation)
    return { ...openapiObject, 'x-problems': PROBLEMS }
  },
})

/** An empty requirement beside another one is how the document says that a key may be left out. */
function securityFor(role: Needed): Array<Record<string, readonly string[]>> {
  if (role === 'open') return []
  return [...(role === 'any' ? [{}] : []), { [BEARER]: [] }]
}

interface Operation {
  readonly tags?: readonly string[]
  readonly parameters?: ReadonlyArray<{ readonly name: string; example?: unknown }>
  readonly responses: Record<string, { description?: string }>
}

const isOperation = (value: unknown): value is Operation =>
  typeof value === 'object' && value !== null && 'responses' in value

/** Every operation may end in a problem; Prometheus's own API tells its errors in Prometheus's way. */
function complete(path: string, { tags, parameters = [], responses }: Operation): void {
  for (const parameter of parameters) {
    const example = exampleOf(path, parameter.name)
    if (example !== undefined) parameter.example = example
  }
  for (const [status, response] of Object.entries(responses))
    if (response.description === 'Default Response')
      response.description = status === '201' ? 'It was made' : 'What was asked for'
  if (tags?.includes('prometheus') === true && responses['default'] !== undefined) return
  responses['default'] = {
    description: 'A problem; `code` says which and `detail` what to do',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  } as object
}
