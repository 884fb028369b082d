/** What callers are told whose key does not do, the same by every service. */
import { hasRole, type Role } from '@kivi/domain'
import type { Presented } from './keyring.ts'
import type { ProblemKind } from './problem-details.ts'

export const KEY_PROBLEMS = {
  key_missing: { status: 401, title: 'The request has no key' },
  key_unknown: { status: 401, title: 'The key of the request is none of this Kivi' },
  key_lacks_role: { status: 403, title: 'The key does not have the role that this needs' },
  keys_unread: { status: 503, title: 'The keys cannot be read at the moment' },
} as const satisfies Readonly<Record<string, ProblemKind>>

export interface KeyRefusal {
  readonly code: 'key_missing' | 'key_unknown' | 'key_lacks_role'
  readonly detail: string
  /** the header `WWW-Authenticate`; null: another key would not be asked for */
  readonly challenge: string | null
}

const HOW = 'send the header Authorization: Bearer KEY. kivi keys create makes a key.'

/** Null: the caller may. `limited`: keys that are limited to a part may too. */
export function keyRefusal(
  presented: Presented,
  needed: Role,
  { limited }: { readonly limited: boolean },
): KeyRefusal | null {
  switch (presented.kind) {
    case 'none':
      return {
        code: 'key_missing',
        detail: `This Kivi answers to keys only: ${HOW}`,
        challenge: 'Bearer realm="kivi"',
      }
    case 'unknown':
      return {
        code: 'key_unknown',
        detail: `The key was revoked, or is none of this Kivi: ${HOW}`,
        challenge: 'Bearer realm="kivi", error="invalid_token"',
      }
    case 'key': {
      const { name, roles, scope } = presented.key
      if (hasRole(roles, needed) && (limited || scope === null)) return null
      const has = `${roles.join(', ')}${limited || scope === null ? '' : ', for a part only'}`
      return {
        code: 'key_lacks_role',
        detail: `The key ${name} has the role ${has}, and this needs ${needed}: use a key that has it.`,
        challenge: null,
      }
    }
  }
}
