/** Keys by which callers of the HTTP services are told apart. */

/** From the least to the most; `admin` may do all that the others may, `steer` may read. */
export const ROLES = ['ingest', 'read', 'steer', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** The part of the numbers that a key may see. */
export interface Scope {
  /** only indicators that this owner answers for; null: of all owners */
  readonly owner: string | null
  /** only what happened with these values of these dimensions; empty: everything */
  readonly dimensions: Readonly<Record<string, readonly string[]>>
}

export interface ApiKey {
  /** public: by it people speak of the key */
  readonly id: string
  /** SHA-256 of the secret, hex; the secret itself is nowhere */
  readonly hash: string
  readonly name: string
  readonly roles: readonly Role[]
  /** null: everything */
  readonly scope: Scope | null
  /** epoch ms */
  readonly createdAt: number
  readonly revokedAt: number | null
  /** to within an hour; null: never yet */
  readonly lastUsedAt: number | null
}

/** Durable when a write resolves. A revocation is for ever, whatever is written at the same time. */
export interface KeyStore {
  add(key: ApiKey): Promise<void>
  revoke(key: ApiKey, at: number): Promise<void>
  used(key: ApiKey, at: number): Promise<void>
  /** all that there ever were, oldest first */
  keys(): Promise<readonly ApiKey[]>
}

/** May somebody with these roles do what needs this one? */
export function hasRole(roles: readonly Role[], needed: Role): boolean {
  if (roles.includes(needed) || roles.includes('admin')) return true
  return needed === 'read' && roles.includes('steer')
}
