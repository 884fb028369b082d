import { Socket } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { callerOf, LIMITED, viewOf } from '../access/access.ts'
import type { AskedBoard } from '../answer-service.ts'
import { acceptable } from '../http/rendered.ts'
import { parameters, problem } from '../http/schemas.ts'
import type { Sink } from './client.ts'
import type { LiveHub } from './hub.ts'

const STREAM_TYPE = 'text/event-stream'

/** How often the operating system asks a silent connection whether it is still there, ms. */
const PROBE_MS = 30_000

const HEADERS = {
  'content-type': `${STREAM_TYPE}; charset=utf-8`,
  // neither kept nor gathered up to be compressed on the way
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
}

/** A connection that stays: its time says nothing of how quickly requests are answered. */
const LASTING = { ...LIMITED, lasting: true }

export function registerLive(app: FastifyInstance, hub: LiveHub): void {
  // before the server closes: it waits for requests that are being answered
  app.addHook('preClose', () => hub.stop())
  app.get<{ Querystring: AskedBoard }>(
    '/v1/stream',
    {
      config: LASTING,
      exposeHeadRoute: false,
      schema: {
        operationId: 'stream',
        summary: 'The board and alerts as they change, as server-sent events',
        querystring: parameters.board,
        headers: {
          type: 'object',
          properties: {
            'last-event-id': { type: 'string', description: 'Id of the last event that the client has.' },
          },
        },
        response: {
          200: {
            description: 'Events `board`, `freshness`, `alert`, `start_over`, `problem`, `end`',
            content: { [STREAM_TYPE]: { schema: { type: 'string' } } },
          },
          default: {
            description: 'A problem (RFC 9457)',
            content: { 'application/problem+json': { schema: problem } },
          },
        },
      },
    },
    async (request, reply) => {
      acceptable(request, [STREAM_TYPE])
      const lastEventId = request.headers['last-event-id']
      const admission = await hub.admit({
        view: viewOf(request),
        caller: callerOf(request),
        asked: request.query,
        lastEventId: typeof lastEventId === 'string' ? lastEventId : undefined,
      })
      // who left while the first board was made needs none
      if (request.raw.destroyed || reply.raw.destroyed) admission.leave()
      else admission.join(open(request, reply))
      return reply
    },
  )
}

/** From here on fastify has nothing to do with the answer. */
function open(request: FastifyRequest, reply: FastifyReply): Sink {
  const { raw } = reply
  reply.hijack()
  const { socket } = request.raw
  if (socket instanceof Socket) socket.setKeepAlive(true, PROBE_MS)
  // nothing else comes through a connection whose stream has ended
  raw.shouldKeepAlive = false
  for (const [name, value] of Object.entries({ ...reply.getHeaders(), ...HEADERS }))
    if (value !== undefined) raw.setHeader(name, value)
  raw.writeHead(200)
  raw.on('error', () => raw.destroy())
  return {
    write(bytes, taken) {
      const last = bytes.length - 1
      raw.cork()
      bytes.forEach((piece, index) => {
        if (index < last) raw.write(piece)
        else raw.write(piece, () => taken())
      })
      raw.uncork()
    },
    onClose: listener => void raw.on('close', listener),
    end: () => void raw.end(),
    destroy: () => void raw.destroy(),
  }
}
