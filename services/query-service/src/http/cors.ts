import cors from '@fastify/cors'
import type { FastifyInstance } from 'fastify'

const PREFLIGHT_SECONDS = 600

/**
 * Lets pages of these origins ask from browsers; all others stay shut out by the browser. A key travels in a header
 * that the page sets itself: no cookie of the user's opens anything, so `credentials` are not allowed.
 */
export async function allowOrigins(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return
  await app.register(cors, {
    origin: [...origins],
    methods: ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'],
    allowedHeaders: ['accept', 'authorization', 'content-type', 'if-none-match', 'last-event-id'],
    exposedHeaders: ['etag', 'retry-after', 'x-request-id', 'content-disposition'],
    maxAge: PREFLIGHT_SECONDS,
    strictPreflight: false,
  })
}
