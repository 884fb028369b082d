import { hasRole, type Role } from '@kivi/domain'
import type { Keyring } from '@kivi/service-kit'
import { Problem } from './problem.ts'

const HOW = 'send the header Authorization: Bearer KEY. kivi keys create makes a key.'

/** Throws a problem unless the header has a key with the role. */
export async function requireRole(
  keys: Pick<Keyring, 'present'>,
  authorization: string | undefined,
  needed: Role,
): Promise<void> {
  const presented = await keys.present(authorization)
  if (presented.kind === 'none') throw new Problem('key_missing', `This Kivi answers to keys only: ${HOW}`)
  if (presented.kind === 'unknown')
    throw new Problem('key_unknown', `The key was revoked, or is none of this Kivi: ${HOW}`)
  const { name, roles, scope } = presented.key
  // nothing says whose events are: a key that is limited to a part cannot be held to it here
  if (!hasRole(roles, needed) || scope !== null)
    throw new Problem(
      'key_lacks_role',
      `The key ${name} has the role ${roles.join(', ')}${scope === null ? '' : ', for a part only'}, and this needs ${needed}: use a key that has it.`,
    )
}
