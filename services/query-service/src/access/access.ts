import { ROLES, type Role } from '@kivi/domain'
import type { FastifyContextConfig, FastifyRequest } from 'fastify'
import { ALL, type View } from './view.ts'

/** Who asks, and what of the numbers they may see. */
export interface Access {
  /** name of the key; null where none is needed */
  readonly name: string | null
  /** id of the key, by which people speak of it; null where none is needed */
  readonly key: string | null
  /** hash of the key, by which its requests are told from others'; null where none is needed */
  readonly hash: string | null
  /** all that may be done, those that another role implies too */
  readonly roles: readonly Role[]
  readonly view: View
}

/** Where no keys are needed, whoever reaches the service may do everything. */
export const EVERYONE: Access = { name: null, key: null, hash: null, roles: ROLES, view: ALL }
/** Where keys are needed and none was sent: gets to what is open to all, and to nothing else. */
export const NOBODY: Access = { ...EVERYONE, roles: [] }

/**
 * What an address needs of the key: a role; `open`: none, since it tells nothing that is not in every copy of Kivi;
 * `any`: none, but one that is sent has to be known; `own`: whoever serves it looks at the key itself.
 */
export type Needed = Role | 'open' | 'any' | 'own'

/** What a route declares of itself, as its `config`. */
export interface RouteAccess {
  /** default: read for GET, else steer */
  readonly needs?: Needed
  /**
   * It answers within the view of the key (`viewOf`). A route that does not say so refuses keys that are limited, so
   * that one that nobody thought through shows nothing.
   */
  readonly limited?: boolean
}

/** What a route needs of a key. */
export function neededFor(method: string, { needs }: RouteAccess): Needed {
  if (needs !== undefined) return needs
  return method === 'GET' || method === 'HEAD' ? 'read' : 'steer'
}

export const OPEN: RouteAccess & FastifyContextConfig = { needs: 'open' }
export const LIMITED: RouteAccess & FastifyContextConfig = { limited: true }

export const DECORATOR = 'access'

/** Who sends this request. */
export const accessOf = (request: FastifyRequest): Access => request.getDecorator<Access>(DECORATOR)

/** What the sender may see. */
export const viewOf = (request: FastifyRequest): View => accessOf(request).view

/** Hash of the key that the sender has; null where none is needed. */
export const callerOf = (request: FastifyRequest): string | null => accessOf(request).hash

/** Whose key the sender has; null where none is needed. */
export const actorOf = (request: FastifyRequest): Pick<Access, 'key' | 'name'> => accessOf(request)

/** What was sent, signed: where keys are needed the name of the key counts, whoever the sender says to be. */
export function signed<T extends { readonly set_by?: string }>(request: FastifyRequest, sent: T): T {
  const { name } = accessOf(request)
  return name === null ? sent : { ...sent, set_by: name }
}
