/** Who changed what that steers, or who may steer: entries are only ever added. */

export const AUDITED = [
  'targets_set',
  'north_star_set',
  'action_recorded',
  'action_changed',
  'references_posted',
  'silence_set',
  'silence_ended',
  'alert_acknowledged',
  'key_created',
  'key_revoked',
] as const
export type Audited = (typeof AUDITED)[number]

/**
 * An entry is written before its change: nothing changes unseen. `begun` is what became of one of which nobody could
 * say more, because the service stopped in the middle.
 */
export type AuditOutcome = 'begun' | 'done' | 'failed'

export interface AuditEntry {
  /** of the request that made the change, or of the command */
  readonly id: string
  /** epoch ms */
  readonly at: number
  /** `key` is the id of the key, null where none is needed; never its secret */
  readonly actor: { readonly key: string | null; readonly name: string }
  readonly what: Audited
  /** what it was about: an indicator, an action, a reference, a key */
  readonly subject: string
  /** as the API tells it; null: there was nothing, or it would say nothing */
  readonly before: unknown
  readonly after: unknown
  readonly reason: string
  readonly outcome: AuditOutcome
}

export interface AuditQuestion {
  readonly limit: number
  /** only entries that come after this one in the order of the answer */
  readonly after?: Pick<AuditEntry, 'at' | 'id'>
  readonly actor?: string
  readonly subject?: string
  readonly what?: Audited
}

export interface AuditStore {
  /** Durable when it resolves. The same id again, with its outcome, completes the entry. */
  add(entry: AuditEntry): Promise<void>
  /** the newest first */
  entries(question: AuditQuestion): Promise<readonly AuditEntry[]>
}

/** Makes a change with its entry before it and its outcome after it. Rejects as the change does. */
export async function withAudit<T>(
  store: AuditStore,
  entry: Omit<AuditEntry, 'outcome'>,
  change: () => Promise<T>,
): Promise<T> {
  await store.add({ ...entry, outcome: 'begun' })
  try {
    const result = await change()
    await store.add({ ...entry, outcome: 'done' })
    return result
  } catch (error) {
    // where the store is away it cannot say so: the entry then stays begun, which is what is known
    await store.add({ ...entry, outcome: 'failed' }).catch(() => undefined)
    throw error
  }
}
