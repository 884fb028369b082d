import { isIPv4 } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { send } from './errors.ts'

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Headers of every answer. */
export const SECURITY_HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const

/** Sets the headers of every answer, and is the guard of a service that is open to this machine only. */
export function protect(app: FastifyInstance, options: { readonly loopback: boolean }): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS).header('x-request-id', request.id)
    // without keys, a web site could point its own name at 127.0.0.1 and read everything (DNS rebinding)
    if (options.loopback && !isOwnName(request.hostname))
      return send(
        request,
        reply,
        'forbidden_host',
        `Ask for localhost or 127.0.0.1: this service is open to this machine only and does not answer as ${request.hostname}.`,
      )
  })
}

function isOwnName(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '')
  return (
    name === 'localhost' || name.endsWith('.localhost') || name === '::1' || (isIPv4(name) && name.startsWith('127.'))
  )
}
