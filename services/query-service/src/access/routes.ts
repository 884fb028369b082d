import { ROLES } from '@kivi/domain'
import type { FastifyContextConfig, FastifyInstance } from 'fastify'
import { describe } from '../http/described.ts'
import { sendAnswer, varies } from '../http/rendered.ts'
import { boolean, described, list, nullable, nullableString, object, oneOf, strings } from '../http/shapes.ts'
import { accessOf, type RouteAccess } from './access.ts'

const scope = object({
  owner: described(nullableString, 'Only indicators that this owner answers for; null: of all owners.'),
  dimensions: described(
    { type: 'object', additionalProperties: strings },
    'Only what happened with one of these values of each of these dimensions; empty: everything.',
  ),
})

const ANSWER = object({
  protected: described(boolean, 'Whether this Kivi answers to keys only.'),
  name: described(nullableString, 'Of the key; null: none was sent, or none is needed.'),
  key: described(nullableString, 'Id of the key, by which the audit and kivi keys know it; never the key itself.'),
  roles: described(
    list(oneOf(ROLES)),
    'All that the sender may do, those that another role implies too; empty: nothing without a key.',
  ),
  scope: described(nullable(scope), 'The part of the numbers that the key sees; null: all of them.'),
})

/** `GET /v1/access`: what the sender may do. A page shows no button by it that would only be refused. */
export function registerAccess(app: FastifyInstance, { isProtected }: { readonly isProtected: boolean }): void {
  const { schema } = describe({
    operationId: 'access',
    summary: 'What the sender of this request may do here, and whether keys are needed',
    answer: ANSWER,
  })
  const config: RouteAccess & FastifyContextConfig = { needs: 'any', limited: true }
  app.get('/v1/access', { config, schema }, async (request, reply) => {
    const { name, key, roles, view } = accessOf(request)
    // said with the answer to nobody, too: with a key the same address tells something else
    if (isProtected && key === null) varies(reply, 'authorization')
    return sendAnswer(request, reply, { protected: isProtected, name, key, roles, scope: view.scope })
  })
}
