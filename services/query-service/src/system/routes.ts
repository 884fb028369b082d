import type { FastifyInstance } from 'fastify'
import { describe } from '../http/described.ts'
import { sendAnswer } from '../http/rendered.ts'
import { answerSystem, type SystemAnswer, type SystemDeps } from './answer.ts'
import { system } from './schemas.ts'

/** However many look at the page, the sources are asked no oftener. */
const MAX_AGE_MS = 2_000

/** `GET /v1/system`: how Kivi itself does. */
export function registerSystem(app: FastifyInstance, deps: SystemDeps): void {
  let latest: { readonly at: number; readonly answer: Promise<SystemAnswer> } | null = null
  const current = (): Promise<SystemAnswer> => {
    const at = deps.now()
    if (latest === null || at < latest.at || at - latest.at >= MAX_AGE_MS) latest = { at, answer: answerSystem(deps) }
    return latest.answer
  }
  const { schema } = describe({
    operationId: 'system',
    summary: 'How Kivi itself does: partitions, ledger, dead letters, derived tables, versions',
    answer: system,
  })
  // of everything: a key that is limited has no part of it
  app.get('/v1/system', { schema }, async (request, reply) => sendAnswer(request, reply, await current()))
}
