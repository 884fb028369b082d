/** Stands before every route: who asks, how often, and may they. */
import rateLimit from '@fastify/rate-limit'
import { hasRole, ROLES, type Role } from '@kivi/domain'
import { type Keyring, keyRefusal, type Presented } from '@kivi/service-kit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { send } from '../http/errors.ts'
import type { ProblemCode } from '../http/problems.ts'
import { type Access, DECORATOR, EVERYONE, NOBODY, neededFor, type RouteAccess } from './access.ts'
import { describeScope, viewFor } from './view.ts'

export interface GuardOptions {
  /** null: no keys are needed */
  readonly keys: Keyring | null
  /** most requests a minute by one key, or from one address where no keys are needed; null: any number */
  readonly perMinute: number | null
}

interface Refusal {
  readonly code: ProblemCode
  readonly detail: string
  readonly challenge: string | null
}

const MINUTE_MS = 60_000
/** Callers whose rate is remembered; who comes after them takes the place of the one heard of longest ago. */
const MOST_CALLERS = 10_000

/** Registers the guard; it knows only routes that are registered after it. */
export async function guard(app: FastifyInstance, { keys, perMinute }: GuardOptions): Promise<void> {
  app.decorateRequest(DECORATOR, null)
  await app.register(rateLimit, { global: false, max: perMinute ?? 1, timeWindow: MINUTE_MS, cache: MOST_CALLERS })
  const callers = new WeakMap<FastifyRequest, string>()
  const takes = app.createRateLimit({ keyGenerator: request => callers.get(request) ?? request.ip })

  app.addHook('onRequest', async (request, reply) => {
    const route = request.routeOptions.config as RouteAccess
    // whether an address is there is told to whoever may read
    const needed = request.is404 ? 'read' : neededFor(request.method, route)
    request.setDecorator<Access>(DECORATOR, EVERYONE)
    if (needed === 'open' || needed === 'own') return
    const presented: Presented | null = keys === null ? null : await keys.present(request.headers.authorization)
    if (presented?.kind === 'key') callers.set(request, `key ${presented.key.hash}`)
    if (perMinute !== null) {
      const taken = await takes(request)
      if (!taken.isAllowed && taken.isExceeded) return tooMany(request, reply, perMinute, taken.ttlInSeconds)
    }
    if (presented === null) return
    request.setDecorator<Access>(DECORATOR, NOBODY)
    if (presented.kind === 'key') {
      const { id, name, hash, roles: given, scope } = presented.key
      const roles = ROLES.filter(role => hasRole(given, role))
      // who is refused is told by name
      request.setDecorator<Access>(DECORATOR, { name, key: id, hash, roles, view: viewFor(scope) })
    }
    if (needed === 'any' && presented.kind !== 'unknown') return
    const refusal = refusalOf(presented, needed, route.limited === true || request.is404)
    if (refusal === null) return
    if (refusal.challenge !== null) reply.header('www-authenticate', refusal.challenge)
    return send(request, reply, refusal.code, refusal.detail)
  })
}

function refusalOf(presented: Presented, needed: Role | 'any', limited: boolean): Refusal | null {
  const refusal = keyRefusal(presented, needed === 'any' ? 'read' : needed, { limited: true })
  if (refusal !== null || presented.kind !== 'key') return refusal
  const { name, scope } = presented.key
  if (scope === null || limited) return null
  return {
    code: 'out_of_scope',
    detail: `The key ${name} is limited to ${describeScope(scope)}, and this address answers for everything: ask with a key that is not limited.`,
    challenge: null,
  }
}

function tooMany(request: FastifyRequest, reply: FastifyReply, perMinute: number, seconds: number): FastifyReply {
  reply.header('retry-after', String(Math.max(1, seconds)))
  return send(
    request,
    reply,
    'too_many_requests',
    `More than ${perMinute} requests in a minute: go on in ${Math.max(1, seconds)} s, and ask with If-None-Match no oftener than once a second. KIVI_RATE_LIMIT is the limit.`,
  )
}
