/**
 * What the document tells of Prometheus's API. Nothing is checked by it: parameters are read as Prometheus reads them,
 * of a form too, and answers and errors are told as it tells them.
 */
import type { FastifySchema } from 'fastify'

const string = (description: string) => ({ type: 'string', description })
const strings = (description: string) => ({ type: 'array', items: { type: 'string' }, description })
const time = (what: string) => string(`${what}: seconds since 1970 or an RFC 3339 time.`)

const PARAMETERS = {
  query: string('What to evaluate, in PromQL.'),
  time: time('When to evaluate it; default now'),
  start: time('Beginning, inclusive'),
  end: time('End, inclusive'),
  step: string('Seconds between points, or a duration such as 30s.'),
  'match[]': strings('Selectors of series; of several, those of any.'),
  metric: string('Only of this metric.'),
  limit: { type: 'integer', minimum: 0, description: 'Most items; 0: all.' },
} as const

const answer = {
  type: 'object',
  required: ['status', 'data'],
  properties: {
    status: { type: 'string', enum: ['success'] },
    data: { description: 'As Prometheus answers it.' },
    warnings: strings('What the answer leaves out.'),
    infos: strings('What is odd about the query.'),
  },
} as const

const error = {
  description: 'An error as Prometheus tells it',
  content: {
    'application/json': {
      schema: {
        type: 'object',
        required: ['status', 'errorType', 'error'],
        properties: {
          status: { type: 'string', enum: ['error'] },
          errorType: { type: 'string' },
          error: string('What to do about it.'),
        },
      },
    },
  },
} as const

/** The route's place in the document, and that neither its parameters nor its answers are touched by it. */
export function documented(
  operationId: string,
  summary: string,
  parameters: Partial<Record<keyof typeof PARAMETERS, 'required' | 'optional'>> = {},
  params?: Readonly<Record<string, string>>,
) {
  const names = Object.keys(parameters) as Array<keyof typeof PARAMETERS>
  const schema: FastifySchema = {
    operationId,
    summary,
    querystring: {
      type: 'object',
      required: names.filter(name => parameters[name] === 'required'),
      properties: Object.fromEntries(names.map(name => [name, PARAMETERS[name]])),
    },
    ...(params === undefined
      ? {}
      : {
          params: {
            type: 'object',
            properties: Object.fromEntries(Object.entries(params).map(([name, text]) => [name, string(text)])),
          },
        }),
    response: { 200: answer, default: error },
  }
  return {
    schema,
    validatorCompiler: () => () => true,
    serializerCompiler: () => (data: unknown) => JSON.stringify(data),
  }
}
