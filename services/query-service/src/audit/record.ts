import { type AuditEntry, type AuditStore, withAudit } from '@kivi/domain'
import type { FastifyRequest } from 'fastify'
import { actorOf } from '../access/access.ts'

/** A change as its route tells it. */
interface Change extends Pick<AuditEntry, 'what' | 'subject' | 'before' | 'after'> {
  readonly reason?: string
  /** who says they did it, where no key says who they are */
  readonly setBy?: string
}

/** Makes a change that stands in the audit. */
export type Audited = <T>(request: FastifyRequest, change: Change, work: () => Promise<T>) => Promise<T>

/**
 * @param store null: there is none, as in a service of tests; then nothing is written down
 */
export const createAudited =
  (store: AuditStore | null, now: () => number): Audited =>
  (request, { setBy, reason = '', ...change }, work) => {
    if (store === null) return work()
    const { key, name } = actorOf(request)
    return withAudit(
      store,
      { ...change, reason, id: request.id, at: now(), actor: { key, name: name ?? setBy ?? 'api' } },
      work,
    )
  }
